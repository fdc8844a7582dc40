"""`steppe`: the commands and their options; everything heavy is imported when it is needed."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import pandas as pd

    from gis.build.inputs import Inputs

USER_ERROR = 2
DEFAULT_PLAN = "inner_mongolia"

app = typer.Typer(
    name="steppe",
    help="Plan data-centre parks and the fibre that reaches them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PlanArgument = Annotated[
    str, typer.Argument(metavar="PLAN", help="Name of a pack, a folder, or a plan.toml.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder to write; default out/<plan>.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Replace outputs that were edited since they were written.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _progress() -> Callable[[str], None]:
    """Return what tells the user where long work stands: nothing unless on a terminal."""
    if not sys.stderr.isatty():
        return lambda _: None
    from rich.console import Console

    console = Console(stderr=True)
    return lambda words: console.print(f"[dim]· {words}[/dim]", highlight=False)


def _read(name: str, *, only: Collection[str] | None = None) -> Inputs:
    from gis.build.inputs import read_inputs
    from gis.build.plan import locate_plan, read_plan

    inputs = read_inputs(read_plan(locate_plan(name)), only=only)
    _tell_notes(inputs.notes)
    return inputs


def _tell_notes(notes: Iterable[str]) -> None:
    """Say what is no fault and yet not as it stands in the plan, or unknown."""
    for note in notes:
        typer.echo(f"steppe: note: {note}", err=True)


def _weights(text: str | None) -> dict[str, float]:
    """Read `climate=2,power=1`."""
    from layers.errors import InputError, Problem

    weights = {}
    for part in (text or "").split(","):
        if not part:
            continue
        name, _, number = part.partition("=")
        if name.strip() in weights:
            raise InputError(Problem("--weights", f"{name.strip()} stands twice", "give it once"))
        try:
            weights[name.strip()] = float(number)
        except ValueError:
            raise InputError(
                Problem("--weights", f"{part!r} is not NAME=NUMBER", "write climate=2,power=1")
            ) from None
    return weights


@app.command()
def build(
    plan: PlanArgument = DEFAULT_PLAN, out: OutOption = None, *, force: ForceOption = False
) -> None:
    """Build everything: map, QGIS project, tables and report."""
    from gis.build.outputs import PAGE, write_outputs
    from gis.build.publish import publish
    from gis.build.record import refuse_other_plan
    from gis.build.single import make_parents
    from gis.build.tables import build_tables

    progress = _progress()
    progress("reading the plan")
    inputs = _read(plan)
    folder = out or Path("out") / inputs.plan.name
    refuse_other_plan(folder, inputs.plan.name)
    tables = build_tables(inputs, progress=progress)
    _tell_notes(tables.notes)
    make_parents(folder)
    with publish(folder, force=force) as staging:
        write_outputs(staging, inputs, tables, progress=progress)
    typer.echo(f"{folder / PAGE}")


@app.command()
def check(plan: PlanArgument = DEFAULT_PLAN) -> None:
    """Read and check a plan; every fault is one line."""
    from gis.build.tables import build_tables

    inputs = _read(plan)
    _tell_notes(build_tables(inputs).notes)
    n_rows = sum(len(layer) for layer in inputs.layers.values())
    typer.echo(
        f"{inputs.plan.name}: {len(inputs.layers)} layers, {n_rows} rows, "
        f"{len(inputs.facts)} facts, {len(inputs.sources)} sources, no fault found"
    )


LevelOption = Annotated[
    str | None, typer.Option(metavar="LEVEL", help="Level to rank: zone, campus, facility.")
]


def _refuse(option: str, value: str | None, known: Collection[str]) -> None:
    from layers.errors import InputError, Problem

    if value is not None and value not in known:
        raise InputError(
            Problem(f"--{option}", f"unknown {option} {value!r}", f"one of {', '.join(known)}")
        )


def _is_chinese() -> bool:
    """Tell whether the user's locale is Chinese."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


