"""A Chromium without a network, pages that tolerate no error, and the small plan."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from layers.tables import PlanTables
from maps.page import render_page

CHROMIUM = Path("/usr/bin/chromium")


def _load_plans() -> ModuleType:
    # The small plan of the maps' own tests; pytest shows a conftest to its folder only.
    path = Path(__file__).parents[1] / "maps" / "conftest.py"
    spec = importlib.util.spec_from_file_location("steppe_small_plan", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLANS = _load_plans()


def crowd(tables: PlanTables) -> PlanTables:
    """Return the plan with gaps in its knowledge and many parks in one place.

    Parks `twin_0` to `twin_7` share the point of the first park; two have equal scores, one
    lacks a criterion, one has no score at all; one measure is unknown and one assumed.
    """
    parks = tables.layers["parks"]
    first = parks.iloc[[0]]
    twins = []
    for number in range(8):
        twin = first.copy()
        twin["park_id"] = f"twin_{number}"
        twin["name_zh"], twin["name_en"] = f"双子园区{number}", f"Twin Park {number}"
        twins.append(twin)
    scores = tables.scores
    rows, measures = [], []
    for number in range(7):
        for name, value in (("climate", 0.3 + 0.05 * min(number, 5)), ("power", 0.45)):
            known = not (number == 3 and name == "power")
            rows.append(
                {
                    "site_id": f"twin_{number}",
                    "criterion": name,
                    "scenario": "base",
                    "year": 2017,
                    "level": "zone",
                    "value": value if known else None,
                    "low": value - 0.1 if known else None,
                    "high": value + 0.1 if known else None,
                    "weight": 0.5,
                    "coverage": 1.0 if known else 0.0,
                }
            )
    common = {"scenario": "base", "year": 2017, "unit": "km", "band": "none"}
    unknown = {"measure_id": "to_220_kv_km", "criterion": "power", "status": "unknown"}
    assumed = {"measure_id": "temp_mean_c", "criterion": "climate", "status": "assumed"}
    measures = [
        common | unknown | {"site_id": "twin_3", "reason": "no station is tagged near it"},
        common | assumed | {"site_id": "twin_4", "value": 1.0 / 3.0, "reason": "by analogy"},
    ]
    layers = dict(tables.layers) | {"parks": pd.concat([parks, *twins], ignore_index=True)}
    return dataclasses.replace(
        tables,
        layers=layers,
        scores=_append(scores, rows),
        measures=_append(tables.measures, measures),
    )


def _append(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    more = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes)
    return pd.concat([table, more], ignore_index=True)


def poison(tables: PlanTables) -> PlanTables:
    """Return the plan with probes in every text that any table carries, and as park ids."""
    hostile = PLANS.make_hostile(tables)
    probes = PLANS.PROBES
    ids = {park: f"{probes[i % 5]} {i}" for i, park in enumerate(hostile.layers["parks"].park_id)}
    parks = hostile.layers["parks"].copy()
    parks["park_id"] = parks["park_id"].map(ids)
    parks["parent_id"] = parks["parent_id"].map(ids)
    parks["role"] = probes[3]
    swapped: dict[str, Any] = {}
    for name, texts in {
        "measures": ("reason", "text", "method", "unit"),
        "latency": ("reason",),
        "redundancy": ("reason", "evidence"),
        "disjoint": (),
        "cuts": ("name_zh", "name_en"),
        "calibration": ("from_zh", "from_en", "to_zh", "to_en"),
        "claims": ("text_zh", "text_en", "found", "reason", "place_in_text"),
        "rule_checks": ("reason", "clause"),
        "facts": ("reason", "place_in_text", "value"),
        "scores": (),
    }.items():
        table = getattr(hostile, name).copy()
        for column in ("site_id", "from_id", "to_id", "id"):
            if column in table:
                table[column] = table[column].map(lambda key: ids.get(key, key))
        for column in ("cut_id", "trip_id"):
            if column in table:
                table[column] = [f"{probes[i % 5]} {i}" for i in range(len(table))]
        for number, text in enumerate(texts):
            table[text] = probes[number % 5]
        swapped[name] = table
    criteria = tuple(
        dataclasses.replace(criterion, title_zh=probes[2], title_en=probes[3])
        for criterion in hostile.info.criteria
    )
    return dataclasses.replace(
        hostile,
        layers=dict(hostile.layers) | {"parks": parks},
        info=dataclasses.replace(hostile.info, criteria=criteria, review_number=probes[2]),
        **swapped,
    )


@pytest.fixture(scope="session")
def tables() -> PlanTables:
    return crowd(PLANS.make_tables())


@pytest.fixture(scope="session")
def probes() -> tuple[str, ...]:
    return PLANS.PROBES


def _write(folder: Path, tables: PlanTables) -> str:
    path = folder / "map.html"
    path.write_text(render_page(tables), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def page_uri(tables: PlanTables, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _write(tmp_path_factory.mktemp("page"), tables)


@pytest.fixture(scope="session")
def hostile_uri(tables: PlanTables, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _write(tmp_path_factory.mktemp("hostile"), poison(tables))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    reason = "" if CHROMIUM.exists() else f"no Chromium at {CHROMIUM}"
    if importlib.util.find_spec("playwright") is None:
        reason = "playwright is not installed"
    if reason and os.environ.get("STEPPE_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  may be absent

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open pages with the network cut; any request, error or dialog fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(uri: str, *, width: int = 1440, height: int = 900, **options: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: faults.append(_outside(request.url, uri)))
        page.goto(uri)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for fault in faults if fault] == []


def _outside(url: str, uri: str) -> str:
    inside = url.partition("#")[0] == uri.partition("#")[0] or url.startswith(("data:", "blob:"))
    return "" if inside else f"request: {url}"


@pytest.fixture
def page(visit: Callable[..., Any], page_uri: str) -> Any:
    return visit(page_uri)
