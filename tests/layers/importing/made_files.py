"""Workbooks and tables as people send them, made at the time of the test."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DATE = "date"
"""A cell (DATE, days) is a number in the format of a date."""


def letters(place: int) -> str:
    name = ""
    while place >= 0:
        name = chr(ord("A") + place % 26) + name
        place = place // 26 - 1
    return name


def _cell(value: object, reference: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{reference}"><v>{value!r}</v></c>'
        case ("formula", text):
            return f'<c r="{reference}"><f>{escape(text)}</f></c>'
        case (kind, days):
            assert kind == DATE
            return f'<c r="{reference}" s="1"><v>{days}</v></c>'
        case _:
            text = escape(str(value))
            return (
                f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )


def write_xlsx(
    path: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    *,
    merges: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> Path:
    """Write rows as sheets of a workbook; `merges` are those of the first."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
        for n, name in enumerate(names, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SPACE}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_SPACE}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for n, (name, rows) in enumerate(sheets.items(), start=1):
            cells = "".join(
                f'<row r="{r}">{"".join(_cell(value, f"{letters(c)}{r}") for c, value in enumerate(row))}</row>'
                for r, row in enumerate(rows, start=1)
            )
            merged = (
                "".join(f'<mergeCell ref="{each}"/>' for each in merges) if name == names[0] else ""
            )
            tail = f"<mergeCells>{merged}</mergeCells>" if merged else ""
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{_SPACE}"><sheetData>{cells}</sheetData>{tail}</worksheet>',
            )
    return path


def csv_text(rows: Sequence[Sequence[object]], sign: str = ",") -> str:
    """Return rows as text, a cell in quotes where it holds the sign."""

    def shown(cell: object) -> str:
        text = "" if cell is None else str(cell)
        return (
            '"' + text.replace('"', '""') + '"'
            if any(each in text for each in (sign, '"', "\n"))
            else text
        )

    return "\n".join(sign.join(shown(cell) for cell in row) for row in rows) + "\n"


# Three parks: name, lon, lat in degrees of WGS 84, megawatts.
PARKS = (
    ("和林格尔", 111.81, 40.37, 300),
    ("集宁", 113.11, 41.03, 120),
    ("东胜", 109.98, 39.82, 80),
)
LONLATS = [(lon, lat) for _, lon, lat, _ in PARKS]
BOX = (97.0, 37.0, 127.0, 54.0)


def dms(value: float, marks: Sequence[str] = ("°", "'", '"')) -> str:
    """Return an angle in degrees, minutes and seconds to a ten-thousandth."""
    units = round(abs(value) * 36_000_000)
    degrees, rest = divmod(units, 36_000_000)
    minutes, seconds = divmod(rest, 600_000)
    return f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{seconds / 10_000:07.4f}{marks[2]}"
