"""A network over 180 degrees: as long, as cut and drawn as one, however it is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

import steppe
from steppe.layers.crs import line_km
from steppe.layers.errors import InputError
from steppe.maps.extents import map_seam, view_bounds
from steppe.maps.payload import pack_tables

GEOD = Geod(ellps="GRS80")
NODES = """\
node_id,name_zh,name_en,kind,country,lon,lat,accuracy_m,source_id,as_of
west,West,West,core,RU,{west},66.0,500,own,2020-01-01
east,East,East,core,US,{east},66.5,500,own,2020-01-01
"""
PARKS = """\
park_id,level,name_zh,name_en,city,status,location_basis,node_id,lon,lat,accuracy_m,source_id,as_of
a,campus,A,A,City,in_service,said,west,179.0,66.0,500,own,2020-01-01
b,campus,B,B,City,in_service,said,east,-178.5,66.4,500,own,2020-01-01
"""
PLAN = """\
name = "strait"
{bbox}
[network]
targets = ["east"]

[layers.parks]
file = "parks.csv"
crs = "EPSG:4326"

[layers.nodes]
file = "nodes.csv"
crs = "EPSG:4326"

[layers.fibre]
file = "fibre.geojson"

[[criteria]]
name = "network"

[[criteria.measures]]
id = "rtt_ms"
worst = 20.0
best = 0.0
"""
SPLIT = [[[178.0, 66.0], [180.0, 66.6]], [[-180.0, 66.6], [-178.0, 66.5]]]
FORMS = {
    "split": {"type": "MultiLineString", "coordinates": SPLIT},
    "beyond": {"type": "LineString", "coordinates": [[178, 66], [180, 66.6], [182, 66.5]]},
    "jumping": {"type": "LineString", "coordinates": [[178, 66], [180, 66.6], [-178, 66.5]]},
}


def write_plan(folder: Path, form: str, bbox: str = "") -> Path:
    """Write a plan of two parks on either side, and of two cables along one line."""
    shifts = (0.0, 0.005)  # half a kilometre
    features = []
    for number, shift in enumerate(shifts):
        text = re.sub(r"6\d(\.\d+)?\]", lambda lat: f"{float(lat[0][:-1]) + shift}]",  # noqa: B023
                      json.dumps(FORMS[form]))  # fmt: skip
        known = {
            "cable_id": f"c{number}", "name_zh": f"C{number}", "name_en": f"C{number}",
            "from_node": "west", "to_node": "east", "status": "in_service", "year": 2015,
            "existence": "said", "ends_basis": "said", "corridor_basis": "assumed",
            "geometry_kind": "corridor", "length_km": 201.45, "lane": number, "accuracy_m": 100, "source_id": "own", "as_of": "2020-01-01",
        }  # fmt: skip
        features.append({"type": "Feature", "properties": known, "geometry": json.loads(text)})
    content = {"type": "FeatureCollection", "features": features}
    (folder / "fibre.geojson").write_text(json.dumps(content))
    (folder / "nodes.csv").write_text(
        NODES.format(west=178.0, east=182.0 if form == "beyond" else -178.0)
    )
    (folder / "parks.csv").write_text(PARKS)
    (folder / "plan.toml").write_text(PLAN.format(bbox=bbox))
    return folder / "plan.toml"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bbox", ["", "bbox = [170, 60, -170, 70]"])
def test_a_plan_over_180_is_the_same_however_its_cables_are_written(
    tmp_path: Path, form: str, bbox: str
) -> None:
    plan = steppe.open_plan(write_plan(tmp_path, form, bbox))
    fibre, nodes = plan.inputs.layer("fibre"), plan.inputs.layer("nodes")
    assert nodes.geometry.x.tolist() == [178.0, -178.0]
    stops = [(178, 66), (180, 66.6), (182, 66.5)]
    km = GEOD.line_length(*zip(*stops, strict=True)) / 1000
    assert [line_km(line) for line in fibre.geometry] == pytest.approx([km, km], rel=1e-3)
    tables = plan.tables
    # Half a kilometre apart all the way, but for 5 km round the ends.
    (stretch,) = tables.layers["risks"].query("kind == 'stretch'").to_dict("records")
    assert (stretch["cables"], stretch["nearness"]) == ("c0 c1", "sure")
    assert stretch["km"] == pytest.approx(km - 10, abs=0.5)
    assert not (tables.layers["risks"]["kind"] == "crossing").any()
    (row,) = tables.redundancy.query("from_id == 'west'").to_dict("records")
    assert (row["to_cut_low"], row["to_cut_high"]) == (2, 2)
    # Drawn as one: on the page from 178 to 182, in QGIS within the 200 km of the strait.
    assert map_seam(tables) == pytest.approx(0, abs=1)
    page = pack_tables(tables)
    (packed,) = (layer for layer in page["layers"] if layer["key"] == "cable_id")
    for (line,) in packed["shapes"]:
        assert (min(line[::2]), max(line[::2])) == (178, 182)
    west, _, east, _ = page["info"]["view"]
    assert (west < 179, east > 181.5, east - west < 10) == (True, True, True)
    left, _, right, _ = view_bounds(tables.info.view, tables.info.albers)
    assert right - left < 400_000
    drawn = fibre.to_crs(tables.info.albers)
    assert (drawn.bounds["maxx"] - drawn.bounds["minx"]).max() < 200_000
    assert shapely.get_num_geometries(fibre.geometry.to_numpy()).tolist() == [2, 2]


def test_what_lies_outside_a_box_over_180_is_told(tmp_path: Path) -> None:
    path = write_plan(tmp_path, "split", "bbox = [179, 60, -170, 70]")
    with pytest.raises(InputError, match="outside"):
        steppe.open_plan(path)
