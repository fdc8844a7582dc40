"""One object over a plan, for scripts and notebooks: what the command answers, as data frames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fsencode, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from steppe.layers.columns import PARK_LEVELS
from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.tables import PlanTables
from steppe.layers.wording import find_reader, tell
from steppe.maps.notebook_map import draw_map
from steppe.measures.request_table import tabulate_requests
from steppe.network.backbone_questions import BackboneQuestions, check_way_apart, name_both
from steppe.outputs.building import build_folder, build_part, refuse_folder
from steppe.outputs.command_tables import METHODS, rank_table, refuse_unknown
from steppe.outputs.output_folder import with_results
from steppe.outputs.plan_tables import build_tables
from steppe.outputs.public_map import choose_width
from steppe.outputs.report_file import write_report
from steppe.outputs.source_table import source_table
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.request_entry import ask
from steppe.ranking.decision_tables import compare_scenarios, decide_scenario

if TYPE_CHECKING:
    import folium


def find_faults(step: Callable[[], object]) -> list[str]:
    """Return the lines of the faults that a step ends in; none where it ends well."""
    try:
        step()
    except InputError as error:
        return error.lines()
    return []


def _read_weight(name: str, weight: object) -> float:
    try:
        return float(weight)  # type: ignore[arg-type]  # what is none is told
    except (TypeError, ValueError):
        what, fix = tell("fault.weights.form", part=f"{name}={weight}"), tell("fix.write_weights")
        raise InputError(Problem("--weights", what, fix)) from None


def _read_path(path: str | PathLike[str]) -> Path:
    text = fspath(path)
    try:
        # Half of a pair may stand for a byte that is no UTF-8 in a name of the disk.
        is_name = b"\0" not in fsencode(text)
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        what = tell("fault.text.unwritable", value=show_values([text]))
        raise InputError(Problem("path", what, tell("fix.take_out")))
    return Path(text)


@dataclass(frozen=True)
class OpenPlan:
    """A plan that was read and checked; every answer is a new data frame.

    Unknown is `None` or NaN with a reason beside it.  Units stand in the names of the columns;
    docs/files.md tells each.  A name that is not there raises `steppe.InputError`.
    """

    inputs: Inputs

    @property
    def name(self) -> str:
        """Return the plan's name."""
        return self.inputs.plan.name

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the layers as they were read, EPSG:4490."""
        return {name: layer.copy() for name, layer in self.inputs.layers.items()}

    @property
    def sources(self) -> pd.DataFrame:
        """Return what stands behind the numbers, a row for each source."""
        return source_table(self.inputs)

    @cached_property
    def tables(self) -> PlanTables:
        """Return everything that the plan comes to; the first call computes it."""
        return build_tables(self.inputs)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is no fault and yet not read as it stands, or unknown, a line each."""
        return tuple(note.say(find_reader()) for note in (*self.inputs.notes, *self.tables.notes))

    def check(self) -> list[str]:
        """Return every fault that only computing finds, a line each; none for a sound plan."""
        return find_faults(lambda: self.tables)

    @property
    def measures(self) -> pd.DataFrame:
        """Return the measures of every site: value, band, status, reason, sources."""
        return self.tables.measures.copy()

    def score(
        self,
        *,
        method: str = "weighted_sum",
        level: str | None = None,
        scenario: str | None = None,
        weights: Mapping[str, float] | None = None,
        relax: Collection[str] = (),
    ) -> pd.DataFrame:
        """Rank the parks of one level.

        Parameters
        ----------
        method
            `weighted_sum`, `topsis` or `smaa`.
        level
            `zone`, `campus` or `facility`; the plan's by default.
        scenario
            Name of a scenario; the base by default.
        weights
            Weights of criteria by name, which override the plan's.
        relax
            Rule ids or clauses that are to exclude nothing.
        """
        refuse_unknown("method", method, METHODS)
        refuse_unknown("level", level, PARK_LEVELS)
        wanted = {name: _read_weight(name, each) for name, each in (weights or {}).items()}
        decision = decide_scenario(self.inputs, scenario, level=level, weights=wanted, relax=relax)
        return rank_table(decision, method=method)

    def request(
        self,
        demand_mw: float | None = None,
        year: int | None = None,
        *,
        scenario: str | None = None,
    ) -> pd.DataFrame:
        """Return which parks can carry an IT load, test by test and in all.

        Parameters
        ----------
        demand_mw, year
            IT load in MW, and the year by which it is wanted; the plan's by default.
        scenario
            Name of a scenario; the base by default.

        Raises
        ------
        InputError
            For a load or a year that cannot be, and where neither the plan nor you say how much.
        """
        outcome = decide_scenario(self.inputs, scenario).outcome
        wanted = ask(outcome.inputs.plan.request, demand_mw=demand_mw, year=year)
        return tabulate_requests(outcome.survey, request=wanted)

    def compare(self, before: str, after: str, *, level: str | None = None) -> pd.DataFrame:
        """Return what differs between two scenarios, a row for each change."""
        refuse_unknown("level", level, PARK_LEVELS)
        return compare_scenarios(self.inputs, before, after, level=level)[2]

    def latency(
        self, start: str | None = None, end: str | None = None, *, cut: Collection[str] = ()
    ) -> pd.DataFrame:
        """Return round trips, ms: of parks and nodes to every target, or of any two places.

        Parameters
        ----------
        start, end
            Ids of nodes or parks; without them every round trip to a target is told.
        cut
            What is cut: cables, corridors, cities, operators, countries, risks by their ids, or
            `circle:LON,LAT,RADIUS_KM`, as `steppe backbone --cut` takes them.

        Raises
        ------
        InputError
            For a place that is not there, or a cut that names nothing.
        """
        asked = self._ask(cut)
        if start is None and end is None:
            return asked.latency()
        return asked.trip(*name_both(start, end))

    def _ask(self, cut: Collection[str]) -> BackboneQuestions:
        return BackboneQuestions(self.inputs, (cut,) if isinstance(cut, str) else tuple(cut))

    def redundancy(self, *, cut: Collection[str] = ()) -> pd.DataFrame:
        """Return how many routes lead to the first target, as ranges, with what is cut."""
        return self._ask(cut).redundancy()

    def disjoint(
        self,
        start: str | None = None,
        end: str | None = None,
        *,
        apart: str | None = None,
        cut: Collection[str] = (),
    ) -> pd.DataFrame:
        """Return the best two routes that share nothing: of every node, or of any two places.

        Parameters
        ----------
        start, end
            Ids of nodes or parks, a park stands for its node; without them the routes of each
            node to the first target are told.
        apart
            `cables`, `nodes`, `risks` or `distance`; by default each of them.
        cut
            What is cut, of two places alone.

        Returns
        -------
        DataFrame
            A row for each of the two routes, km and ms; none where there are no two.  Where no
            two share no risk, the two that share least are told with what it is, `shared`.  Where
            they are not proven to be the best, `reason_en` gives the bounds.

        Raises
        ------
        InputError
            For what is not there.
        """
        if start is None and end is None and not cut:
            table = self.tables.disjoint
            check_way_apart(apart)
            return table[table["apart"] == apart] if apart is not None else table.copy()
        asked = self._ask(cut)
        return asked.disjoint(*name_both(start, end), apart=apart)

    def distances(self, *, cut: Collection[str] = ()) -> pd.DataFrame:
        """Return how far any two nodes are along cables: of one route, and of two disjoint ones.

        Returns
        -------
        DataFrame
            `from_id, to_id, route_km, rtt_ms, disjoint_km`, a row for each two nodes that a route
            joins; `disjoint_km` is of both routes together.
        """
        return self._ask(cut).distances()

    def connectivity(
        self, start: str | None = None, end: str | None = None, *, cut: Collection[str] = ()
    ) -> tuple[int, int]:
        """Return how many cables must be cut to part two places, or any node from any other.

        Returns
        -------
        tuple
            With the cables alone that a source says exist and names both ends of, and with
            every reading of the text.
        """
        return self._ask(cut).connectivity(start, end)

    def cut_sets(
        self, start: str | None = None, end: str | None = None, *, cut: Collection[str] = ()
    ) -> pd.DataFrame:
        """Return which cables, alone or two at a time, part two places, or any at all.

        Parameters
        ----------
        start, end
            Ids of nodes or parks; without them whatever parts the backbone is told.
        cut
            What is cut already.

        Returns
        -------
        DataFrame
            `n_cables` and `cables`, the ids separated by blanks.  Two places that only three
            cables or more part get the one smallest set that is nearest to `start`.
        """
        return self._ask(cut).cut_sets(start, end)

    @property
    def cuts(self) -> pd.DataFrame:
        """Return what cuts do to the parks, the worst single and double ones ranked."""
        return self.tables.cuts.copy()

    def build(
        self,
        path: str | PathLike[str],
        *,
        only: str | None = None,
        force: bool = False,
        public: bool = False,
        generalise_m: float | None = None,
    ) -> Path:
        """Write everything that `steppe build` writes, or one output alone.

        Parameters
        ----------
        path
            The output folder, which is replaced whole; the HTML file of `map` and `report`.
        only
            `map`, `report`, `qgis` or `tables`; everything by default.
        force
            Whether outputs that were edited since are replaced.
        public, generalise_m
            Of `map` alone, as `steppe map` has them: whether it is for everybody, and to how many
            metres it tells its lines.

        Raises
        ------
        InputError
            Where the path cannot be written, or holds what must not be replaced; where the plan
            has no number of the review that a public map needs.
        """
        out = _read_path(path)
        width_m = choose_width(self.inputs.plan, public=public, generalise_m=generalise_m)
        if width_m is not None and only != "map":
            raise InputError(Problem("only", tell("fault.public.part"), tell("fix.ask_for_map")))
        if only is not None:
            return build_part(only, out, self.inputs, self.tables, force=force, width_m=width_m)
        refuse_folder(out, self.name)
        return build_folder(out, self.inputs, self.tables, force=force)

    def report(
        self,
        path: str | PathLike[str],
        *,
        language: str | None = None,
        sites: Sequence[str] = (),
        pdf: bool = False,
    ) -> Path:
        """Write the report in one language, or one-page sheets of sites, and return the path.

        Parameters
        ----------
        path
            The file.
        language
            `zh` or `en`; the reader's by default.
        sites
            Ids of parks, or `all`: their sheets are written instead of the report.
        pdf
            Whether a Chromium of the system prints it to PDF.

        Raises
        ------
        InputError
            For a park or a language that is not there, without a browser for PDF, and where the
            file cannot be written.
        """
        wanted = (sites,) if isinstance(sites, str) else tuple(sites)
        told = language or find_reader()
        return write_report(_read_path(path), self.tables, language=told, sites=wanted, pdf=pdf)

    def map(self) -> folium.Map:
        """Return a `folium.Map` of the plan, to be shown in a notebook and added to."""
        return draw_map(with_results(self.tables))
