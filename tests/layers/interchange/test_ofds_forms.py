"""The forms of the Open Fibre Data Standard beside JSON: all of them say the same."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import shapely
from libcoveofds.geojson import JSONToGeoJSONConverter

from steppe.layers.errors import InputError
from steppe.layers.interchange.formats import is_network

LINES = {"id": "org1", "name": "Lines"}


@pytest.fixture
def said(network: dict) -> dict:
    """One network that fills the fields of 0.4."""
    network["organisations"] = [LINES, {"id": "org2", "name": "Light"}]
    network["phases"] = [{"id": "p1", "name": "First"}]
    network["nodes"][0] |= {
        "phase": {"id": "p1"}, "power": True, "technologies": ["ip", "sdh"],
        "transmissionMediumOwner": LINES, "networkProviders": [{"id": "org2", "name": "Light"}],
        "internationalConnections": [{"country": "MN"}, {"country": "RU"}],
        "supportingInfrastructure": {"type": "building", "owner": LINES},
    }  # fmt: skip
    span = network["spans"][0]
    del span["physicalInfrastructureProvider"]
    span |= {
        "id": "hb1", "transmissionMediumOwner": {"id": "org1"}, "phase": {"id": "p1"},
        "networkProviders": [{"id": "org2", "name": "Light"}, LINES],
        "supplier": {"id": "org2", "name": "Light"}, "deployment": ["belowGround"],
        "codeployment": "rail", "cableType": "adss", "darkFibre": False,
        "supportingInfrastructure": {"type": "duct", "description": "in the bank"},
        "fibreType": "G.652", "fibreTypeDetails": {"fibreSubtype": "G.652.D"},
        "technologies": ["dwdm"], "capacityDetails": {"description": "4 x 100"},
        "countries": ["CN"],
    }  # fmt: skip
    return network


def _tables(  # noqa: C901 (one form)
    network: dict, *, wkt: bool
) -> dict[str, list[dict[str, object]]]:
    """The tables of the CSV form: heads are paths, lists of codes have semicolons."""
    tables: dict[str, list[dict[str, object]]] = {"networks": []}

    def shape(value: dict) -> dict[str, object]:
        if wkt:
            return {"": shapely.geometry.shape(value).wkt}
        places = value["coordinates"]
        is_point = value["type"] == "Point"
        pairs = [";".join(map(str, places))] if is_point else [f"{x},{y}" for x, y in places]
        return {"/type": value["type"], "/coordinates": ";".join(pairs)}

    def flat(thing: dict, before: str, row: dict, *, lists: str) -> None:
        for name, value in thing.items():
            if name in {"location", "route"}:
                row |= {f"{before}{name}{end}": text for end, text in shape(value).items()}
            elif isinstance(value, dict):
                flat(value, f"{before}{name}/", row, lists=lists)
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                for each in value:
                    inner = {"id": network["id"], before + "id": thing["id"]}
                    flat(each, f"{before}{name}/0/", inner, lists="")
                    tables.setdefault(f"{lists}_{name}", []).append(inner)
            else:
                row[before + name] = ";".join(value) if isinstance(value, list) else value

    top = {name: value for name, value in network.items() if not isinstance(value, list)}
    row: dict = {}
    flat(top, "", row, lists="")
    tables["networks"].append(row)
    for kind in ("nodes", "spans", "organisations", "phases"):
        for each in network[kind]:
            row = {"id": network["id"]}
            flat(each, f"{kind}/0/", row, lists=kind)
            tables.setdefault(kind, []).append(row)
    return tables


def _csv(rows: list[dict[str, object]]) -> str:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write_geopackage(  # noqa: C901, PLR0912, PLR0915 (one form)
    path: Path, network: dict
) -> None:
    """The tables that the standard's own builder makes of the schema, as far as they are filled."""
    base = sqlite3.connect(path)
    base.executescript("""
        create table gpkg_spatial_ref_sys (srs_name, srs_id integer primary key, organization,
            organization_coordsys_id integer, definition, description);
        create table gpkg_contents (table_name primary key, data_type, identifier, srs_id integer);
        create table gpkg_geometry_columns (table_name primary key, column_name,
            geometry_type_name, srs_id integer, z, m);
        create table networks (id integer primary key autoincrement, ofds_id text, name text,
            accuracy real, collectionDate text);
        create table organisations (id integer primary key autoincrement, ofds_id text, name text,
            network_id integer);
        create table phases (id integer primary key autoincrement, ofds_id text, name text,
            network_id integer);
        create table nodes (id integer primary key autoincrement, geom blob, ofds_id text,
            name text, status text, phase integer, address__country text, accessPoint text,
            power text, supportingInfrastructure__type integer,
            supportingInfrastructure__owner integer, transmissionMediumOwner integer,
            network_id integer);
        create table spans (id integer primary key autoincrement, geom blob, ofds_id text,
            name text, status text, readyForServiceDate text, start integer, "end" integer,
            phase integer, transmissionMediumOwner integer, supplier integer,
            supportingInfrastructure__type integer, supportingInfrastructure__description text,
            codeployment integer, cableType integer, darkFibre text, fibreType text,
            fibreTypeDetails__fibreSubtype text, fibreCount integer, fibreLength real,
            capacity real, capacityDetails__description text, network_id integer);
        create table nodes_internationalConnections (id integer primary key, country text,
            node_id integer);
    """)
    base.execute("insert into gpkg_geometry_columns values ('nodes','geom','POINT',4326,0,0)")
    base.execute("insert into gpkg_geometry_columns values ('spans','geom','LINESTRING',4326,0,0)")

    def insert(table: str, row: dict) -> int:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        done = base.execute(f"insert into {table} ({names}) values ({marks})", [*row.values()])
        return int(done.lastrowid or 0)

    def code(codelist: str, value: str) -> int:
        base.execute(f"create table if not exists {codelist} (id integer primary key, code text)")
        found = base.execute(f"select id from {codelist} where code = ?", (value,)).fetchone()
        return found[0] if found else insert(codelist, {"code": value})

    def blob(value: dict | None) -> bytes | None:
        head = b"GP\x00\x01" + (4326).to_bytes(4, "little")
        return None if value is None else head + shapely.geometry.shape(value).wkb

    about = {name: network[name] for name in ("name", "accuracy", "collectionDate")}
    insert("networks", {"ofds_id": network["id"], **about})
    numbers: dict[str, dict[str, int]] = {"organisations": {}, "phases": {}, "nodes": {}}
    for kind in ("organisations", "phases"):
        for each in network[kind]:
            row = {"ofds_id": each["id"], "name": each["name"], "network_id": 1}
            numbers[kind][each["id"]] = insert(kind, row)
    lists = {
        "type": "open_nodeType", "technologies": "open_{kind}Technologies",
        "transmissionMedium": "closed_transmissionMedium", "deployment": "closed_deployment",
        "countries": "closed_country",
    }  # fmt: skip
    for kind, geometry in (("nodes", "location"), ("spans", "route")):
        for each in network[kind]:
            row = {"ofds_id": each["id"], "geom": blob(each.get(geometry)), "network_id": 1}
            relations = []
            for name, value in each.items():
                if name in {"id", geometry, "internationalConnections"}:
                    continue
                if name in {"start", "end"}:
                    row[name] = numbers["nodes"][value]
                elif name in {"phase", "supplier", "transmissionMediumOwner"}:
                    row[name] = numbers["phases" if name == "phase" else "organisations"][
                        value["id"]
                    ]
                elif name == "networkProviders":
                    relations += [(name, numbers["organisations"][one["id"]]) for one in value]
                elif name in lists:
                    codelist = "codelist_" + lists[name].format(kind=kind[:-1])
                    relations += [(name, code(codelist, one)) for one in value]
                elif name in {"codeployment", "cableType"}:
                    row[name] = code(f"codelist_open_{name}", value)
                elif name == "supportingInfrastructure":
                    codelist = f"codelist_open_{kind[:-1]}SupportingInfrastructure"
                    row[f"{name}__type"] = code(codelist, value["type"])
                    if "owner" in value:
                        row[f"{name}__owner"] = numbers["organisations"][value["owner"]["id"]]
                    if "description" in value:
                        row[f"{name}__description"] = value["description"]
                elif isinstance(value, dict):
                    row |= {f"{name}__{inner}": one for inner, one in value.items()}
                else:
                    row[name] = str(value).lower() if isinstance(value, bool) else value
            number = insert(kind, row)
            if kind == "nodes":
                numbers["nodes"][each["id"]] = number
            for name, other in relations:
                table = f"relation_{kind}_{name}"
                base.execute(f"create table if not exists {table} (base_id integer, related_id)")
                insert(table, {"base_id": number, "related_id": other})
            for one in each.get("internationalConnections", []):
                insert("nodes_internationalConnections", {**one, "node_id": number})
    base.commit()
    base.close()


