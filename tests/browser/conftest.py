"""A Chromium without a network, pages that tolerate no error, and the small plan."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from steppe.layers.tables import PlanTables
from steppe.maps.page import render_page

CHROMIUM = Path("/usr/bin/chromium")
# What is waited for comes at once, but on a busy machine.
PATIENCE_MS = 300_000
# What a page shows, where it stands and what is chosen on it.
STATE = """() => [location.href, document.documentElement.outerHTML, scrollY,
  [...document.querySelectorAll("input, select, details")].map((one) => [one.value, one.checked, one.open]),
]"""
# Opens the rest of every card, which is folded at first.
UNFOLD = """new MutationObserver(() => {
  const rest = document.getElementById("card-rest");
  if (rest) rest.open = true;
}).observe(document, { subtree: true, childList: true });"""
# The map unpacks its data before it starts; other pages have none.
STARTED = "() => !document.getElementById('data') || Boolean(window.steppe && steppe.map)"
# What a page leaves behind for the next one of its context.
KEPT = """async () => [
  ...Object.keys(localStorage), document.cookie, ...(await indexedDB.databases()).map((b) => b.name),
].filter(Boolean).map((name) => `kept: ${name}`)"""


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
        common | unknown | {"site_id": "twin_3", "reason_zh": "附近没有标明电压的变电站"},
        common | assumed | {"site_id": "twin_4", "value": 1.0 / 3.0, "reason_zh": "类比"},
    ]
    layers = dict(tables.layers) | {"parks": pd.concat([parks, *twins], ignore_index=True)}
    graphs = PLANS.lay_out(layers, tables.info)
    return dataclasses.replace(tables, layers=layers, graphs=graphs).with_tables(
        scores=_append(scores, rows), measures=_append(tables.measures, measures)
    )


def _append(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    more = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes)
    return pd.concat([table, more], ignore_index=True)


def poison(tables: PlanTables, probes: Sequence[str] = PLANS.PROBES) -> PlanTables:
    """Return the plan with probes in every text that any table carries, and as park ids."""
    hostile = PLANS.make_hostile(tables, probes)
    ids = {park: f"{probes[i % 5]} {i}" for i, park in enumerate(hostile.layers["parks"].park_id)}
    parks = hostile.layers["parks"].copy()
    parks["park_id"] = parks["park_id"].map(ids)
    parks["parent_id"] = parks["parent_id"].map(ids)
    parks["role"] = probes[3]
    swapped: dict[str, Any] = {}
    for name, texts in {
        "measures": (
            *("reason_zh", "reason_en", "text_zh", "text_en", "method_zh", "method_en"),
            "unit",
        ),
        "latency": ("reason_zh", "reason_en"),
        "redundancy": ("reason_zh", "reason_en", "evidence"),
        "disjoint": (),
        "cuts": ("name_zh", "name_en"),
        "calibration": ("from_zh", "from_en", "to_zh", "to_en"),
        "claims": (
            *("text_zh", "text_en", "found_zh", "found_en", "reason_zh", "reason_en"),
            "place_in_text",
        ),
        "rule_checks": ("reason_zh", "reason_en", "clause"),
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
    layers = dict(hostile.layers) | {"parks": parks}
    poisoned = dataclasses.replace(
        hostile,
        layers=layers,
        graphs=PLANS.lay_out(layers, hostile.info),
        info=dataclasses.replace(hostile.info, criteria=criteria, review_number=probes[2]),
    ).with_tables(**swapped)
    return dataclasses.replace(poisoned, variants=(PLANS.make_mesh(poisoned),))


@pytest.fixture(scope="session")
def tables() -> PlanTables:
    return crowd(PLANS.make_tables())


@pytest.fixture(scope="session")
def plans() -> ModuleType:
    """The module of the maps' small plan."""
    return PLANS


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
def default_uri(default_tables: PlanTables, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _write(tmp_path_factory.mktemp("default"), default_tables)


@pytest.fixture(scope="session")
def hostile_uri(tables: PlanTables, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _write(tmp_path_factory.mktemp("hostile"), poison(tables))


@pytest.fixture(scope="session")
def poisoned(
    tables: PlanTables, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Sequence[str]], str]:
    """Return a function that writes the map of a plan whose texts are names of the test."""
    return lambda names: _write(tmp_path_factory.mktemp("poisoned"), poison(tables, names))


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
        browser = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"], timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that gives the context of a window: one for all pages that ask alike.

    A context is a profile of its own, which takes the browser longer to make than to open the
    map. The pages share theirs because the map keeps nothing in it, which `visit` holds.
    """
    made: dict[str, Any] = {}

    def give(**options: Any) -> Any:
        key = repr(sorted(options.items()))
        if key not in made:
            plain = {"offline": True, "reduced_motion": "reduce", "locale": "zh-CN"}
            made[key] = chromium.new_context(**plain | options)
            made[key].set_default_timeout(PATIENCE_MS)
        return made[key]

    yield give
    for context in made.values():
        context.close()


@contextmanager
def _watch(contexts: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Give what opens pages; any request, error, dialog or trace of them is a fault at the end."""
    faults: list[str] = []
    pages = []

    def open_page(
        uri: str, *, width: int = 1440, height: int = 900, folded: bool = False, **options: Any
    ) -> Any:
        page = contexts(viewport={"width": width, "height": height}, **options).new_page()
        if not folded:
            page.add_init_script(UNFOLD)
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: faults.append(_outside(request.url, uri)))
        page.goto(uri)
        page.wait_for_function(STARTED)
        return page

    yield open_page
    for page in pages:
        faults += page.evaluate(KEPT)
        page.close()
    assert [fault for fault in faults if fault] == []


def _outside(url: str, uri: str) -> str:
    inside = url.partition("#")[0] == uri.partition("#")[0] or url.startswith(("data:", "blob:"))
    return "" if inside else f"request: {url}"


@pytest.fixture
def visit(contexts: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Open pages with the network cut, each to be used at will."""
    with _watch(contexts) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def visit_once(contexts: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Open pages with the network cut that the tests of a module share."""
    with _watch(contexts) as open_page:
        yield open_page


@contextmanager
def _look(page: Any) -> Iterator[Any]:
    before = page.evaluate(STATE)
    yield page
    assert page.evaluate(STATE) == before, "a test that may only look has changed the page"


@pytest.fixture(scope="session")
def look() -> Callable[[Any], AbstractContextManager[Any]]:
    """Give a page for looking at: nothing on it may be another afterwards."""
    return _look


@pytest.fixture
def page(visit: Callable[..., Any], page_uri: str) -> Any:
    return visit(page_uri)


@pytest.fixture(scope="module")
def _shared_page(visit_once: Callable[..., Any], page_uri: str) -> Any:
    return visit_once(page_uri)


@pytest.fixture
def still(_shared_page: Any, look: Callable[..., Any]) -> Iterator[Any]:
    """The page as it opens, one for all tests of a module that only look at it."""
    with look(_shared_page) as page:
        yield page
