"""What two ways that keep their distance cost together at the least.

The graph is cut into slices by how far along its nodes lie, `ApartQuestion.level`.  Both ways come to each
slice's border for the first time somewhere, and there their nodes must be apart.  The least cost of two ways that
are apart at these borders alone is found exactly, pair by pair of nodes, border after border; no two ways
that are apart everywhere cost less.  That is Zinchenko's graph of pairs (2016, as Disjoint_SPfinder
searches it) with the pairs in between left out: n borders of k nodes are n k² pairs in place of all nodes squared.
A node of the one way at a border and one of the other at the next must be apart as well, and are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

from steppe.routing.ways.apart_question import SLACK_KM, ApartQuestion
from steppe.routing.ways.shortest import find_shortest, spread_from
from steppe.routing.ways.slices import carry_on, cross, flood, keep_apart
from steppe.routing.ways.way_graph import Flags, Floats, Way, Whole

MOST_SLICES = 160
_SLICES_APART = 5.0  # in the distance that is to be kept
_ROUNDING = 1e-9
_MOST_PAIRS = 40_000_000  # that are remembered; beyond it borders are passed over


@dataclass(frozen=True, eq=False)
class Part:
    """Where one of the two ways may go.

    Parameters
    ----------
    barred
        Nodes that it may not pass, shape (n,).
    away, home
        What it costs at least from the start to each node, and on to the end, shape (n,); inf where a way
        through it is too dear to be looked for.
    least_cost
        Of the way alone; inf where none leads.
    n_arcs
        How many arcs were looked at for it.
    """

    barred: Flags
    away: Floats
    home: Floats
    least_cost: float
    n_arcs: int


def make_part(question: ApartQuestion, barred: Flags, most: float) -> Part:
    """Search the costs of a way that may not pass some nodes, and costs no more than something."""
    graph, most = question.graph, most * (1.0 + _ROUNDING) + _ROUNDING
    away = spread_from(graph, question.start, barred=barred, still=question.home.cost, most=most)
    home = spread_from(graph, question.end, barred=barred, still=question.away.cost, most=most)
    least_cost = float(away.cost[question.end])
    return Part(barred, away.cost, home.cost, least_cost, away.n_arcs + home.n_arcs)


@dataclass(frozen=True, eq=False)
class PairBound:
    """What was found of two ways that are apart at the borders of slices.

    Parameters
    ----------
    cost
        Of both together; no two ways that are apart everywhere cost less; inf where none cost less than `most`.
    ways
        Two that cost so much; None where there are none.
    n_arcs
        How many arcs were looked at.
    """

    cost: float
    ways: tuple[Way, Way] | None
    n_arcs: int


@dataclass(eq=False)
class _Border:
    """Nodes of both ways at a border, the least cost of each pair of them, and the steps that led there."""

    nodes: tuple[Whole, Whole]
    pairs: Floats
    steps: list[tuple[Whole, Whole, Floats]] = field(default_factory=list)


class _TooMuchWorkError(Exception):
    """The steps to the next border are more than may be looked at."""


def bound_pair(
    question: ApartQuestion, parts: tuple[Part, Part], most: float, most_arcs: int
) -> PairBound:
    """Find the least cost of two ways that are apart at the borders of slices.

    Parameters
    ----------
    question
        What is asked.
    parts
        Where each of the two may go.
    most
        Pairs that cost more are not looked for.
    most_arcs
        When more were looked at, the borders beyond are passed over, and the bound is what it is.
    """
    least = (parts[0].least_cost, parts[1].least_cost)
    most = min(most * (1.0 + _ROUNDING) + _ROUNDING, np.finfo(np.float64).max)
    if least[0] + least[1] > most:
        return PairBound(np.inf, None, 0)
    begin = np.array([question.start], dtype=np.int64)
    borders = [_Border((begin, begin), np.zeros((1, 1)))]
    n_arcs, n_pairs = 0, 0
    for level in choose_levels(question):
        try:
            border, looked = _go_on(
                question, parts, borders[-1], level, (most, least, most_arcs - n_arcs)
            )
        except _TooMuchWorkError:
            n_arcs = most_arcs
            break
        n_arcs += looked
        if border is None:
            return PairBound(np.inf, None, n_arcs)
        n_pairs += border.pairs.size
        if n_pairs > _MOST_PAIRS:
            break
        borders.append(border)
    last = borders[-1]
    total = (
        last.pairs + parts[0].home[last.nodes[0]][:, None] + parts[1].home[last.nodes[1]][None, :]
    )
    best = int(np.argmin(total))
    cost = float(total.flat[best])
    if cost > most:
        return PairBound(np.inf, None, n_arcs)
    one, other = np.unravel_index(best, total.shape)
    return PairBound(cost, _lay_ways(question, parts, borders, (int(one), int(other))), n_arcs)


def choose_levels(question: ApartQuestion) -> list[float]:
    """Return the levels that slices end at: so many that ways do not change sides between two of them."""
    way = question.away.trace(question.end)
    if way is None:
        return []
    strokes_km = question.graph.stroke_km[way.edges]
    apart_km = max(question.reach_km / _SLICES_APART, float(strokes_km.mean()), SLACK_KM)
    n_slices = int(np.clip(strokes_km.sum() / apart_km, 2, MOST_SLICES))
    low, high = -question.least_cost, question.least_cost
    return [float(each) for each in np.linspace(low, high, n_slices + 1)[1:-1]]


def bound_reach(question: ApartQuestion) -> float:
    """Return how far two ways can be apart at the most, km: inf where nothing was found that narrows them.

    Both cross each level first among the nodes at the border of what is connected with the start below it.
    """
    arcs, xy = question.graph.arcs, question.graph.xy_km
    seen = np.zeros(question.graph.n_nodes, dtype=np.bool_)
    seen[question.start] = True
    shore, least_km = np.array([question.start], dtype=np.int64), np.inf
    for level in choose_levels(question):
        shore = flood(arcs.first, arcs.heads, question.level, level, question.barred, seen, shore)
        if len(shore) and not question.is_free[shore].any():
            least_km = min(least_km, _find_breadth(xy[shore]))
    return least_km


def _find_breadth(xy_km: Floats) -> float:
    """Return the greatest distance between two places, km."""
    hull = shapely.get_coordinates(shapely.MultiPoint(xy_km).convex_hull)
    return float(max(np.hypot(*(hull - corner).T).max() for corner in hull))


def _go_on(
    question: ApartQuestion,
    parts: tuple[Part, Part],
    border: _Border,
    level: float,
    limits: tuple[float, tuple[float, float], int],
) -> tuple[_Border | None, int]:
    """Return the next border, and how many arcs were looked at; None where no pair comes there.

    The limits are what a pair may cost, what each way costs at the least, and how many arcs may be looked at.

    Raises
    ------
    _TooMuchWorkError
        Where it takes more.
    """
    arcs, n_arcs = question.graph.arcs, 0
    most, least, most_arcs = limits
    nodes: list[Whole] = []
    steps: list[tuple[Whole, Whole, Floats]] = []
    for which, part in enumerate(parts):
        if which and parts[1] is parts[0] and np.array_equal(*border.nodes):
            nodes.append(nodes[0])
            steps.append(steps[0])
            continue
        begin, hits, costs, looked = cross(
            arcs.first,
            arcs.heads,
            arcs.cost,
            border.nodes[which],
            question.level,
            level,
            part.barred,
            part.away,
            part.home,
            most - least[1 - which],
            most_arcs - n_arcs,
        )
        n_arcs += looked
        if n_arcs > most_arcs:
            raise _TooMuchWorkError
        there, columns = np.unique(hits, return_inverse=True)
        nodes.append(there)
        steps.append((begin, columns.astype(np.int64), costs))
    if not (len(nodes[0]) and len(nodes[1])):
        return None, n_arcs
    # The second way goes first: its nodes at the next border meet those of the first at this one.
    between = carry_on(np.ascontiguousarray(border.pairs.T), *steps[1], len(nodes[1]))
    _hold(question, between, (nodes[1], border.nodes[0]), (parts[1], parts[0]), most)
    pairs = carry_on(np.ascontiguousarray(between.T), *steps[0], len(nodes[0]))
    _hold(question, pairs, (nodes[0], nodes[1]), parts, most)
    rows, columns = np.isfinite(pairs).any(axis=1), np.isfinite(pairs).any(axis=0)
    if not rows.any():
        return None, n_arcs
    kept = _Border((nodes[0][rows], nodes[1][columns]), pairs[np.ix_(rows, columns)])
    kept.steps = [
        _keep_columns(each, is_kept) for each, is_kept in zip(steps, (rows, columns), strict=True)
    ]
    return kept, n_arcs


def _keep_columns(
    steps: tuple[Whole, Whole, Floats], is_kept: Flags
) -> tuple[Whole, Whole, Floats]:
    """Return the steps that lead to nodes that are kept."""
    begin, columns, costs = steps
    place = np.cumsum(is_kept) - 1
    chosen = is_kept[columns]
    so_many = np.concatenate(([0], np.cumsum(chosen)))
    return so_many[begin], place[columns[chosen]], costs[chosen]


def _hold(
    question: ApartQuestion,
    pairs: Floats,
    nodes: tuple[Whole, Whole],
    parts: tuple[Part, Part],
    most: float,
) -> None:
    """Take out pairs of nodes that are too near, or cost too much."""
    xy, is_free = question.graph.xy_km, question.is_free
    keep_apart(
        pairs,
        xy[nodes[0]],
        xy[nodes[1]],
        is_free[nodes[0]],
        is_free[nodes[1]],
        parts[0].home[nodes[0]],
        parts[1].home[nodes[1]],
        question.reach_km - SLACK_KM,
        most,
    )


def _lay_ways(
    question: ApartQuestion,
    parts: tuple[Part, Part],
    borders: list[_Border],
    last: tuple[int, int],
) -> tuple[Way, Way]:
    """Return both ways, found back from border to border."""
    xy, is_free = question.graph.xy_km, question.is_free
    marks: list[list[int]] = [[question.end], [question.end]]
    here = last
    for number in range(len(borders) - 1, 0, -1):
        border, before = borders[number], borders[number - 1]
        for which in range(2):
            marks[which].append(int(border.nodes[which][here[which]]))
        came = [
            _steps_into(steps, column) for steps, column in zip(border.steps, here, strict=True)
        ]
        total = (
            before.pairs[np.ix_(came[0][0], came[1][0])] + came[0][1][:, None] + came[1][1][None, :]
        )
        # Of the first way's nodes at the border before, those too near to the second's at this one are no way.
        first, second = before.nodes[0][came[0][0]], int(border.nodes[1][here[1]])
        if not is_free[second]:
            away_km = np.hypot(*(xy[first] - xy[second]).T)
            total[(away_km < question.reach_km - SLACK_KM) & ~is_free[first]] = np.inf
        one, other = np.unravel_index(int(np.argmin(total)), total.shape)
        here = int(came[0][0][one]), int(came[1][0][other])
    ways = []
    for which, part in enumerate(parts):
        along = [question.start, *marks[which][::-1]]
        ways.append(_join(question, part, along))
    return ways[0], ways[1]


def _steps_into(steps: tuple[Whole, Whole, Floats], column: int) -> tuple[Whole, Floats]:
    """Return the rows that steps come from to a column, and what these cost."""
    begin, columns, costs = steps
    places = np.flatnonzero(columns == column)
    return np.searchsorted(begin, places, side="right") - 1, costs[places]


def _join(question: ApartQuestion, part: Part, along: list[int]) -> Way:
    """Return a way of least cost from each of some nodes to the next; what it goes round and back is left out."""
    graph, home = question.graph, part.home
    nodes, edges = [along[0]], list[int]()
    place = {along[0]: 0}
    for start, end in pairwise(along):
        # Less by what is left from there: home falls nowhere by more than an arc costs.
        way = find_shortest(graph, start, end, barred=part.barred, still=home - home[end])
        if way is None:
            msg = f"no way from {start} to {end}, though one was found"
            raise AssertionError(msg)
        for node, edge in zip(way.nodes[1:].tolist(), way.edges.tolist(), strict=True):
            if node in place:
                for left in nodes[place[node] + 1 :]:
                    del place[left]
                del nodes[place[node] + 1 :], edges[place[node] :]
            else:
                place[node] = len(nodes)
                nodes.append(node)
                edges.append(edge)
    return graph.make_way(nodes, edges)