def _write(form: str, network: dict, folder: Path) -> Path:  # noqa: C901 (each form)
    """Write the network in one of the forms; returns the file that is to be named."""
    package = {"networks": [network]}
    path = folder / f"net.{form.rpartition(' ')[2]}"
    if form == "a package in a zip":
        path = folder / "net.zip"
    match form:
        case "csv up to 0.3, zip" | "csv since 0.4, zip":
            path = folder / "net.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for name, rows in _tables(network, wkt="0.4" in form).items():
                    archive.writestr(f"tables/{name}.csv", _csv(rows))
        case "csv folder":
            path = folder / "spans.csv"
            for name, rows in _tables(network, wkt=True).items():
                (folder / f"{name}.csv").write_text(_csv(rows), encoding="utf-8", newline="")
        case "workbook":
            path = folder / "net.xlsx"
            for n, (name, rows) in enumerate(_tables(network, wkt=True).items()):
                pyogrio.write_dataframe(pd.DataFrame(rows), path, layer=name, append=n > 0)
        case "geopackage":
            path = folder / "net.gpkg"
            _write_geopackage(path, network)
        case "a package in a zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("net.json", json.dumps(package))
        case "features of two files in a zip":
            path = folder / "net.zip"
            converter = JSONToGeoJSONConverter()
            converter.process_package(json.loads(json.dumps(package)))
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("nodes.geojson", json.dumps(converter.get_nodes_geojson()))
                archive.writestr("spans.geojson", json.dumps(converter.get_spans_geojson()))
    return path


