"""From what the ends of `steppe route` are called to its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_ends import GRID, MESH, PARKS, PROPOSED, TARGETS, TREE, part_names
from steppe.planfile.route_entry import MOST_KM
from steppe.routes.answering import (
    Answer,
    View,
    answer_along,
    answer_alternatives,
    answer_frontier,
    answer_one,
    answer_pair,
    answer_pair_along,
    answer_tree,
)
from steppe.routes.ends import End, find_end, list_parks, list_targets
from steppe.routes.many_routes import answer_matrix, answer_mesh, answer_tie_lines
from steppe.routes.proposed_ends import list_proposed
from steppe.routes.searching import Asked
from steppe.screening.grid import LEAST_CELL_M, MOST_CELL_M


@dataclass(frozen=True)
class Question:
    """What is asked of `steppe route`.

    Parameters
    ----------
    start, end
        What the ends are called: ids or places, several by commas, or what stands for many.
    is_pair
        Whether two routes apart are wanted.
    aparts_km
        Distances whose pairs are wanted.
    n_ways
        How many alternatives.
    over
        A layer or an extract whose lines they run along; None over the ground.
    is_disjoint
        Whether two routes are wanted that share nothing, along lines.
    apart_km, end_zone_km
        The plan's where None.
    keep_off
        Cables.
    """

    start: str
    end: str
    is_pair: bool = False
    aparts_km: tuple[float, ...] = ()
    n_ways: int | None = None
    over: str | None = None
    is_disjoint: bool = False
    apart_km: float | None = None
    end_zone_km: float | None = None
    keep_off: tuple[str, ...] = ()


def answer(
    inputs: Inputs, question: Question, view: View, *, proposed: Sequence[End] | None = None
) -> Answer:
    """Answer a question for new routes.

    Parameters
    ----------
    inputs
        What was read.
    question
        What is asked.
    view
        How the ground is looked at.
    proposed
        Sites of a screening of this plan; None to screen it where the question names them.

    Raises
    ------
    InputError
        For what cannot be asked, and where no route is.
    """
    _refuse_view(view)
    starts = list_ends(inputs, question.start, where="A", proposed=proposed)
    if question.end == GRID:
        _refuse_beside(question, GRID)
        return answer_tie_lines(inputs, starts, view)
    goals = starts
    if question.end not in (MESH, TREE):
        goals = list_ends(inputs, question.end, where="B", proposed=proposed)
    entry = inputs.plan.route
    asked = Asked(
        starts[0],
        goals[0],
        entry.apart_km if question.apart_km is None else question.apart_km,
        entry.end_zone_km if question.end_zone_km is None else question.end_zone_km,
        question.keep_off,
    )
    for name, value, least in (
        ("--apart-km", asked.apart_km, 1e-6),
        ("--end-zone-km", asked.end_zone_km, 0.0),
    ):
        _refuse_distance(name, value, least)
    if question.end in (MESH, TREE) and len(starts) == 1:
        what = tell("fault.route.few_ends", what=question.end)
        raise InputError(Problem(starts[0].end_id, what, tell("fix.route.few_ends")))
    if question.is_disjoint and question.over is None:
        raise InputError(
            Problem("--disjoint", tell("fault.route.lines_alone"), tell("fix.route.lines_alone"))
        )
    if question.end == TREE:
        _refuse_beside(question, TREE)
        return _ask_tree(inputs, question, starts, view)
    if question.end == MESH:
        _refuse_beside(question, MESH)
        return answer_mesh(inputs, starts, asked, view)
    if len(starts) > 1 or len(goals) > 1:
        _refuse_beside(question, f"{question.start} {question.end}")
        return answer_matrix(inputs, starts, goals, asked, view)
    return _ask_two(inputs, question, asked, view)


def _refuse_view(view: View) -> None:
    """Refuse cells that no search takes, and a margin that is no distance."""
    if view.cell_m is not None and not LEAST_CELL_M <= view.cell_m <= MOST_CELL_M:
        what = tell("fault.screen.cell", value=view.cell_m, least=LEAST_CELL_M, most=MOST_CELL_M)
        raise InputError(Problem("--cell-m", what, tell("fix.correct")))
    if view.margin_km is not None:
        _refuse_distance("--margin-km", view.margin_km, 0.0)


def _refuse_distance(name: str, value: float, least: float) -> None:
    if not least <= value <= MOST_KM:
        what = tell("fault.route.distance", value=value)
        raise InputError(Problem(name, what, tell("fix.route.distance")))


def _ask_two(inputs: Inputs, question: Question, asked: Asked, view: View) -> Answer:
    """Return what is asked of two ends."""
    if question.over is not None:
        return _ask_along(inputs, question, asked, view, question.over)
    if question.aparts_km:
        return answer_frontier(inputs, asked, question.aparts_km, view)
    if question.is_pair:
        return answer_pair(inputs, asked, view)
    if question.n_ways is not None:
        return answer_alternatives(inputs, asked, question.n_ways, view)
    return answer_one(inputs, asked, view)


def _ask_along(inputs: Inputs, question: Question, asked: Asked, view: View, over: str) -> Answer:
    """Return what is asked of two ends along lines."""
    if question.aparts_km or question.n_ways:
        what, fix = tell("fault.route.ground_alone"), tell("fix.route.ground_alone")
        raise InputError(Problem("--over", what, fix))
    if question.is_pair:
        return answer_pair_along(inputs, asked, view, over, is_disjoint=False)
    if question.is_disjoint:
        return answer_pair_along(inputs, asked, view, over, is_disjoint=True)
    return answer_along(inputs, asked, view, over)


def _ask_tree(inputs: Inputs, question: Question, ends: Sequence[End], view: View) -> Answer:
    if question.over is None:
        raise InputError(
            Problem(TREE, tell("fault.route.lines_alone"), tell("fix.route.lines_alone"))
        )
    return answer_tree(inputs, ends, view, question.over)


def list_ends(
    inputs: Inputs, asked: str, *, where: str, proposed: Sequence[End] | None = None
) -> list[End]:
    """Return the ends that a text names: one, several by commas, or what stands for many.

    Parameters
    ----------
    inputs
        What was read.
    asked
        The text.
    where
        What it was given as, for the fault.
    proposed
        See `answer`.

    Raises
    ------
    InputError
        For a name that there is not.
    """
    if asked == PARKS:
        return list_parks(inputs)
    if asked == TARGETS:
        return list_targets(inputs)
    if asked == PROPOSED:
        return list_proposed(inputs) if proposed is None else list(proposed)
    return [find_end(inputs, name, where=where) for name in dict.fromkeys(part_names(asked))]


def _refuse_beside(question: Question, where: str) -> None:
    """Refuse what is asked of two ends alone."""
    asked = (question.is_pair, question.is_disjoint, question.aparts_km, question.n_ways)
    if any(asked) or question.keep_off or (question.over and where != TREE):
        raise InputError(Problem(where, tell("fault.route.two_ends"), tell("fix.route.two_ends")))
