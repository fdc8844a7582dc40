"""What a plan does not have leaves its measures unknown, with that reason, and all is built."""

from collections.abc import Collection
from pathlib import Path

import pytest

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.outputs.output_folder import PAGE, PROJECT, REPORTS, write_outputs
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.extent_entry import ExtentEntry
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.plan_schema import RASTERS, Plan

OPTIONAL_LAYERS = [name for name in INPUT_LAYERS if name != "parks"]
ABSENT = {
    "park_areas",
    "roads",
    "power_lines",
    "protected_areas",
    "land_use",
}  # of every case below

# What is drawn from place to place needs the layer of these places.
ROOTED = {"nodes": ("corridors", "fibre", "round_trips"), "corridors": ("fibre",)}

# Measures that the light plan has by a grid, and those of which it has none.
OF_HEIGHT = {"air_temp_mean_c", "pue", "wue_l_per_kwh", "free_cooling_h", "ashrae_recommended_h"}
OF_SLOPE = {"slope_deg"}
OF_LAYER = {
    "nodes": {"rtt_ms", "rtt_floor_ms", "rtt_population_ms", "effective_routes"},
    "fibre": {"rtt_ms", "rtt_population_ms", "effective_routes"},
    "corridors": {"rtt_ms"},
    "substations": {"grid_220_km", "grid_500_km", "tie_line_km", "grid_share"},
    "plants": {"operating_100km_mw", "firm_100km_mw", "renewable_100km_mw", "green_share"},
    "towns": {"pga_g"},
    "stations": {"air_temp_mean_c", "pue"},
    "earthquakes": {"quake_largest_m", "quake_nearest_km", "quake_rate_300km"},
    "faults": {"fault_km"},
    "power_terms": {"price_cny_kwh", "grid_co2_kg_mwh"},
}


MOVED = {"stations", "plants", "substations"}
# What proposed sites are measured by, one of each way.
SCREENED = {"boundaries", "substations", "towns"}


@pytest.fixture(scope="module")
def plan(light_pack: Path) -> Plan:
    """The light plan with as little to reckon as it may have."""
    whole = read_plan(light_pack / "plan.toml")
    robustness = whole.robustness.model_copy(update={"n_draws": 100})
    assert whole.cooling
    cooling = whole.cooling.model_copy(update={"n_draws": 20})
    return whole.model_copy(update={"robustness": robustness, "cooling": cooling, "scenarios": ()})


def drop(plan: Plan, names: Collection[str]) -> Plan:
    """Leave out layers and grids, and what cannot be without them."""
    gone = {each for name in names for each in (name, *ROOTED.get(name, ()))}
    layers = {name: each for name, each in plan.layers.items() if name not in gone}
    for name, each in layers.items():
        if each.extent is not None and {each.extent.layer, _outlines(each.extent)} & gone:
            layers[name] = each.model_copy(update={"extent": None})
    rasters = {name: each for name, each in plan.rasters.items() if name not in gone}
    changes = {"layers": layers, "rasters": rasters}
    if "nodes" in gone:
        changes["network"] = plan.network.model_copy(update={"targets": ()})
    return plan.model_copy(update=changes)


def _outlines(extent: ExtentEntry) -> str:
    return "boundaries" if extent.boundary_id else ""


def write(folder: Path, inputs: Inputs, tables: PlanTables) -> None:
    write_outputs(folder, inputs, tables)
    for name in (PAGE, PROJECT, *REPORTS.values()):
        assert (folder / name).stat().st_size > 1000


def unknown(tables: PlanTables, wanted: Collection[str]) -> set[str]:
    """Return the measures that are unknown at every park, each with its reason."""
    measures = tables.measures
    rows = measures[measures["measure_id"].isin(wanted)]
    assert set(rows["measure_id"]) == set(wanted)
    told = set(rows.loc[rows["status"] != "unknown", "measure_id"])
    assert rows.loc[rows["status"] == "unknown", "reason_en"].str.len().gt(0).all()
    return set(wanted) - told


@pytest.mark.parametrize("name", [name for name in OPTIONAL_LAYERS if name not in ABSENT])
def test_a_plan_without_one_layer_makes_its_tables(plan: Plan, name: str) -> None:
    assert not ABSENT & set(plan.layers)
    if name not in SCREENED:
        screening = plan.screening.model_copy(update={"demand_mw": None})
        route = plan.route.model_copy(update={"wanted": ()})
        plan = plan.model_copy(update={"screening": screening, "route": route})
    # What moves with assumed numbers has these layers, and is measured anew for each of them.
    if name not in MOVED:
        robustness = plan.robustness.model_copy(update={"assumed": ()})
        plan = plan.model_copy(update={"robustness": robustness})
    # How sure the ranks are hangs on measures, and double cuts on the network alone.
    tables = build_tables(read_inputs(drop(plan, [name])), quick=name not in OF_LAYER)
    assert name not in tables.layers
    assert unknown(tables, OF_LAYER.get(name, ())) == OF_LAYER.get(name, set())


@pytest.mark.parametrize(("names", "expected"), [(["elevation"], OF_HEIGHT), (["slope"], OF_SLOPE)])
def test_a_plan_without_a_grid_is_built(plan: Plan, tmp_path: Path, names, expected) -> None:
    inputs = read_inputs(drop(plan, names))
    tables = build_tables(inputs)
    assert unknown(tables, expected) == expected
    reasons = set(tables.measures.query("measure_id in @expected")["reason_en"])
    titles = {"elevation": "height above the sea", "slope": "slope"}
    assert reasons == {f"no grid of {titles[name]} is in this plan" for name in names}
    write(tmp_path, inputs, tables)
    written = {path.stem for path in tmp_path.glob("rasters/*.tif")}
    assert written & {"elevation", "slope"} == {"elevation", "slope"} - set(names)
    assert ("relief" in written) == ("air_temp" in written) == ("elevation" in written)


def test_a_plan_with_nothing_that_may_be_left_out_is_built(plan: Plan, tmp_path: Path) -> None:
    inputs = read_inputs(drop(plan, (*OPTIONAL_LAYERS, *RASTERS)))
    tables = build_tables(inputs)
    missing = OF_HEIGHT | OF_SLOPE | set().union(*OF_LAYER.values())
    assert unknown(tables, missing) == missing
    write(tmp_path, inputs, tables)


@pytest.mark.parametrize(("name", "needs"), ROOTED.items())
def test_a_network_without_its_places_is_a_fault_of_the_plan(plan: Plan, name: str, needs) -> None:
    layers = {each: file for each, file in plan.layers.items() if each != name}
    with pytest.raises(InputError) as caught:
        read_inputs(plan.model_copy(update={"layers": layers}))
    told = [str(problem) for problem in caught.value.problems]
    for layer in needs:
        assert any(f"› {layer}: " in line and f"add [layers.{name}]" in line for line in told)