@pytest.mark.parametrize(
    "form",
    [
        "csv up to 0.3, zip",
        "csv since 0.4, zip",
        "csv folder",
        "workbook",
        "geopackage",
        "a package in a zip",
        "features of two files in a zip",
    ],
)
def test_every_form_says_what_json_says(
    write, said, read_nodes, read_fibre, tmp_path, form
) -> None:
    path = write("net.json", {"networks": [said]})
    nodes, fibre = read_nodes(path), read_fibre(path)
    other = _write(form, json.loads(json.dumps(said)), tmp_path)
    for ours, theirs in ((nodes, read_nodes(other)), (fibre, read_fibre(other))):
        assert list(theirs.columns) == list(ours.columns)
        assert theirs.equals(ours), theirs.compare(ours)


def test_fields_of_the_standard_have_columns(write, said, read_nodes, read_fibre) -> None:
    notes: list = []
    path = write("net.json", {"networks": [said]})
    cable = read_fibre(path, notes=notes).set_index("cable_id").loc["hb1"]
    expected = {
        "operator": "Lines", "network_providers": "Light; Lines", "supplier": "Light",
        "deployment": "belowGround", "deployment_details": "in the bank", "codeployment": "rail",
        "supporting_infrastructure": "duct", "cable_type": "adss", "dark_fibre": "false",
        "fibre_type": "G.652", "fibre_subtype": "G.652.D", "technologies": "dwdm",
        "capacity_details": "4 x 100", "countries": "CN", "phase": "First",
        "ready_date": "2016-05-01", "network_name": "Test net", "transmission_medium": "fibre",
    }  # fmt: skip
    assert {name: cable[name] for name in expected} == expected
    node = read_nodes(path).set_index("node_id").loc["h"]
    expected = {
        "owner": "Lines", "network_providers": "Light", "phase": "First", "power": "true",
        "technologies": "ip; sdh", "connects_to": "MN; RU", "node_type": "pop",
        "node_status": "operational", "supporting_infrastructure": "building",
        "infrastructure_owner": "Lines",
    }  # fmt: skip
    assert {name: node[name] for name in expected} == expected
    assert not [note for note in notes if "not read, with" in note.say("en")]


def test_what_is_not_read_is_told_with_its_count(write, network, read_fibre) -> None:
    for span in network["spans"]:
        span |= {"directed": False, "pointNames": "A, B"}
    network["spans"][0] |= {"wayleaves": ["w1"], "fibreTypeDetails": {"description": "old"}}
    network["nodes"][0]["name2"] = "x"
    network["website"] = "https://example.org"
    network["phases"] = [{"id": "p1", "name": "First", "description": "of two"}]
    notes: list = []
    read_fibre(write("net.json", {"networks": [network]}), notes=notes)
    told = {line for note in notes if "not read, with" in (line := note.say("en"))}
    start = "fields of OFDS that are not read, with how often each is given"
    of_nodes = "networks.phases.description (1), networks.website (1), nodes.name2 (1)"
    of_spans = (
        "spans.directed (5), spans.fibreTypeDetails.description (1), spans.pointNames (5), "
        "spans.wayleaves (1)"
    )
    assert told == {
        f"net.json › nodes: {start}: {of_nodes}",
        f"net.json › fibre: {start}: {of_spans}",
    }


