"""`steppe init` begins a plan that builds at once and says what it lacks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steppe.command import init_command
from steppe.command.app import app
from steppe.intake.new_plan import Beginning, begin_plan
from steppe.layers.country_boxes import find_country, touches_china
from steppe.layers.errors import InputError
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.input_reading import open_inputs

ULAANBAATAR = "106.5,47.5,107.5,48.3"  # in China's box, not in China
HELSINKI = "24.0,59.9,25.5,60.5"


@pytest.mark.parametrize(
    ("box", "is_reviewed"),
    [
        (HELSINKI, False),
        (ULAANBAATAR, False),
        ("126.5,37.2,127.5,37.8", False),  # Seoul
        ("77.0,28.4,77.5,28.8", False),  # Delhi
        ("111.0,40.0,113.0,41.5", True),  # Hohhot
        ("114.0,22.2,114.3,22.4", True),  # Hong Kong
        ("121.4,25.0,121.6,25.1", True),  # Taipei
        ("98.0,46.0,106.0,50.0", False),  # Mongolia north of the border
        ("-180,-80,180,80", True),
        ("170,-40,-170,-30", False),
    ],
)
def test_a_map_of_china_says_that_it_was_not_reviewed_and_no_other_does(
    tmp_path: Path, box: str, *, is_reviewed: bool
) -> None:
    plan = begin_plan(tmp_path / "plan", Beginning(bbox=box))
    assert (plan.review_number is not None) == is_reviewed
    assert touches_china(plan.bbox) == is_reviewed


def test_what_is_begun_builds_and_comes_to_life_with_its_parks(tmp_path: Path) -> None:
    begin_plan(tmp_path / "hel", Beginning(bbox=HELSINKI, targets=["Helsinki"]))
    inputs = open_inputs(tmp_path / "hel" / "plan.toml")
    tables = build_tables(inputs)
    assert tables.layers["parks"].empty
    assert [(each.name, each.weight) for each in tables.info.criteria] == [
        ("power", 0.5), ("network", 0.5), ("climate", 0.0), ("geology", 0.0)
    ]  # fmt: skip
    assert tables.info.origin.why_en.startswith("assumed:")


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "zh_CN.UTF-8"])
def test_each_part_has_a_comment_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    begin_plan(tmp_path / "plan", Beginning(country="cn"))
    text = (tmp_path / "plan" / "plan.toml").read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert len(comments) >= 8
    is_chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in line) for line in comments]
    assert all(is_chinese) if language.startswith("zh") else sum(is_chinese) == 1  # 审图号


def test_a_pack_is_copied_under_a_name_of_its_own(tmp_path: Path, light_pack: Path) -> None:
    begin_plan(tmp_path / "my-plan", Beginning(pack=str(light_pack)))
    mine = (tmp_path / "my-plan" / "plan.toml").read_text(encoding="utf-8")
    theirs = (light_pack / "plan.toml").read_text(encoding="utf-8")
    assert tomllib.loads(mine) == {**tomllib.loads(theirs), "name": "my_plan"}
    assert mine.count("#") == theirs.count("#")
    inputs = open_inputs(tmp_path / "my-plan" / "plan.toml")
    for name in inputs.plan.inputs():
        if name != "plan.toml":
            assert (tmp_path / "my-plan" / name).read_bytes() == (light_pack / name).read_bytes()


@pytest.mark.parametrize(
    ("beginning", "told"),
    [
        (Beginning(), "nothing says where"),
        (Beginning(bbox=HELSINKI, country="FI"), "more than one"),
        (Beginning(bbox="1,2,3"), "is no box"),
        (Beginning(bbox="1,2,3,north"), "is no box"),
        (Beginning(bbox="1,2,3,nan"), "--bbox 1,2,3,nan"),
        (Beginning(bbox="1,50,3,40"), "--bbox 1,50,3,40"),
        (Beginning(bbox="1,40,3,91"), "--bbox 1,40,3,91"),
        (Beginning(country="ZZ"), "no country has this code"),
        (Beginning(country="../x"), "no country has this code"),
        (Beginning(pack="nowhere"), "nowhere"),
        (Beginning(bbox=HELSINKI, name="Große Stadt"), "makes no name"),
        (Beginning(bbox=HELSINKI, name="a" * 101), "makes no name"),
        (Beginning(pack="inner_mongolia", targets=["x"]), "keeps the targets"),
    ],
)
def test_each_fault_is_one_line_and_leaves_nothing(
    tmp_path: Path, beginning: Beginning, told: str
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        begin_plan(tmp_path / "plan", beginning)
    assert len(caught.value.problems) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_anything_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "mine"):
        with pytest.raises(InputError, match="is not empty"):
            begin_plan(folder, Beginning(bbox=HELSINKI, name="plan"))
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]
    (tmp_path / "empty").mkdir()
    begin_plan(tmp_path / "empty", Beginning(bbox=HELSINKI))


def test_on_a_terminal_it_asks_where_and_how_it_is_called(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    folder = tmp_path / "somewhere"
    plain = CliRunner().invoke(app, ["init", str(folder)])
    assert isinstance(plain.exception, InputError)  # of a script nothing is asked
    monkeypatch.setattr(init_command, "is_terminal", lambda: True)
    asked = CliRunner().invoke(app, ["init", str(folder)], input="FI\nfinland\n")
    assert asked.exit_code == 0, asked.output
    assert "default" not in asked.output
    assert "substations: grid_220_km" in asked.output
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    assert (plan["name"], tuple(plan["bbox"])) == ("finland", find_country("FIN"))


# Capitals and their codes; over 180 degrees the box goes on (Suva, Apia across it).
@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("KE", 36.82, -1.29), ("CN", 116.4, 39.9), ("RU", 37.6, 55.75), ("US", -77.0, 38.9),
        ("FR", 2.35, 48.85), ("NZ", 174.8, -41.3), ("FJ", 178.44, -18.14), ("CL", -70.65, -33.45),
        ("MN", 106.9, 47.9), ("ID", 106.8, -6.2), ("ZA", 28.2, -25.7), ("NO", 10.75, 59.9),
    ],
)  # fmt: skip
def test_the_box_of_a_country_holds_its_capital_and_no_ocean_beside(
    code: str, lon: float, lat: float
) -> None:
    box = find_country(code)
    assert box is not None
    west, south, east, north = box
    assert (west <= lon <= east) if west <= east else (lon >= west or lon <= east)
    assert south <= lat <= north
    assert (east - west) % 360 < 175
