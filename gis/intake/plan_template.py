"""The text of a plan.toml that is begun: every key with a word on it, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from steppe.intake.plan_editing import SOURCES_FILE
from steppe.layers.toml_writing import quote
from steppe.layers.wording import tell

Box = tuple[float, float, float, float]
NEAREST_NODE_KM = 100.0
"""How far the node of a park may lie that names none: assumed."""


@dataclass(frozen=True)
class _Scored:
    """A measure of a plan that is begun; without ends it is shown, not scored."""

    measure_id: str
    reason: str
    worst: float | None = None
    best: float | None = None


# What the layers that most people have, or that steppe fetch makes, tell of a park.
_CRITERIA: tuple[tuple[str, float, tuple[_Scored, ...]], ...] = (
    (
        "power",
        1.0,
        (
            _Scored("grid_220_km", "assumed", 30.0, 0.0),
            _Scored("substations_30km", "shown"),
            _Scored("tie_line_km", "shown"),
            _Scored("operating_100km_mw", "shown"),
            _Scored("green_share", "shown"),
        ),
    ),
    (
        "network",
        1.0,
        (
            _Scored("rtt_ms", "assumed", 20.0, 0.0),
            _Scored("effective_routes", "shown"),
            _Scored("rtt_floor_ms", "shown"),
        ),
    ),
    (
        "climate",
        0.0,
        (
            _Scored("pue", "pue", 1.342, 1.077),
            _Scored("air_temp_mean_c", "climate"),
            _Scored("free_cooling_h", "shown"),
        ),
    ),
    (
        "geology",
        0.0,
        (
            _Scored("hazard_pga_g", "assumed", 0.4, 0.0),
            _Scored("quake_largest_m", "shown"),
            _Scored("fault_km", "shown"),
            _Scored("slope_deg", "shown"),
        ),
    ),
)
# Of a synthetic year, all assumed: key and value.
_YEAR = (
    ("diurnal_range_k", 10.0),
    ("day_spread_k", 3.0),
    ("persistence", 0.7),
    ("dryness_k", 2.0),
)


def spell_plan(
    name: str,
    box: Box,
    *,
    targets: Sequence[str],
    day: date,
    is_reviewed: bool,
    language: str,
) -> str:
    """Return a plan.toml.

    Parameters
    ----------
    name, box, targets
        As in `steppe.planfile.plan_schema.Plan`.
    day
        The day that it is begun.
    is_reviewed
        Whether maps of it fall under the review of maps, and so say that this one was not reviewed.
    language
        Of its comments and reasons.
    """

    def comment(key: str) -> Iterator[str]:
        yield from (f"# {line}" for line in tell(f"init.comment.{key}").say(language).split("\n"))

    def reason(key: str) -> str:
        return f"reason = {quote(tell(f'init.reason.{key}').say(language))}"

    def lines() -> Iterator[str]:
        yield from comment("head")
        yield f"name = {quote(name)}"
        yield f"as_of = {day.isoformat()}"
        yield from comment("bbox")
        yield f"bbox = [{', '.join(str(float(end)) for end in box)}]"
        if is_reviewed:
            yield from comment("review")
            yield 'review_number = ""'
        yield f"sources = {quote(SOURCES_FILE)}"
        yield ""
        yield from comment("weights")
        yield "[weights]"
        for tongue in ("zh", "en"):
            yield f"who_{tongue} = {quote(tell('init.who').say(tongue))}"
            yield f"why_{tongue} = {quote(tell('init.why').say(tongue))}"
        yield ""
        yield from comment("network")
        yield "[network]"
        yield f"targets = [{', '.join(map(quote, targets))}]"
        yield f"nearest_node_km = {NEAREST_NODE_KM}"
        yield ""
        yield from comment("cooling")
        yield "[cooling]"
        yield 'facility = "hyperscale_air"'
        yield 'facilities = ["hyperscale_air"]'
        yield reason("cooling")
        yield "source_ids = []"
        yield f"free_cooling_c = {{ value = 18.0, {reason('free_cooling')} }}"
        yield f'allowable = {{ envelope = "allowable_a2", {reason("assumed")} }}'
        for key, value in _YEAR:
            yield f"{key} = {{ value = {value}, {reason('assumed')}, assumed = true }}"
        yield ""
        yield from comment("climate")
        for criterion, weight, measures in _CRITERIA:
            yield "[[criteria]]"
            yield f"name = {quote(criterion)}"
            yield from (
                f"title_{each} = {quote(tell(f'init.title.{criterion}').say(each))}"
                for each in ("zh", "en")
            )
            yield f"weight = {weight}"
            yield ""
            for each in measures:
                yield "[[criteria.measures]]"
                yield f"id = {quote(each.measure_id)}"
                if each.worst is None:
                    yield "weight = 0.0"
                else:
                    yield f"worst = {each.worst}"
                    yield f"best = {each.best}"
                yield reason(each.reason)
                yield ""

    return "\n".join(lines())


def spell_sources(language: str) -> str:
    """Return a sources.toml that lists nothing yet."""
    text = tell("init.comment.sources").say(language)
    return "".join(f"# {line}\n" for line in text.split("\n"))
