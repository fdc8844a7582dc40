"""The scripts of the page: which imports are joined, which are refused, and who imports whom."""

from __future__ import annotations

import re
from posixpath import dirname

import pytest

from steppe.maps.scripts import (
    FLOORS,
    ScriptError,
    join_modules,
    order_modules,
    read_module,
    read_sources,
)

CHAIN = {
    "start.js": 'import { one } from "./views/one.js";\none();\n',
    "views/one.js": (
        'import {\n  two,\n  three,\n} from "../pure/two.js";\n'
        "export const one = () => two() + three;\n"
    ),
    "pure/two.js": "const base = 2;\nexport function two() { return base; }\nexport const three = 3;\n",
}


def _modules(sources):
    return {name: read_module(name, text) for name, text in sources.items()}


def test_what_is_imported_comes_first():
    names = [module.name for module in order_modules(_modules(CHAIN))]
    assert names == ["pure/two.js", "views/one.js", "start.js"]


def test_the_order_is_the_same_however_the_files_are_listed():
    backwards = dict(reversed(CHAIN.items()))
    assert join_modules(backwards) == join_modules(CHAIN)


def test_imports_and_exports_are_read_over_several_lines():
    module = read_module("views/one.js", CHAIN["views/one.js"])
    assert module.imports == (("pure/two.js", ("two", "three")),)
    assert module.exports == ("one",)
    assert re.findall(r"import|export", module.body) == []


@pytest.mark.parametrize(
    "line",
    [
        'import two from "./two.js";',
        'import * as two from "./two.js";',
        'import { two as zwei } from "./two.js";',
        'import "./two.js";',
        'import { two } from "two";',
        'import { two } from "./two.js"',
        "import { two } from './two.js';",
        'const two = await import("./two.js");',
        "const here = import.meta.url;",
        "export default two;",
        "export { two };",
        'export { two } from "./two.js";',
        'export * from "./two.js";',
        "export let two = 2;",
        "export class Two {}",
        "export async function two() {}",
        "export const { two } = pair;",
    ],
)
def test_another_form_is_refused(line):
    with pytest.raises(ScriptError, match="not a form that is joined"):
        read_module("a.js", f"// A module.\n{line}\n")


@pytest.mark.parametrize("mark", ["{{", "{%", "{#"])
def test_nothing_may_look_like_a_template(mark):
    with pytest.raises(ScriptError, match="a template"):
        read_module("a.js", f"const text = `$ {mark}`;\n")


@pytest.mark.parametrize(
    "text",
    [
        'import { a } from "./b.js";\nimport { a } from "./c.js";\n',
        'import { a } from "./b.js";\nconst a = 1;\n',
        'import { a } from "./b.js";\nconst { x, y: a } = pair;\n',
        'import { a } from "./b.js";\nconst [x, a] = pair;\n',
        "export const a = 1;\nfunction a() {}\n",
        "let a = 1;\nclass a {}\n",
    ],
)
def test_a_name_may_stand_once_at_the_top(text):
    with pytest.raises(ScriptError, match=r"more than once at the top: a$"):
        read_module("m.js", text)


def test_a_name_may_stand_in_two_modules():
    sources = {
        "start.js": 'import { a } from "./a.js";\nconst own = a;\n',
        "a.js": "const own = 1;\nexport const a = own;\n",
    }
    assert join_modules(sources).count("const own") == 2


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"pure/two.js": "export const two = 2;\n"}, "pure/two.js exports no three"),
        ({"start.js": 'import { x } from "./none.js";\n'}, "there is no none.js"),
        ({"pure/idle.js": "export const idle = 1;\n"}, "nothing imports pure/idle.js"),
        (
            {"pure/two.js": 'import { one } from "../views/one.js";\n' + CHAIN["pure/two.js"]},
            r"in a circle: (pure/two.js < views/one.js < pure|views/one.js < pure/two.js < views)",
        ),
    ],
)
def test_what_cannot_be_joined_is_named(changed, fault):
    with pytest.raises(ScriptError, match=fault):
        join_modules(CHAIN | changed)


def test_no_script_of_the_page_imports_from_a_higher_floor():
    modules = _modules(read_sources())
    floor = {name: FLOORS.index(dirname(name)) for name in modules}
    upwards = [
        (name, path)
        for name, module in modules.items()
        for path, _ in module.imports
        if floor[path] > floor[name]
    ]
    assert upwards == []
    assert set(floor.values()) == set(range(len(FLOORS)))


def test_no_two_scripts_of_the_page_have_one_name():
    names = [name.rsplit("/", 1)[-1] for name in read_sources()]
    assert sorted(names) == sorted(set(names))


def test_what_only_computes_knows_of_no_page():
    outside = re.compile(r"\b(?:document|window|location|history|L)\.")
    pure = {name: text for name, text in read_sources().items() if name.startswith("pure/")}
    assert [name for name, text in pure.items() if outside.search(text)] == []
    assert all(path.startswith("pure/") for m in _modules(pure).values() for path, _ in m.imports)
