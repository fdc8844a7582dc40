"""QGIS expressions: the symbology's rules as filters, and values from data made inert."""

from __future__ import annotations

import re
from html import escape
from string import Formatter
from typing import Any

from steppe.maps.symbols import LayerStyle, Rule, When

_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w+;?)")
_COMPARE = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_OPPOSITE = {"lt": ">=", "le": ">", "gt": "<=", "ge": "<"}


def quote_field(name: str) -> str:
    """Return a column's name as a QGIS expression writes it."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    r"""Return a text as a QGIS expression writes it; backslashes escape there.

    >>> quote_text("a'b\\c")
    "'a''b\\\\c'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _constant(value: Any) -> str:
    return quote_text(value) if isinstance(value, str) else repr(value)


def comparison(when: When) -> str:
    """Return one comparison as a QGIS expression: NULL or false where it does not hold."""
    field = quote_field(when.field)
    if when.op == "null":
        return f"{field} IS NULL"
    if when.op == "in":
        constants = when.value if isinstance(when.value, tuple) else ()
        # QGIS has no empty list.
        return f"{field} IN ({', '.join(map(quote_text, constants))})" if constants else "false"
    return f"{field} {_COMPARE[when.op]} {_constant(when.value)}"


def _disjoint(rule: Rule, earlier: Rule) -> bool:
    """Tell whether two rules cannot both hold, for they want two things of one field."""
    wanted = {when.field: when.value for when in rule.when if when.op == "eq"}
    empty = {when.field for when in rule.when if when.op == "null"}
    return any(
        (when.op == "eq" and when.field in wanted and wanted[when.field] != when.value)
        or (when.op != "null" and when.field in empty)
        for when in earlier.when
    )


def _bounds(earlier: list[When]) -> list[str]:
    """Return the tightest comparisons that shut out earlier ones on the rule's own fields."""
    tightest: dict[tuple[str, str], Any] = {}
    for when in earlier:
        key = (when.field, _OPPOSITE[when.op])
        value: Any = when.value
        choose = min if when.op in {"gt", "ge"} else max
        tightest[key] = choose(tightest.get(key, value), value)
    return [
        f"{quote_field(field)} {sign} {_constant(value)}"
        for (field, sign), value in tightest.items()
    ]


def rule_filters(style: LayerStyle) -> tuple[str, ...]:
    """Return per rule the QGIS expression that holds exactly where `pick` picks it.

    QGIS draws every rule that holds; so each filter says that no earlier rule does.  An
    `ELSE` would say it shorter, but its symbol would appear on the features of any rule
    that an analyst unticks.
    """
    filters = []
    for place, rule in enumerate(style.rules):
        filled = {when.field for when in rule.when if when.op != "null"}
        bounds: list[When] = []
        shut_out = []
        for earlier in style.rules[:place]:
            if _disjoint(rule, earlier):
                continue
            rest = [when for when in earlier.when if when not in rule.when]
            only = rest[0] if len(rest) == 1 else None
            if only and only.field in filled and only.op in _OPPOSITE:
                bounds.append(only)
            elif not (only and only.field in filled and only.op == "null"):
                shut_out.append(" AND ".join(map(comparison, rest)) or "true")
        parts = [*map(comparison, rule.when), *_bounds(bounds)]
        if shut_out:
            held = " OR ".join(f"({condition})" for condition in shut_out)
            parts.append(f"NOT coalesce({held}, false)")
        filters.append(" AND ".join(parts))
    return tuple(filters)


def _inert(text: str) -> str:
    """Return the expression of a text that HTML cannot take for markup."""
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = f"replace({text}, '{raw}', '{safe}')"
    return text


def _shown(column: str) -> str:
    return f"coalesce(to_string({quote_field(column)}), '—')"


def html_text(column: str) -> str:
    """Return the template that writes a column's value as inert HTML text.

    QGIS does not read a template's result again, so a name that looks like a template
    stays what it is; what could be markup is escaped here.
    """
    return f"[% {_inert(_shown(column))} %]"


def html_other(column: str, first: str, *, before: str, after: str) -> str:
    """Return the template of a column as inert HTML text; nothing where it says what another does.

    Parameters
    ----------
    column, first
        The column, and the one that stands before it.
    before, after
        Markup round the text.
    """
    text = f"{quote_text(before)} || {_inert(_shown(column))} || {quote_text(after)}"
    return f"[% if({quote_field(column)} = {quote_field(first)}, '', {text}) %]"


def html_line(head: str, pattern: str) -> str:
    """Return the template of one line, head and values; none where the first value is empty.

    Parameters
    ----------
    head
        What stands before the colon.
    pattern
        A format string over columns: `{name}` a value, `{name:1}` a number to so many
        digits, `{low~high}` a range of two columns, one figure where they are equal,
        `{zh|en}` a text in two languages, once where they are equal.
    """
    parts, first = [quote_text(f"{head}: ")], ""
    for literal, field, digits, _ in Formatter().parse(pattern):
        if literal:
            parts.append(quote_text(literal))
        if field is None:
            continue
        low, _, high = field.partition("~")
        zh, _, en = field.partition("|")
        first = first or low.partition("|")[0]
        if en:
            other = f"if({quote_field(zh)} = {quote_field(en)}, '', ' ' || {_inert(_shown(en))})"
            parts += [_inert(_shown(zh)), other]
        elif high:
            ends = f"{_shown(low)} || '–' || {_shown(high)}"
            parts.append(f"if({quote_field(low)} = {quote_field(high)}, {_shown(low)}, {ends})")
        elif digits:
            parts.append(f"coalesce(format_number({quote_field(low)}, {digits}, 'en'), '—')")
        else:
            parts.append(_inert(_shown(low)))
    return f"[% if({quote_field(first)} IS NULL, '', {' || '.join(parts)} || '<br>') %]"


def html_literal(text: str) -> str:
    """Return a text for a place that QGIS shows as HTML, so that nothing in it is markup.

    What HTML takes for text by itself stays, for other programs show the same place as text.

    >>> html_literal("a < b & c"), html_literal("<b>&amp;")
    ('a < b & c', '&lt;b>&amp;amp;')
    """
    return _MARKUP.sub(lambda sign: escape(sign[0]), text)


def columns_of(pattern: str) -> set[str]:
    """Return the columns that a pattern of `html_line` names.

    >>> sorted(columns_of("{rtt_ms:1} ({low~high}) ms"))
    ['high', 'low', 'rtt_ms']
    """
    fields = [field for _, field, _, _ in Formatter().parse(pattern) if field]
    return {column for field in fields for column in re.split(r"[~|]", field)}


def literal_text(text: str) -> str:
    """Return a text for a place where QGIS looks for `[% %]`, so that it stays as it is."""
    if "[%" not in text:
        return text
    # The template's own end must not occur in its text.
    return "[% " + quote_text(text).replace("%]", "%' || ']") + " %]"
