"""What a facility's cooling is made of: the parameters of the heat balance.

Every field is a number, or an array of shape (draws, 1) that broadcasts against hours.
Pressures are in Pa, temperature differences in K, shares between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Value = float | NDArray[np.float64]


@dataclass(frozen=True)
class Plant:
    """What every facility has.

    Parameters
    ----------
    ups_efficiency, distribution_loss_frac, lighting_frac
        Of the IT power.
    air_rise_k, water_rise_k, tower_range_k
        Warming of the air through the racks, of the chilled water, and of the tower's water.
    air_fan_pa, tower_fan_pa, humidifier_pump_pa, chilled_pump_pa, tower_pump_pa
        Pressure that a fan or a pump works against; its efficiency beside it.
    tower_approach_k
        The tower's water above the wet bulb.
    chiller_load_frac, cop_error_frac
        Part load of the chiller; how far its efficiency is off the regression.
    liquid_gas_ratio
        kg of the tower's water per kg of its air.
    ratio_of_evaporated
        Whether that is the water that evaporates, as the edition of 2022 computes it, or all
        that circulates, as that of 2020 does.
    windage_frac, cycles
        Share of the tower's water that drifts away; cycles of concentration, above 1.
    """

    ups_efficiency: Value
    distribution_loss_frac: Value
    lighting_frac: Value
    air_rise_k: Value
    water_rise_k: Value
    tower_range_k: Value
    air_fan_pa: Value
    air_fan_efficiency: Value
    tower_fan_pa: Value
    tower_fan_efficiency: Value
    humidifier_pump_pa: Value
    humidifier_pump_efficiency: Value
    chilled_pump_pa: Value
    chilled_pump_efficiency: Value
    tower_pump_pa: Value
    tower_pump_efficiency: Value
    tower_approach_k: Value
    chiller_load_frac: Value
    cop_error_frac: Value
    liquid_gas_ratio: Value
    ratio_of_evaporated: bool
    windage_frac: Value
    cycles: Value


@dataclass(frozen=True)
class AirSide(Plant):
    """Outdoor air through the racks, the control of 2020: sprayed wherever that is enough.

    Parameters
    ----------
    supply_low_c, supply_high_c
        Limits of the supply air.
    """

    supply_low_c: Value
    supply_high_c: Value


@dataclass(frozen=True)
class LimitedAirSide(AirSide):
    """The control of 2022: outdoor air is humidified, not dried and not cooled; else the chiller.

    Parameters
    ----------
    dew_point_low_c, dew_point_high_c, rh_low_frac, rh_high_frac
        Limits of humidity in the supply air.
    sensible_frac
        Share of a cooling coil's heat that is not condensation.
    """

    dew_point_low_c: Value
    dew_point_high_c: Value
    rh_low_frac: Value
    rh_high_frac: Value
    sensible_frac: Value


@dataclass(frozen=True)
class DryAirSide(LimitedAirSide):
    """Outdoor air as it is, only while its humidity is allowed; else the chiller."""


@dataclass(frozen=True)
class WaterSide(Plant):
    """A cooling coil, fed by the tower as far as it is cold enough, else by the chiller.

    Parameters
    ----------
    supply_high_c
        The supply air, held at its upper limit.
    sensible_frac
        Share of a cooling coil's heat that is not condensation.
    coil_effectiveness
        Of the air handler's coil.
    exchanger_approach_k
        Of the exchanger between the tower and the coil; infinite where there is none, and
        then the chiller takes all heat.
    economiser_pump_pa, economiser_pump_efficiency
        Of the pump on that exchanger.
    """

    supply_high_c: Value
    sensible_frac: Value
    coil_effectiveness: Value
    exchanger_approach_k: Value
    economiser_pump_pa: Value
    economiser_pump_efficiency: Value
