"""The backbone of a plan's scenario with something cut: the whole, what falls, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from steppe.network.plan_backbone import Backbone, build_backbone
from steppe.planfile.cut_units import fell_cables, find_units
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.cuts import CutUnit
from steppe.routing.risk_evidence import Risk


@dataclass(frozen=True)
class CutBackbone:
    """The backbone of a plan's scenario, and what is cut of it.

    Parameters
    ----------
    inputs
        What was read.
    cut
        What is cut: names as `steppe.planfile.cut_units.find_units` reads them.
    """

    inputs: Inputs
    cut: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> Backbone:
        """All cables of the scenario."""
        return build_backbone(self.inputs)

    @cached_property
    def units(self) -> tuple[CutUnit, ...]:
        """What is cut, each once.

        Raises
        ------
        InputError
            For what is not there, what may be several things, and a circle that is none.
        """
        if not self.cut:
            return ()
        return find_units(
            self.inputs,
            self.cut,
            lines=self.whole.lines,
            where="--cut",
            find_risks=self._find_risks,
        )

    @cached_property
    def fallen(self) -> frozenset[str]:
        """The cables that fall with all of it."""
        return fell_cables(self.units, self.whole.lines)

    @cached_property
    def backbone(self) -> Backbone:
        """The cables that are left.

        Raises
        ------
        InputError
            For a cut that names nothing, or no cable of the scenario.
        """
        return self.whole.without(self.fallen) if self.cut else self.whole

    def _find_risks(self) -> Sequence[Risk]:
        # Few cuts name a risk; what finds them loads slowly.
        from steppe.network.srlg_layer import find_cable_risks  # noqa: PLC0415

        return find_cable_risks(self.inputs, self.whole)
