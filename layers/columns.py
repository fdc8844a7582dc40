"""What columns may hold: the bricks that contracts are built of.

A column is one entry: what it holds, in which unit, within which bounds, what people read at its
head.  Everything that speaks of columns follows from the entries: the checks of what is read and
made, the heads in QGIS and on the page, docs/files.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from steppe.layers.derivations import Derivation
from steppe.layers.shared_titles import SHARED_TITLES
from steppe.layers.wording import find_languages, read_catalogue

if TYPE_CHECKING:
    import pandera.pandas as pa

STATUSES = ("in_service", "building", "planned", "studied")
FACT_KINDS = ("said", "measured", "derived", "assumed")
MEASURE_STATUSES = ("observed", "derived", "assumed", "unknown")
BANDS = ("p05_p95", "range", "none")
PARK_LEVELS = ("zone", "campus", "facility")
RISK_KINDS = ("corridor", "stretch", "crossing", "river_crossing", "border_crossing", "city")
VERDICTS = ("holds", "fails", "partly", "undecided", "cannot_be_checked")

RULE_STRENGTHS = ("hard", "required", "should", "mainly", "as_needed", "in_principle", "aim")
COMPARISONS = ("at_least", "at_most", "below", "named")
RULE_VERDICTS = ("pass", "fail", "unknown")
FIGURE_STANDINGS = ("reached", "target", "planned")
TARGET_VERDICTS = ("reached", "missed", "unknown")
COST_COMPONENTS = ("energy", "tie_line", "fibre", "land", "water", "known", "total")
EXPLANATION_KINDS = ("lifted", "held", "climb", "survey")
ASSUMED_KINDS = ("weight", "share", "function", "setting", "class")
TURNS = ("yes", "no", "held")
CHANGE_KINDS = ("site", "rank", "score", "measure", "rtt", "routes", "cost", "target")
REQUEST_TESTS = ("voltage", "plants", "spare", "land", "year", "fibre", "total")
REQUEST_VERDICTS = ("can", "may", "cannot", "unknown")
POWER_FIELDS = (
    *("spare_capacity_mw", "queue_position", "price_cny_kwh", "direct_supply"),
    "grid_co2_kg_mwh",
)


# Years that dates and statuses of a plan may lie in, and those that catalogues of nature know.
YEARS = (1800, 2100)
YEARS_OF_NATURE = (-5000, 2100)

# The possible, with room: the longest cable and the largest station and voltage of the world are
# a fifth to a half of these.  What lies beyond is a slip of the unit or of the keyboard.
MAX_KM, MAX_MW, MAX_KV = 50_000, 50_000, 1_500

GEOMETRY_TYPES = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}

# Layers whose rows are places that documents speak of.
PLACES = ("parks", "nodes", "towns", "ports", "boundaries")

# What a title that is said in a language tells of it, Chinese and English.
_SAID_IN = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


Listing = Literal["one", "blanks", "stretches"]


@dataclass(frozen=True)
class Column:
    """What one column holds.

    Parameters
    ----------
    meaning
        What it tells, with unit and choices, in English.
    kind
        What its cells are; dates are held as text of ISO 8601.
    unit
        Unit of the numbers, known to `steppe.layers.units`; empty for texts, and for numbers
        whose unit stands in a column `unit` beside them.
    zh, en
        What people read at its head; empty for what `SHARED_TITLES` says of its name.
    low, high
        Least and greatest number, or year of a date; infinite where there is no bound.
    choices
        The only texts; empty for any.
    names
        Layers whose ids its cells name, or columns as `layer.column`; also `countries`, for
        codes of ISO 3166-1, and `everywhere`, for a star.
    listed
        How a cell holds several names: `one`, `blanks` between them, or `stretches`, each a
        name and a length.
    is_optional
        Whether it may be left out, and its cells empty.
    derive
        What makes it from the other columns of a table that a plan comes to; see
        `steppe.layers.derivations`.
    made
        What makes it where a file that a plan reads has no such column, a name of
        `steppe.layers.filling.MAKERS`; empty for none.
    assumed
        What is assumed where such a file has no such column, and nothing makes it; None for
        what somebody has to tell.
    name
        Name, which the contract gives it.
    """

    meaning: str
    kind: Literal["text", "date", "number", "whole"] = "text"
    unit: str = ""
    zh: str = ""
    en: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    listed: Listing = "one"
    is_optional: bool = False
    derive: Derivation | None = None
    made: str = ""
    assumed: str | float | None = None
    name: str = ""

    def title(self, language: str) -> str:
        """Return its head in a language: of the catalogue, its own, English, or its meaning."""
        said = read_catalogue(language).get(f"field.{self.name}")
        return said or {"zh": self.zh}.get(language) or self.en or self.meaning

    @property
    def titles(self) -> tuple[str, ...]:
        """Its heads in every language of the catalogues."""
        return tuple(self.title(language) for language in find_languages())


@dataclass(frozen=True)
class Contract:
    """What one layer or table holds.

    Parameters
    ----------
    name
        Layer name, also the table name in GeoPackage.
    geometry
        `point`, `line`, `polygon`, or None for a table.
    key
        Columns that together are unique.
    columns
        Columns by name, in writing order.
    meaning
        What a table tells, in English.
    zh, en
        What people call a table; a layer has the title of its style.
    is_passed_on
        Whether the outputs hold a table that was read.
    has_csv
        Whether a table of the outputs is a CSV file too.
    """

    name: str
    geometry: Literal["point", "line", "polygon"] | None
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    meaning: str = ""
    zh: str = ""
    en: str = ""
    is_passed_on: bool = False
    has_csv: bool = True

    def __post_init__(self) -> None:
        """Give the columns their names, and the titles that go with the names."""
        named = {name: _with_name(column, name) for name, column in self.columns.items()}
        object.__setattr__(self, "columns", named)

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema; further columns are let through."""
        # Whoever validates nothing need not wait for pandera.
        from steppe.layers.pandera_schemas import make_schema  # noqa: PLC0415

        return make_schema(self.name, self.columns)

    def unit(self, name: str) -> str:
        """Return the unit of a column; empty for one that has none, or is not there."""
        return self.columns[name].unit if name in self.columns else ""

    def title(self, language: str) -> str:
        """Return what a table is called in a language: of the catalogue, its own, or English."""
        said = read_catalogue(language).get(f"table.{self.name}")
        return said or {"zh": self.zh}.get(language) or self.en


