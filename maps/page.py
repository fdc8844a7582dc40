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
from functools import cache, partial
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps
from xstatic.pkg import leaflet

from maps.payload import pack_tables

if TYPE_CHECKING:
    from layers.tables import PlanTables

CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
SCRIPTS = (
    *("rules.js", "lines.js", "labels.js", "page.js", "paths.js", "checks.js"),
    *("sure.js", "costs.js", "decision.js", "panel.js", "sections.js", "backbone.js", "map.js"),
    *("marks.js", "crowd.js", "cards.js"),
)
"""Our scripts, in the order in which they are read; the last lines of the page start them."""

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
    return (resources.files("maps") / "assets" / name).read_text(encoding="utf-8")


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


class _Frame(Figure):
    """The document: Chinese first, and shut to the network before anything is read."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="zh-CN">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.csp }}">\n'
        "<title>{{ this.title|e }}</title>\n"
        "{{ this.header.render(**kwargs) }}\n"
        "</head>\n"
        "<body>\n"
        "{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(self, title: str) -> None:
        super().__init__(title=title)
        self.csp = CSP
        self.header._children.clear()  # noqa: SLF001  a second charset would stand there


class _PageMap(folium.Map):
    """folium's map with our frame of a page and with packaged files alone."""

    default_js = [("leaflet", "https://leaflet.invalid/leaflet.js")]  # noqa: RUF012
    default_css = [("leaflet_css", "https://leaflet.invalid/leaflet.css")]  # noqa: RUF012
    _template = Template(_asset("page.html"))

    def __init__(self) -> None:
        super().__init__(tiles=None)
        self.css = _asset("page.css")
        self.code = _guard_script("\n".join(_asset(name) for name in SCRIPTS))


_dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


class _PageData(MacroElement):
    """The data, inert: Jinja's own JSON writes every angle bracket as an escape."""

    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<script type="application/json" id="data">{{ this.data }}</script>'
        "{% endmacro %}"
    )

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()
        self._name = "PageData"
        self.data = htmlsafe_json_dumps(data, dumps=_dump, sort_keys=True)


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
    """
    frame = _Frame(f"{tables.info.title_zh} {tables.info.title_en}")
    page_map, data = _PageMap(), _PageData(pack_tables(tables))
    for number, element in enumerate((frame, page_map, data), start=1):
        element._id = str(number)  # noqa: SLF001  branca's are random
    frame.add_child(data)
    frame.add_child(page_map)
    html = str(frame.render())
    html = _SCRIPT_TAG.sub(
        lambda tag: f"<script>{_packaged_script(_PACKAGED[tag[1]])}</script>", html
    )
    html = _STYLE_TAG.sub(lambda tag: f"<style>{_packaged_style(_PACKAGED[tag[1]])}</style>", html)
    left = outside_links(html)
    if left:
        msg = f"the page would fetch {', '.join(left)}"
        raise RuntimeError(msg)
    return html
