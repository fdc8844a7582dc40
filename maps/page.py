"""The interactive page: one HTML file that needs no network, no server and no fonts.

folium writes the page's frame; the scripts and styles it would load from the network are
replaced by the files of the package XStatic-Leaflet, and everything else is ours.  Data
travel as JSON that the page's script turns into elements with `textContent`, never as
markup, so that a name from a map or a spreadsheet cannot run.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from functools import cache, partial
from html import escape
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps
from xstatic.pkg import leaflet

from steppe.maps.payload import pack_tables
from steppe.maps.scripts import join_scripts

if TYPE_CHECKING:
    from steppe.layers.tables import PlanTables

CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)

STYLE_SHEETS = (
    *("base", "panel", "search", "decision", "ranking", "compare", "sections", "cut", "scenarios"),
    *("legend", "tools", "card", "map", "windows", "paper", "themes"),
)
"""Style sheets of the page in the order in which they are read; a later one has the last word."""

PLAIN_MB = 1.0
"""Up to so many millions of signs the data stand in the page as they are read."""

_PACKAGED = {
    "https://leaflet.invalid/leaflet.js": "leaflet.js",
    "https://leaflet.invalid/leaflet.css": "leaflet.css",
}
_SCRIPT_TAG = re.compile(r'<script src="([^"]*)"></script>')
_STYLE_TAG = re.compile(r'<link rel="stylesheet" href="([^"]*)"/>')
_CSS_URL = re.compile(r"url\(([^)#]+)\)")
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)
_LINK_IN_TEXT = re.compile(r""" href=(["'])https?://.*?\1""")


@cache
def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


@cache
def _join_styles() -> str:
    return "\n".join(_asset(f"styles/{name}.css") for name in STYLE_SHEETS)


def _guard_script(code: str) -> str:
    return re.sub(r"</(?=script)", r"<\\/", _SOURCE_MAP.sub("", code), flags=re.IGNORECASE)


@cache
def _packaged_script(name: str) -> str:
    # Leaflet's own link to its site is switched off by the page; without it no web
    # address is left in the file that a browser could follow.
    code = (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
    return _guard_script(_LINK_IN_TEXT.sub("", code))


@cache
def _packaged_style(name: str) -> str:
    folder = Path(leaflet.BASE_DIR)

    def embed(found: re.Match[str]) -> str:
        picture = (folder / found[1].strip("\"' ")).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(picture).decode('ascii')})"

    return _CSS_URL.sub(embed, (folder / name).read_text(encoding="utf-8"))


# Where the plan's own texts go once every template is rendered.
_TITLE_PLACE, _DATA_PLACE = "<!-- title -->", "<!-- data -->"


class _Frame(Figure):
    """The document, shut to the network before anything is read; its script sets the language."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="zh-CN">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.csp }}">\n'
        f"<title>{_TITLE_PLACE}</title>\n"
        "{{ this.header.render(**kwargs) }}\n"
        "</head>\n"
        "<body>\n"
        "{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(self) -> None:
        super().__init__()
        self.csp = CSP
        self.header._children.clear()  # noqa: SLF001  a second charset would stand there


class _PageMap(folium.Map):
    """folium's map with our frame of a page and with packaged files alone."""

    default_js = [("leaflet", "https://leaflet.invalid/leaflet.js")]  # noqa: RUF012
    default_css = [("leaflet_css", "https://leaflet.invalid/leaflet.css")]  # noqa: RUF012
    _template = Template(_asset("page.html"))

    def __init__(self) -> None:
        super().__init__(tiles=None)
        self.css = _join_styles()
        self.code = _guard_script(join_scripts())


_dump = partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _data_element(data: dict[str, Any]) -> str:
    """Return the data, inert: Jinja's own JSON writes every angle bracket as an escape.

    What is more than `PLAIN_MB` comes as base64 of zlib, which the page's script unpacks.
    """
    written = str(htmlsafe_json_dumps(data, dumps=_dump, sort_keys=True))
    if len(written) <= PLAIN_MB * 1e6:
        return f'<script type="application/json" id="data">{written}</script>'
    packed = base64.b64encode(zlib.compress(written.encode(), 9)).decode("ascii")
    return f'<script type="application/zlib" id="data">{packed}</script>'


class _Outside(HTMLParser):
    """Collects what a document would fetch from, or lead to, the network."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            names_a_place = name in {"src", "href", "srcset", "action", "data", "poster"}
            if names_a_place and value and not value.startswith(("data:", "#")):
                self.found.append(f"<{tag} {name}={value}>")


def outside_links(html: str) -> list[str]:
    """Return every attribute of a document that names something outside of it.

    >>> outside_links('<img src="data:,"><script src="https://example.org/a.js"></script>')
    ['<script src=https://example.org/a.js>']
    """
    parser = _Outside()
    parser.feed(html)
    parser.close()
    return parser.found


@cache
def _render_frame() -> str:
    """Return the page without a plan: what folium and our assets make, the same for every plan.

    folium renders a template, and what comes out of it as a template again, so that a text that
    went in as data would run as one.  Nothing of a plan is here: `render_page` puts it in after.

    Raises
    ------
    KeyError
        When folium asks for a file that is not packaged.
    """
    frame, page_map = _Frame(), _PageMap()
    # branca's own ids are random.
    frame._id, page_map._id = "1", "2"  # noqa: SLF001
    frame.html.add_child(Element(_DATA_PLACE))
    frame.add_child(page_map)
    html = str(frame.render())
    html = _SCRIPT_TAG.sub(
        lambda tag: f"<script>{_packaged_script(_PACKAGED[tag[1]])}</script>", html
    )
    return _STYLE_TAG.sub(lambda tag: f"<style>{_packaged_style(_PACKAGED[tag[1]])}</style>", html)


def render_page(tables: PlanTables) -> str:
    """Render the offline page of a plan.

    Parameters
    ----------
    tables
        The checked tables.

    Returns
    -------
    str
        One HTML document; the same tables give the same text.

    Raises
    ------
    KeyError
        When folium asks for a file that is not packaged.
    RuntimeError
        When the document would still fetch something.
    ValueError
        When a number is not finite, which JSON has no word for.
    """
    title = escape(" ".join(dict.fromkeys((tables.info.title_zh, tables.info.title_en))))
    before, _, rest = _render_frame().partition(_TITLE_PLACE)
    between, _, after = rest.partition(_DATA_PLACE)
    html = "".join((before, title, between, _data_element(pack_tables(tables)), after))
    left = outside_links(html)
    if left:
        msg = f"the page would fetch {', '.join(left)}"
        raise RuntimeError(msg)
    return html
