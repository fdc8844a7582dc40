"""What is changed in a TOML file is changed, and everything else stays as it was typed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.layers.toml_editing import TomlEdit

PACK = Path(__file__).parents[2] / "data" / "inner_mongolia"
ENTRY = {"file": "roads.xlsx", "columns": {"名称": "name_zh", "a.b": "route", "": "x"}, "crs": None}


def lay(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_bytes(text.encode())
    return path


def test_every_other_line_of_a_plan_stays(tmp_path: Path) -> None:
    before = (PACK / "plan.toml").read_text(encoding="utf-8")
    edit = TomlEdit.read(lay(tmp_path, before))
    edit.set_table(("layers", "railways"), {"file": "new.gpkg", "licence": "CC0"}, keep=["extent"])
    edit.set_table(("layers", "targets"), ENTRY)
    edit.set_first("sources", "mine.toml")
    edit.write()
    after = (tmp_path / "plan.toml").read_text(encoding="utf-8")
    lost = [line for line in before.splitlines() if line and line not in after.splitlines()]
    # What was replaced, and the datum of the old railways, which the new file does not have.
    assert lost == ['sources = "sources.toml"', 'file = "railways.geojson"']
    read = tomllib.loads(after)
    assert read["layers"]["targets"] == {"file": "roads.xlsx", "columns": ENTRY["columns"]}
    assert read["layers"]["railways"]["file"] == "new.gpkg"
    assert "datum" not in read["layers"]["railways"]
    old = tomllib.loads(before)
    for name in ("targets", "railways"):
        read["layers"].pop(name)
        old["layers"].pop(name, None)
    assert read == {**old, "sources": "mine.toml"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        'name = "a"',
        'name="a"\r\n# why\r\n[layers]\r\nparks={file="p.csv"}\r\n[[criteria]]\r\nname="x"\r\n',
        '\ufeffname = "a"\n',
        '[layers.parks]\nfile="a"\n[[criteria]]\nname="p"\n[layers.nodes]\nfile="b"\n',
        '# head\n\n[layers.targets] # mine\n# of the file\nfile = "a" # old\ncrs = "x"\n\n[rest]\n',
        'layers.parks.file="a"\n',
    ],
)
def test_any_form_takes_a_layer(tmp_path: Path, text: str) -> None:
    edit = TomlEdit.read(lay(tmp_path, text))
    edit.set_table(("layers", "targets"), ENTRY)
    edit.set_first("title", "β")
    edit.write()
    raw = (tmp_path / "plan.toml").read_bytes()
    read = tomllib.loads(raw.decode("utf-8-sig"))
    assert read["layers"]["targets"] == {"file": "roads.xlsx", "columns": ENTRY["columns"]}
    assert read["title"] == "β"
    assert raw.count(b"\n") == raw.count(b"\r\n") or "\r\n" not in text
    assert raw.startswith(b"\xef\xbb\xbf") == text.startswith("\ufeff")
    for comment in (line.partition("#")[2] for line in text.splitlines() if "#" in line):
        assert comment.encode() in raw
    add_targets(tmp_path / "plan.toml")
    assert (tmp_path / "plan.toml").read_bytes() == raw


def add_targets(path: Path) -> None:
    edit = TomlEdit.read(path)
    edit.set_table(("layers", "targets"), ENTRY)
    edit.write()


@pytest.mark.parametrize(
    "text", ['layers = { parks = { file = "b" } }', 'layers.a.file="a"\nname="q"\n', "layers = 3"]
)
def test_what_cannot_be_added_to_is_told_and_stays(tmp_path: Path, text: str) -> None:
    path = lay(tmp_path, text)
    with pytest.raises(InputError, match=r"plan.toml: .* \[layers.NAME\]"):
        add_targets(path)
    assert path.read_bytes() == text.encode()


def test_another_program_is_not_written_over(tmp_path: Path) -> None:
    path = lay(tmp_path, 'name = "a"\n')
    edit = TomlEdit.read(path)
    edit.set_first("title", "b")
    path.write_text('name = "theirs"\n', encoding="utf-8")
    with pytest.raises(InputError, match="changed by another program"):
        edit.write()
    assert path.read_text(encoding="utf-8") == 'name = "theirs"\n'


@pytest.mark.parametrize("bad", ["a\x00b", "\x1b[31m", "x" * 40_000])
def test_hostile_texts_are_refused(tmp_path: Path, bad: str) -> None:
    edit = TomlEdit.read(lay(tmp_path, 'name = "a"\n'))
    edit.set_table(("layers", "targets"), {"file": bad})
    with pytest.raises(InputError):
        edit.write()
    assert (tmp_path / "plan.toml").read_text(encoding="utf-8") == 'name = "a"\n'


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf")), max_size=8)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    columns=st.dictionaries(TEXTS, TEXTS, max_size=4),
    defaults=st.dictionaries(TEXTS, st.integers(-9, 9) | st.floats(-9, 9) | TEXTS, max_size=3),
)
def test_whatever_names_data_bear_they_are_read_again(tmp_path_factory, columns, defaults) -> None:
    path = lay(tmp_path_factory.mktemp("edit"), 'name = "a" # name\n\n[layers.parks]\nfile="p"\n')
    edit = TomlEdit.read(path)
    entry = {"file": "a.csv", "defaults": defaults, "columns": columns}
    edit.set_table(("layers", "targets"), entry)
    edit.write()
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text)["layers"]["targets"] == entry
    assert "# name" in text