def test_the_flat_form_of_geojson_is_read(write, read_nodes, read_fibre) -> None:
    """The fields of the standard's guidance on GeoJSON for display, 0.4."""
    ends = {"1": (10.0, 50.0), "2": (11.0, 51.0)}
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {
                "network": "N", "identifier": node_id, "name": f"Place {node_id}",
                "type": "pop;ixp", "networkProviders": "A;B", "transmissionMediumOwner": "C",
                "accessPoint": "false",
            },
        }
        for node_id, place in ends.items()
    ]  # fmt: skip
    span = {
        "network": "N", "identifier": "s", "start": "Place 1 (1)", "end": "Place 2 (2)",
        "status": "operational", "transmissionMediumOwner": "C", "networkProviders": "A;B",
        "fibreCount": 24, "fibreTypeDetails__fibreSubtype": "G.652.D", "countries": "DE;CZ",
        "supportingInfrastructure__type": "duct", "directed": "true",
    }  # fmt: skip
    line = {"type": "LineString", "coordinates": [*ends.values()]}
    features.append({"type": "Feature", "geometry": line, "properties": span})
    path = write("net.geojson", features)
    nodes, cable = read_nodes(path), read_fibre(path).iloc[0]
    assert list(nodes["node_id"]) == ["1", "2"]
    assert list(nodes["kind"]) == ["junction", "junction"]
    assert set(nodes["owner"]) == {"C"}
    assert (cable["from_node"], cable["to_node"], cable["fibres"]) == ("1", "2", 24)
    assert (cable["operator"], cable["network_providers"]) == ("C", "A; B")
    assert (cable["fibre_subtype"], cable["supporting_infrastructure"]) == ("G.652.D", "duct")
    assert cable["countries"] == "DE; CZ"


def test_a_span_in_one_country_tells_where_its_ends_are(write, network, read_nodes) -> None:
    network["spans"][2]["countries"] = ["CN"]
    network["spans"][3]["countries"] = ["CN", "MN"]
    assert list(read_nodes(write("net.json", {"networks": [network]}))["country"]) == ["CN"] * 3


@pytest.mark.parametrize("name", ["net.zip", "net.xlsx"])
def test_what_is_no_zip_is_one_line(tmp_path, read_fibre, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match=f"^{name}: is no zip that can be unpacked; zip it again"):
        read_fibre(tmp_path / name)


def test_damaged_files_are_read_or_refused(said, read_nodes, tmp_path) -> None:
    """A few bytes of each form are others, by a fixed seed; heads of zips among them."""
    chance = random.Random(15)
    for form in ("csv since 0.4, zip", "geopackage"):
        path = _write(form, json.loads(json.dumps(said)), tmp_path)
        content = path.read_bytes()
        n_refused = 0
        for _ in range(20):
            spoilt = bytearray(content)
            for _ in range(chance.randint(1, 8)):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            path.write_bytes(spoilt)
            try:
                read_nodes(path)
            except InputError:
                n_refused += 1
        assert n_refused


def test_a_span_that_names_no_network_of_a_geopackage_is_of_the_only_one(
    said, read_fibre, tmp_path
) -> None:
    path = _write("geopackage", said, tmp_path)
    with sqlite3.connect(path) as base:
        base.execute("update spans set network_id = null where ofds_id = 'hd'")
    base.close()
    assert "hd" in set(read_fibre(path)["cable_id"])


def test_a_zip_that_holds_no_network_is_one_line(tmp_path, read_fibre) -> None:
    with zipfile.ZipFile(tmp_path / "net.zip", "w") as archive:
        archive.writestr("parks.csv", "park_id,name\n1,a\n")
    with pytest.raises(InputError, match="holds no network"):
        read_fibre(tmp_path / "net.zip")


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(tmp_path, read_fibre) -> None:
    with zipfile.ZipFile(tmp_path / "net.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nodes.csv", b"0" * (33 * 1024 * 1024))
    with pytest.raises(InputError, match=r"34 603 008 bytes.*33 554 432"):
        read_fibre(tmp_path / "net.zip")


def test_parts_that_lie_behind_a_link_are_told(write, network, read_fibre) -> None:
    network["links"] = [
        {"rel": "tag:opentelecomdata.net,2022:spansFile", "href": "https://example.org/spans.json"}
    ]
    del network["spans"]
    with pytest.raises(InputError, match=r"its spans lie elsewhere, at https://example.org/sp"):
        read_fibre(write("net.json", {"networks": [network]}))


def test_a_zip_is_a_network_by_what_it_holds(said, tmp_path) -> None:
    for form in ("csv since 0.4, zip", "a package in a zip", "features of two files in a zip"):
        assert is_network(_write(form, json.loads(json.dumps(said)), tmp_path)), form
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("parks.geojson", '{"type": "FeatureCollection", "features": []}')
    assert not is_network(tmp_path / "other.zip")
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04")
    assert not is_network(tmp_path / "none.zip")
