"""One object over a plan, for scripts and notebooks: what the command answers, as data frames."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from steppe.layers.errors import InputError, Problem
from steppe.layers.tables import PlanTables
from steppe.layers.wording import join, tell
from steppe.maps.notebook_map import draw_map
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import build_backbone
from steppe.network.redundancy_table import tabulate_redundancy
from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks
from steppe.outputs.building import build_folder, refuse_folder
from steppe.outputs.command_tables import METHODS, rank_table
from steppe.outputs.output_folder import with_results
from steppe.outputs.plan_tables import build_tables
from steppe.outputs.single_file import write_page
from steppe.outputs.source_table import source_table
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_schema import locate_plan, read_plan
from steppe.ranking.decision_tables import compare_scenarios, decide_scenario

if TYPE_CHECKING:
    import folium


def open_plan(plan: str | PathLike[str], *, allow_outside: bool = False) -> OpenPlan:
    """Read a plan and check it.

    Parameters
    ----------
    plan
        Name of a pack, a folder with a plan.toml, or the file itself.
    allow_outside
        Whether the plan may name files outside its own folder.

    Raises
    ------
    steppe.InputError
        With every fault that was found, one line each, as `steppe check` prints them.
    """
    return OpenPlan(read_inputs(read_plan(locate_plan(fspath(plan)), allow_outside=allow_outside)))


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
        if method not in METHODS:
            what, fix = (
                tell("fault.option.method", value=method),
                tell("fix.one_of", known=join(METHODS)),
            )
            raise InputError(Problem("method", what, fix))
        decision = decide_scenario(
            self.inputs, scenario, level=level, weights=weights or {}, relax=relax
        )
        return rank_table(decision, method=method)

    def compare(self, before: str, after: str, *, level: str | None = None) -> pd.DataFrame:
        """Return what differs between two scenarios, a row for each change."""
        return compare_scenarios(self.inputs, before, after, level=level)[2]

    def latency(self, *, cut: Collection[str] = ()) -> pd.DataFrame:
        """Return round trips to every target, ms, with cables cut."""
        return tabulate_latency(self.inputs, build_backbone(self.inputs, cuts=tuple(cut)))

    def redundancy(self, *, cut: Collection[str] = ()) -> pd.DataFrame:
        """Return how many routes lead to the first target, as ranges, with cables cut."""
        backbone = build_backbone(self.inputs, cuts=tuple(cut))
        return tabulate_redundancy(
            self.inputs,
            backbone,
            find_cable_risks(self.inputs, backbone),
            targets=self.inputs.plan.network.targets[:1],
            corridor_risks=find_corridor_risks(self.inputs),
        )

    @property
    def disjoint(self) -> pd.DataFrame:
        """Return the best pair of disjoint routes of each node to the first target."""
        return self.tables.disjoint.copy()

    @property
    def cuts(self) -> pd.DataFrame:
        """Return the worst single and double cuts."""
        return self.tables.cuts.copy()

    def build(self, folder: str | PathLike[str], *, force: bool = False) -> Path:
        """Write everything that `steppe build` writes; the folder is replaced whole.

        Parameters
        ----------
        folder
            The output folder itself.
        force
            Whether outputs that were edited since are replaced.
        """
        out = Path(folder)
        refuse_folder(out, self.name)
        return build_folder(out, self.inputs, self.tables, force=force)

    def write_map(self, file: str | PathLike[str]) -> Path:
        """Write the offline map alone, one HTML file."""
        return write_page(Path(file), self.tables)

    def map(self) -> folium.Map:
        """Return a `folium.Map` of the plan, to be shown in a notebook and added to."""
        return draw_map(with_results(self.tables))