@app.command()
def score(  # noqa: PLR0913 (one argument for each option)
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    weights: Annotated[
        str | None, typer.Option(metavar="NAME=NUMBER,...", help="Weights of criteria.")
    ] = None,
    method: Annotated[
        str, typer.Option(metavar="METHOD", help="weighted_sum, topsis, or smaa.")
    ] = "weighted_sum",
    level: LevelOption = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="NAME", help="A scenario of the plan.")
    ] = None,
    relax: Annotated[
        list[str] | None,
        typer.Option(metavar="CLAUSE", help="Rule or clause to exclude nothing; repeatable."),
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Rank the parks of one level, and tell how sure that is and what would change it."""
    from gis.build.decision import decide_scenario
    from gis.build.ranking import METHODS, rank_table, tell_ranking
    from layers.columns import PARK_LEVELS

    _refuse("level", level, PARK_LEVELS)
    _refuse("method", method, METHODS)
    decision = decide_scenario(
        _read(plan), scenario, level=level, weights=_weights(weights), relax=tuple(relax or ())
    )
    if as_json:
        typer.echo(json.dumps(_records(rank_table(decision, method=method)), ensure_ascii=False))
    elif as_csv:
        typer.echo(rank_table(decision, method=method).to_csv(index=False), nl=False)
    else:
        table, told = tell_ranking(decision, method=method, chinese=_is_chinese())
        _print_table(table)
        typer.echo("")
        for words in told:
            typer.echo(words)


@app.command()
def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="A scenario of the plan.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    *,
    plan: Annotated[
        str, typer.Option("--plan", metavar="PLAN", help="Name of a pack, a folder, a plan.toml.")
    ] = DEFAULT_PLAN,
    level: LevelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two scenarios: sites, measures, ranks, round trips, routes, cost and targets."""
    from gis.build.decision import compare_scenarios
    from gis.build.ranking import tell_changes
    from layers.columns import PARK_LEVELS

    _refuse("level", level, PARK_LEVELS)
    one, two, changes = compare_scenarios(_read(plan), before, after, level=level)
    if as_json:
        typer.echo(json.dumps(_records(changes), ensure_ascii=False))
        return
    line, table = tell_changes(one, two, changes, chinese=_is_chinese())
    typer.echo(f"{line}\n")
    if len(table):
        _print_table(table)
    if rest := len(changes) - len(table):
        typer.echo(f"and {rest} round trips to other targets, see --json")
    if not len(changes):
        typer.echo("nothing differs")


@app.command()
def backbone(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    cut: Annotated[
        list[str] | None, typer.Option("--cut", metavar="CABLE", help="Cut this cable; repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Latency and redundancy of the backbone, whole or with cables cut."""
    from gis.build.backbone import build_backbone
    from gis.build.inputs import BACKBONE
    from gis.build.latency import tabulate_latency
    from gis.build.ranking import backbone_tables, find_fewer, find_longer
    from gis.build.redundancy import tabulate_redundancy
    from gis.build.risks import find_cable_risks, find_corridor_risks

    inputs = _read(plan, only=BACKBONE)
    cuts = tuple(name.strip() for each in cut or () for name in each.split(","))
    net, whole = build_backbone(inputs, cuts=cuts), build_backbone(inputs)
    targets = inputs.plan.network.targets[:1]
    shared = find_corridor_risks(inputs)
    latency = tabulate_latency(inputs, net)
    redundancy = tabulate_redundancy(
        inputs, net, find_cable_risks(inputs, net), targets=targets, corridor_risks=shared
    )
    changed = {}
    if cuts:
        changed = {
            "latency": find_longer(latency, tabulate_latency(inputs, whole)),
            "redundancy": find_fewer(
                redundancy,
                tabulate_redundancy(inputs, whole, (), targets=targets, corridor_risks=shared),
            ),
        }
    if as_json:
        parts = {
            "cut": sorted(set(cuts)),
            "changed": {name: _records(rows) for name, rows in changed.items()},
            "latency": _records(latency),
            "redundancy": _records(redundancy),
        }
        typer.echo(json.dumps(parts, ensure_ascii=False))
        return
    for table in backbone_tables(inputs, latency=latency, redundancy=redundancy):
        _print_table(table)
        typer.echo("")
    for name, rows in changed.items():
        typer.echo(f"changed by the cut, {name}: {len(rows) or 'nothing'}")
        if len(rows):
            _print_table(rows)


@app.command("map")
def map_(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File; default <plan>.html.")
    ] = None,
) -> None:
    """Write the interactive map alone."""
    from gis.build.single import write_page
    from gis.build.tables import build_tables

    inputs = _read(plan)
    tables = build_tables(inputs)
    _tell_notes(tables.notes)
    typer.echo(f"{write_page(out or Path(f'{inputs.plan.name}.html'), tables)}")


@app.command()
def qgis(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder; default <plan>-qgis.")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Write the QGIS project alone, with its GeoPackage and rasters."""
    from gis.build.outputs import PROJECT, record, write_geodata
    from gis.build.publish import publish
    from gis.build.single import make_parents
    from gis.build.tables import build_tables

    inputs = _read(plan)
    folder = out or Path(f"{inputs.plan.name}-qgis")
    tables = build_tables(inputs)
    _tell_notes(tables.notes)
    make_parents(folder)
    with publish(folder, force=force) as staging:
        write_geodata(staging, tables)
        record(staging, inputs, tables)
    typer.echo(f"{folder / PROJECT}")


@app.command()
def sources(plan: PlanArgument = DEFAULT_PLAN, *, as_json: JsonOption = False) -> None:
    """Show what stands behind the numbers, with licences."""
    from gis.build.standing import source_table

    table = source_table(_read(plan))
    if as_json:
        typer.echo(json.dumps(_records(table), ensure_ascii=False))
    else:
        _print_table(table[["source_id", "year", "licence", "as_of", "used_by", "title"]])


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return rows for JSON: every digit of a number, null for what is unknown."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _print_table(frame: pd.DataFrame) -> None:
    """Print a table as text: aligned on a terminal, whole when piped."""
    import pandas as pd
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    numeric = {name: pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns}
    for name in frame.columns:
        table.add_column(name, justify="right" if numeric[name] else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    width = None if sys.stdout.isatty() else _whole_width(frame)
    Console(width=width).print(table)


def _cell(value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _whole_width(frame: pd.DataFrame) -> int:
    from rich.cells import cell_len

    texts: Iterator[int] = (
        max([cell_len(str(name)), *(cell_len(_cell(value)) for value in frame[name])])
        for name in frame.columns
    )
    return sum(texts) + 2 * len(frame.columns)


def main() -> None:
    """Run the command; a fault of the user's ends in one line each and exit code 2."""
    from layers.errors import InputError

    # A command is short-lived and frees nothing worth a search: a quarter of a quick answer.
    gc.disable()
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            print(f"steppe: {problem}", file=sys.stderr)  # noqa: T201
        sys.exit(USER_ERROR)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