def _with_name(column: Column, name: str) -> Column:
    zh, en = SHARED_TITLES.get(name, ("", ""))
    return replace(column, name=name, zh=column.zh or zh, en=column.en or en)


def text(meaning: str, *, values: tuple[str, ...] = (), empty: bool = False, **more: Any) -> Column:
    """Return a column of text, of any text or one of some values, see `Column`."""
    told = f"{meaning}: {', '.join(values)}" if values else meaning
    return Column(told, choices=values, is_optional=empty, **more)


def said(
    name: str, meaning: str, *, zh: str = "", en: str = "", empty: bool = False
) -> dict[str, Column]:
    """Return the columns of a text that is said in every language, by their names."""
    made = {}
    for language in find_languages():
        in_zh, in_en = _SAID_IN.get(language, (language, language))
        made[f"{name}_{language}"] = text(
            f"{meaning} ({language})",
            zh=f"{zh}（{in_zh}）" if zh else "",
            en=f"{en}, {in_en}" if en else "",
            empty=empty,
        )
    return made


def date(
    meaning: str,
    *,
    zh: str = "",
    en: str = "",
    years: tuple[int, int] = YEARS,
    empty: bool = False,
) -> Column:
    """Return a column of dates between two years, held as text."""
    told = f"{meaning}, ISO 8601"
    return Column(told, "date", zh=zh, en=en, low=years[0], high=years[1], is_optional=empty)


def number(meaning: str, *, empty: bool = False, **more: Any) -> Column:
    """Return a column of finite numbers, see `Column`."""
    return Column(meaning, "number", is_optional=empty, **more)


def share(meaning: str, zh: str = "", en: str = "", *, empty: bool = False) -> Column:
    """Return a column of shares, 0 to 1."""
    return number(meaning, zh=zh, en=en, unit="1", low=0, high=1, empty=empty)


def whole(meaning: str, *, unit: str = "1", empty: bool = False, **more: Any) -> Column:
    """Return a column of whole numbers, see `Column`."""
    return Column(meaning, "whole", unit, is_optional=empty, **more)


NAMES = {
    "name_zh": text("Chinese name", zh="中文名", en="Chinese name", made="name"),
    "name_en": text("English name", zh="英文名", en="English name", made="name"),
}
SOURCE = {"source_id": text("source of the row, see sources.toml")}
# Nothing on the earth is further away than half its girth.
ACCURACY = {
    "accuracy_m": number(
        "horizontal accuracy, metres",
        zh="精度（米）",
        en="Accuracy (m)",
        low=0,
        high=20_037_508,
        unit="m",
        made="accuracy",
        assumed=1000.0,
    )
}
AS_OF = {"as_of": date("date that the row speaks of", zh="数据日期", en="As of")}
RUN_KEY = {
    "scenario": text("scenario of the plan"),
    "year": whole("year of the scenario", unit="a"),
}
