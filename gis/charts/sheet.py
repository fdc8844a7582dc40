"""The sheet that charts are drawn on, millimetres from its top left, and how it becomes SVG.

A figure is the same on every machine: what is drawn is laid out in millimetres and measured in
the one font that comes with matplotlib.  Text stays text, so that a page shows it in fonts of
its own, Chinese too.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # reads what matplotlib wrote, nothing else

from markupsafe import Markup

from steppe.layers.wording import Words, say

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

MM_PER_INCH = 25.4
PT_PER_MM = 72 / MM_PER_INCH
TEXT_PT = 8.0  # nothing is written smaller
INK, SOFT, LINE, WASH = "#22282e", "#56606a", "#c9ced3", "#eef1f3"
GOOD, BAD, DOUBTFUL = "#1d5c55", "#a1262c", "#d9a05b"
# Of Okabe and Ito's hues, darkened so that each has 3 : 1 on white, for eyes of every kind.
HUES = ("#1d5c55", "#c07a00", "#4a6fb0", "#a8507c", "#6b7f1e", "#7d5a3c", "#3f8fa3", "#5d5d5d")
_SVG = "http://www.w3.org/2000/svg"
_FONT: Any = {"font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"]}
_WIDE = "WF"  # East Asian width of signs that fill a square
_NARROW_EM = 0.53  # mean advance of the others in the fonts of the report


@dataclass(frozen=True)
class Sheet:
    """A figure with one pair of axes that count in millimetres from the top left.

    Parameters
    ----------
    figure, axes
        Of matplotlib.
    language
        In which words are written.
    """

    figure: Figure
    axes: Axes
    language: str

    def write(  # noqa: PLR0913 (how a text stands takes as many)
        self,
        x: float,
        y: float,
        words: Words,
        *,
        room_mm: float | None = None,
        size_pt: float = TEXT_PT,
        colour: str = INK,
        bold: bool = False,
        align: str = "left",
        halo: bool = False,
    ) -> None:
        """Write words with their middle at a height, cut short where they have no room."""
        text = tidy(say(words, self.language))
        if room_mm is not None:
            text = shorten(text, room_mm, size_pt=size_pt)
        self.axes.text(
            x,
            y,
            text,
            fontsize=size_pt,
            color=colour,
            fontweight="bold" if bold else "normal",
            ha=align,
            va="center_baseline",
            parse_math=False,
            zorder=self._above(),
            gid="halo" if halo else None,
        )

    def _above(self) -> int:
        """Return a place above all that was drawn before."""
        return len(self.axes.get_children())

    def block(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        colour: str,
        edge: str | None = None,
    ) -> None:
        """Draw a filled rectangle, its top left at a place."""
        from matplotlib.patches import Rectangle

        line = {"edgecolor": edge, "linewidth": 0.6} if edge else {"linewidth": 0.0}
        self.axes.add_patch(
            Rectangle((x, y), width, height, facecolor=colour, zorder=self._above(), **line)
        )

    def stroke(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = INK,
        width_pt: float = 0.6,
        dashes: Sequence[float] = (),
    ) -> None:
        """Draw a line through points."""
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        style: object = (0, tuple(dashes)) if dashes else "-"
        line = Line2D(xs, ys, color=colour, linewidth=width_pt, zorder=self._above())
        line.set_linestyle(style)  # type: ignore[arg-type]
        self.axes.add_line(line)

    def disc(
        self, x: float, y: float, radius: float, *, colour: str, edge: str = "#ffffff"
    ) -> None:
        """Draw a disc."""
        from matplotlib.patches import Circle

        look = {"facecolor": colour, "edgecolor": edge, "linewidth": 0.6}
        self.axes.add_patch(Circle((x, y), radius, zorder=self._above(), **look))

    def trace(self, lines: Iterable[NDArray[np.float64]], **look: Any) -> None:
        """Draw many lines as one path; each of shape (n, 2), of two points and more."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        found = [Path(line, closed=False) for line in lines if len(line) > 1]
        if found:
            path = Path.make_compound_path(*found)
            self.axes.add_patch(PathPatch(path, zorder=self._above(), **look))


