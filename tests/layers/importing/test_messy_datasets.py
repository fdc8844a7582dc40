"""Real files as people send them: each opens, or is told in one line what it is or what to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.raw_table import ChoiceError

# What is no layer, and why: weather goes under [cooling], a network is read as the one that it is.
NO_LAYER = {".epw": "weather record", ".json": "network of another tool"}


def open_all(path: Path) -> dict[str, object]:
    """Every table of a file, by its name."""
    try:
        return {"": open_file(path)}
    except ChoiceError as error:
        return {choice.name: open_file(path, layer=choice.name) for choice in error.choices}


def files_of(folder: Path, *skipped: str) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".md", *skipped}
    )


@pytest.mark.packs
def test_every_messy_file_opens_or_says_what_it_is(datasets: Path) -> None:
    files = files_of(datasets / "messy", ".pbf", ".osm")
    assert len(files) > 15
    for path in files:
        if path.suffix in NO_LAYER:
            with pytest.raises(InputError, match=NO_LAYER[path.suffix]):
                open_file(path)
            continue
        for name, raw in open_all(path).items():
            assert raw.is_placed, (path.name, name)
            assert len(raw.frame) > 0
            assert raw.frame.geometry.notna().all()
            assert not raw.questions


@pytest.mark.packs
def test_no_field_or_row_of_west_africa_is_lost(datasets: Path) -> None:
    for path in files_of(datasets / "messy" / "west_africa", ".kmz"):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        frame = open_file(path).frame
        assert len(frame) == len(features)
        for name in {name for feature in features for name in feature["properties"]}:
            told = [feature["properties"].get(name) for feature in features]
            for given, kept in zip(told, frame[name], strict=True):
                is_unknown = given is None or given in {"<NA>", "Unknown"}
                assert (kept is None or kept != kept) if is_unknown else kept == given  # noqa: PLR0124
    with_folders = open_all(datasets / "messy" / "west_africa" / "SLE.kmz")
    # The same network as GeoJSON: 51 sites, 49 links.
    assert {name: len(raw.frame) for name, raw in with_folders.items()} == {
        "Sites": 51,
        "Links": 49,
    }


@pytest.mark.packs
def test_a_city_of_openstreetmap_has_its_broken_rings_told(datasets: Path) -> None:
    areas = open_file(datasets / "messy" / "osm" / "Helsinki.osm.pbf", layer="multipolygons")
    told = "\n".join(note.say("en") for note in areas.notes)
    assert "cannot be read" in told
    assert areas.frame.geometry.dropna().is_valid.all()
    assert (
        len(open_file(datasets / "messy" / "osm" / "helsinki_roads.osm", layer="lines").frame) > 900
    )


@pytest.mark.packs
def test_tables_of_the_fibre_standard_agree_with_its_json(datasets: Path) -> None:
    """Nodes and spans of the XLSX and CSV forms are those of the JSON package."""
    folder = datasets / "ofds" / "Kenya" / "JTL"
    (package,) = json.loads((folder / "ofds_JTL_Kenya.json").read_text(encoding="utf-8"))[
        "networks"
    ]
    for name, options in (
        ("ofds_JTL_Kenya.xlsx", ("nodes", "spans")),
        ("ofds_JTL_Kenya_CSV.zip", ("nodes.csv", "spans.csv")),
    ):
        nodes, spans = (open_file(folder / name, layer=layer) for layer in options)
        assert len(nodes.frame) == len(package["nodes"])
        assert len(spans.frame) == len(package["spans"])
        places = [tuple(node["location"]["coordinates"]) for node in package["nodes"]]
        assert [(point.x, point.y) for point in nodes.frame.geometry] == [
            pytest.approx(place, abs=1e-7) for place in places
        ]
        lengths = [len(span["route"]["coordinates"]) for span in package["spans"]]
        assert [len(line.coords) for line in spans.frame.geometry] == lengths


@pytest.mark.packs
def test_every_other_file_of_the_fibre_standard_opens_or_says_what_it_is(datasets: Path) -> None:
    files = files_of(datasets / "ofds")
    assert len(files) > 40
    for path in files:
        if path.suffix == ".json":
            with pytest.raises(InputError, match=NO_LAYER[".json"]):
                open_file(path)
        elif path.suffix == ".geojson":
            assert open_file(path).is_placed
        else:
            with pytest.raises(ChoiceError) as caught:
                open_file(path)
            names = {Path(choice.name).stem for choice in caught.value.choices}
            assert {"nodes", "spans"} <= names
