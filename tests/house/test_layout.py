from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
from typer.main import get_command

from steppe.command.app import app

FOLDERS = {"gis", "layers", "routing", "maps", "data", "tests", "docs", ".ci"}
FILES = {
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "constraints.txt",
    "pyproject.toml",
    "ruff.toml",
    "setup.cfg",
}
TARGETS = ("plan", "docs", "test", "lint", "bench", "soak", "versions")
PAGES = ("README.md", "CONTRIBUTING.md")

# Written backwards, so that this file does not bear what it looks for.
MACHINE_FOLDERS = tuple(name[::-1] for name in ("krow", "pmt", "toor", "emoh"))
INDEX_HOSTS = tuple(
    name[::-1] for name in ("gro.ipyp", "gro.detsohnohtyp", "elpmis/ipyp", "gro.sjmpn")
)
WORDS = tuple(
    word[::-1]
    for word in (
        "tnega",
        "noisses",
        "tpgtahc",
        "tpg",
        "mll",
        "ianepo",
        "edualc",
        "ciporhtna",
        "tolipoc",
        "tnatsissa ia",
    )
)

PATHS_OF_A_MACHINE = re.compile(rf"(?<![\w.:/-])/(?:{'|'.join(MACHINE_FOLDERS)})/".encode())
HOSTS = re.compile("|".join(map(re.escape, INDEX_HOSTS)).encode())
SPOKEN = re.compile(rf"\b(?:{'|'.join(WORDS)})s?\b", re.IGNORECASE)
# What pytest and HTTP call by the same words.
MEANT_OTHERWISE = re.compile(r"scope=\"\w+\"|user-\w+", re.IGNORECASE)


def test_the_top_holds_the_rooms_and_the_usual_files(tracked):
    tops = {PurePosixPath(name).parts for name in tracked}
    assert {parts[0] for parts in tops if len(parts) > 1} == FOLDERS
    assert {parts[0] for parts in tops if len(parts) == 1} == FILES


def test_the_packs_are_files_only(tracked):
    assert [name for name in tracked if name.startswith("data/") and name.endswith(".py")] == []


def test_nothing_bears_a_path_of_a_machine_or_an_index(tracked, root):
    found = [
        (name, match.group())
        for name in tracked
        for pattern in (PATHS_OF_A_MACHINE, HOSTS)
        for match in pattern.finditer((root / name).read_bytes())
    ]
    assert found == []


def test_nothing_tells_of_how_it_was_written(tracked, root):
    # Packs quote their sources, which may speak of anything.
    written = [name for name in tracked if not name.startswith("data/")]
    found = []
    for name in written:
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        found += [(name, word) for word in SPOKEN.findall(MEANT_OTHERWISE.sub("", text))]
    assert found == []


def test_words_of_others_are_left_alone():
    assert not SPOKEN.search(MEANT_OTHERWISE.sub("", f'scope="{WORDS[1]}" User-{WORDS[0]}'))
    assert SPOKEN.search(MEANT_OTHERWISE.sub("", f"written in a {WORDS[1]}"))


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("see /{}/main", True),
        ("= '/{}/x'", True),
        ("https://example.org/{}/page", False),
        ("../{}/x", False),
    ],
)
def test_paths_of_a_machine_are_told_from_addresses(text, caught):
    for folder in MACHINE_FOLDERS:
        found = PATHS_OF_A_MACHINE.search(text.format(folder).encode())
        assert (found is not None) is caught


def test_no_folder_of_tests_is_passed_over(tracked, pytestconfig):
    shunned = pytestconfig.getini("norecursedirs")
    passed_over = {
        name
        for name in tracked
        for folder in PurePosixPath(name).parts[:-1]
        if name.startswith("tests/") and any(fnmatch(folder, pattern) for pattern in shunned)
    }
    assert passed_over == set()


def test_sub_packages_are_packages(tracked, root):
    folders = {
        PurePosixPath(name).parent
        for name in tracked
        if name.endswith(".py") and name.split("/")[0] in ("gis", "layers", "maps", "routing")
    }
    bare = [str(folder) for folder in folders if not (root / folder / "__init__.py").is_file()]
    assert bare == []


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_target(root, target):
    subprocess.run(["make", "--dry-run", target], cwd=root, check=True, capture_output=True)


def test_pinned_versions_are_exact_and_nothing_else(root):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert lines == sorted(set(lines), key=str.lower)


def read_commands(page: Path) -> set[tuple[str, str]]:
    """Return the `make X` and `steppe X` that a page shows as code."""
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"^```.*?^```|`[^`\n]+`|^    .+$", text, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"\b(make|steppe) ([a-z]+)\b", "\n".join(code)))


def test_the_readme_shows_how_to_plan_and_test(root):
    assert {("make", "plan"), ("make", "test")} <= read_commands(root / "README.md")


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_pages_show_exist(root, page):
    known = {("make", target) for target in TARGETS}
    known |= {("steppe", name) for name in get_command(app).list_commands(None)}
    assert read_commands(root / page) - known == set()


def test_links_of_the_pages_lead_somewhere(tracked, root):
    broken = []
    for name in tracked:
        if name.endswith(".md"):
            text = (root / name).read_text(encoding="utf-8")
            for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                here = (root / name).parent / link
                if "://" not in link and not here.exists():
                    broken.append((name, link))
    assert broken == []