def lay_sheet(width_mm: float, height_mm: float, *, language: str) -> Sheet:
    """Return an empty sheet."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_FONT):
        figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0.0, width_mm)
    axes.set_ylim(height_mm, 0.0)
    return Sheet(figure, axes, language)


def tidy(text: str) -> str:
    r"""Return a text as one line of signs that SVG may hold.

    >>> tidy("a\nb\x00")
    'a b\ufffd'
    """
    line = re.sub(r"\s+", " ", text).strip()
    return re.sub("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", line)


def measure_mm(text: str, *, size_pt: float = TEXT_PT) -> float:
    """Return about how wide a text is; a square for a Chinese sign."""
    ems = sum(1.0 if unicodedata.east_asian_width(sign) in _WIDE else _NARROW_EM for sign in text)
    return ems * size_pt / PT_PER_MM


def shorten(text: str, room_mm: float, *, size_pt: float = TEXT_PT) -> str:
    """Return a text that fits into a room, with an ellipsis for what does not.

    >>> shorten("Ulanqab", 100.0), shorten("Ulanqab", 8.0)
    ('Ulanqab', 'Ulan…')
    """
    if measure_mm(text[:1000], size_pt=size_pt) <= room_mm and len(text) <= 1000:  # noqa: PLR2004
        return text
    kept = text[:1000]
    while kept and measure_mm(kept + "…", size_pt=size_pt) > room_mm:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, room_mm: float, *, lines: int = 2) -> list[str]:
    """Return a text as lines that fit into a room, the last one cut short.

    >>> wrap("a long name", 12.0), wrap("a long name", 12.0, lines=1)
    (['a long', 'name'], ['a long…'])
    """
    words = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+", text[:1000])
    found: list[str] = []
    while words and len(found) < lines - 1:
        kept = 0
        while kept < len(words) and measure_mm("".join(words[: kept + 1]).rstrip()) <= room_mm:
            kept += 1
        if kept == 0:
            break
        found.append("".join(words[:kept]).rstrip())
        words = words[kept:]
    rest = "".join(words)
    return [*found, shorten(rest, room_mm)] if rest else found


def render_svg(figure: Figure, *, key: str, title: str, description: str) -> Markup:
    """Return a figure as an SVG element to stand in a page, and close it.

    Parameters
    ----------
    figure
        What one of the drawing functions returned.
    key
        Name of the chart, one to a page: its element's id.
    title, description
        What is told to whom does not see it.
    """
    from matplotlib import rc_context

    held = io.BytesIO()
    options: Any = {**_FONT, "svg.fonttype": "none", "svg.hashsalt": key}
    with rc_context(options), warnings.catch_warnings():
        # The fonts of the page have the signs that this one lacks.
        warnings.filterwarnings("ignore", message="Glyph ")
        figure.savefig(held, format="svg", transparent=True, metadata={"Date": None})
    root = ET.fromstring(held.getvalue())  # noqa: S314 (matplotlib's own, see above)
    width, height = (float(each) for each in str(root.get("viewBox")).split()[2:])
    told = f"{key}-title {key}-text"
    svg = ET.Element("svg", {"class": "chart", "role": "img", "aria-labelledby": told})
    svg.set("viewBox", f"0 0 {width:g} {height:g}")
    svg.set("width", f"{width / PT_PER_MM:.1f}mm")
    for name, end, text in (("title", "title", title), ("desc", "text", description)):
        ET.SubElement(svg, name, {"id": f"{key}-{end}"}).text = tidy(text)
    svg.extend(_strip(part) for part in root.findall(f"{{{_SVG}}}g"))
    return Markup(ET.tostring(svg, encoding="unicode"))  # noqa: S704 (escaped by ElementTree)


def _strip(part: ET.Element) -> ET.Element:
    """Take the namespace, names that nothing refers to, and fonts from a part of a drawing."""
    part.tag = part.tag.rpartition("}")[2]
    if part.attrib.pop("id", None) == "halo":
        part.set("class", "halo")
    part.tail = None
    part.attrib.pop("clip-path", None)  # at the edges of the sheet, which the page has too
    if "d" in part.attrib:
        # A hundredth of a point is less than any printer's.
        part.set(
            "d", re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.2f}", part.attrib["d"])
        )
    if part.tag != "text":
        part.text = None
    style = part.get("style")
    if part.tag == "text" and style:
        # Releases write the font as one property or as several.
        style = re.sub(r"font: (?:(?:bold|700) )?([\d.]+px) [^;]*", r"font-size: \1", style)
        part.set("style", re.sub(r"font-family: [^;]*; ?", "", style))
    for inner in part:
        _strip(inner)
    return part
