"""Latency with its parts: glass, amplifiers, regenerators and the transponders at the ends.

What stands in a real route beside the glass is known by rules only, so each part has a low, a
central and a high case.  Routers, firewalls and queues are not in it.

Sources
-------
Amplifier, 0.1 to 0.15 microseconds a site, and electrical regeneration, 100 microseconds a
site: Huawei support forum 681393 and mapyourtech, "latency in optical networks"; forward error
correction and signal processing, 15 to 150 microseconds for both ends together: mapyourtech
(the middle of that range is assumed).  Amplifiers every 80 km: the usual span of GNPy.  Light
goes 2000 to 4000 km without regeneration at 100 to 200 Gbit/s (DP-QPSK) and 800 to 1500 km at
300 to 400 Gbit/s (8QAM): library.3koozy.me.  All are vendors' and teachers' figures, none is
measured in the region.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.routing.latency import one_way_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Equipment:
    """What stands in a route beside the glass.

    Parameters
    ----------
    span_km
        Distance between amplifiers.
    amplifier_us, regenerator_us
        Delay of one site, one way, microseconds.
    reach_km
        Distance after which the signal is regenerated.
    transponder_us
        Delay of the transponders at both ends together, one way, microseconds.
    """

    span_km: float
    amplifier_us: float
    reach_km: float
    regenerator_us: float
    transponder_us: float


LOW = Equipment(80.0, 0.1, 4000.0, 100.0, 15.0)
CENTRAL = Equipment(80.0, 0.15, 2000.0, 100.0, 82.5)
HIGH = Equipment(80.0, 0.15, 800.0, 100.0, 150.0)


@dataclass(frozen=True)
class Budget:
    """Where the time of one way goes, milliseconds; a round trip takes twice as long."""

    glass_ms: float
    amplifiers_ms: float
    regenerators_ms: float
    transponders_ms: float

    @property
    def equipment_ms(self) -> float:
        """Return the time outside the glass, one way."""
        return self.amplifiers_ms + self.regenerators_ms + self.transponders_ms

    @property
    def one_way_ms(self) -> float:
        """Return the time of one way."""
        return self.glass_ms + self.equipment_ms

    @property
    def rtt_ms(self) -> float:
        """Return the time of the round trip."""
        return 2.0 * self.one_way_ms


def spend(km: float, equipment: Equipment = CENTRAL) -> Budget:
    """Return the latency budget of a route of `km` of fibre.

    Each span ends in an amplifier, and one more drives the first; a route of no length needs
    neither amplifiers nor transponders.

    Raises
    ------
    ValueError
        For a negative length or one that is no number.

    Examples
    --------
    >>> budget = spend(1000.0)
    >>> round(2 * budget.glass_ms, 3), round(2 * budget.equipment_ms, 3)
    (9.795, 0.169)
    """
    if not 0 <= km < math.inf:
        msg = f"a length is a number from 0 up, not {km}"
        raise ValueError(msg)
    if km == 0:
        return Budget(0.0, 0.0, 0.0, 0.0)
    n_amplifiers = max(math.ceil(km / equipment.span_km), 1) + 1
    n_regenerators = max(math.ceil(km / equipment.reach_km), 1) - 1
    return Budget(
        one_way_ms(km),
        n_amplifiers * equipment.amplifier_us / 1000.0,
        n_regenerators * equipment.regenerator_us / 1000.0,
        equipment.transponder_us / 1000.0,
    )


def spend_at_once(km: NDArray[np.float64], equipment: Equipment = CENTRAL) -> NDArray[np.float64]:
    """Return the round trips of many routes, ms; what `spend` tells of each, NaN where it is NaN.

    Parameters
    ----------
    km
        Lengths of any one shape, not negative.
    """
    n_amplifiers = np.maximum(np.ceil(km / equipment.span_km), 1) + 1
    n_regenerators = np.maximum(np.ceil(km / equipment.reach_km), 1) - 1
    beside_us = (
        n_amplifiers * equipment.amplifier_us
        + n_regenerators * equipment.regenerator_us
        + equipment.transponder_us
    )
    glass_ms = one_way_ms(1.0) * km
    return np.where(km == 0, 0.0, 2.0 * (glass_ms + beside_us / 1000.0))
