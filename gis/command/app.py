"""`steppe`: the commands and their options; everything heavy is imported when it is needed."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.printing import (
    prepare_streams,
    print_table,
    records_of,
    say,
    say_csv,
    say_json,
    say_progress,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from steppe.layers.tables import PlanTables
    from steppe.planfile.plan_inputs import Inputs

USER_ERROR = 2
SIGNALLED = 128  # plus the number of the signal, as shells have it
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
OutsideOption = Annotated[
    bool,
    typer.Option("--allow-outside", help="Read files that do not lie in the plan's folder too."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _read(name: str, *, allow_outside: bool, only: Collection[str] | None = None) -> Inputs:
    from steppe.planfile.input_reading import read_inputs
    from steppe.planfile.plan_schema import locate_plan, read_plan

    plan_file = read_plan(locate_plan(name), allow_outside=allow_outside)
    inputs = read_inputs(plan_file, only=only)
    _tell_notes(inputs.notes)
    return inputs


def _tell_notes(notes: Iterable[str]) -> None:
    """Say what is no fault and yet not as it stands in the plan, or unknown."""
    for note in notes:
        say(f"steppe: note: {note}", is_error=True)


def _weights(text: str | None) -> dict[str, float]:
    """Read `climate=2,power=1`."""
    from steppe.layers.errors import InputError, Problem

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
    plan: PlanArgument = DEFAULT_PLAN,
    out: OutOption = None,
    *,
    force: ForceOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Build everything: map, QGIS project, tables and report."""
    from steppe.outputs.building import build_folder, refuse_folder
    from steppe.outputs.output_folder import PAGE
    from steppe.outputs.plan_tables import build_tables

    progress = say_progress()
    progress("reading the plan")
    inputs = _read(plan, allow_outside=allow_outside)
    folder = out or Path("out") / inputs.plan.name
    refuse_folder(folder, inputs.plan.name)
    tables = build_tables(inputs, progress=progress)
    _tell_results(tables)
    build_folder(folder, inputs, tables, force=force, progress=progress)
    say(f"{folder / PAGE}")


@app.command()
def check(plan: PlanArgument = DEFAULT_PLAN, *, allow_outside: OutsideOption = False) -> None:
    """Read and check a plan; every fault is one line."""
    from steppe.outputs.plan_tables import build_tables

    inputs = _read(plan, allow_outside=allow_outside)
    _tell_results(build_tables(inputs))
    n_rows = sum(len(layer) for layer in inputs.layers.values())
    say(
        f"{inputs.plan.name}: {len(inputs.layers)} layers, {n_rows} rows, "
        f"{len(inputs.facts)} facts, {len(inputs.sources)} sources, no fault found"
    )


LevelOption = Annotated[
    str | None, typer.Option(metavar="LEVEL", help="Level to rank: zone, campus, facility.")
]


def _refuse(option: str, value: str | None, known: Collection[str]) -> None:
    from steppe.layers.errors import InputError, Problem

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
    allow_outside: OutsideOption = False,
) -> None:
    """Rank the parks of one level, and tell how sure that is and what would change it."""
    from steppe.layers.columns import PARK_LEVELS
    from steppe.layers.errors import InputError, Problem
    from steppe.outputs.command_tables import METHODS, rank_table, tell_ranking
    from steppe.ranking.decision_tables import decide_scenario

    _refuse("level", level, PARK_LEVELS)
    _refuse("method", method, METHODS)
    if as_json and as_csv:
        raise InputError(Problem("--json --csv", "are two forms of one answer", "ask for one"))
    decision = decide_scenario(
        _read(plan, allow_outside=allow_outside),
        scenario,
        level=level,
        weights=_weights(weights),
        relax=tuple(relax or ()),
    )
    if as_json:
        say_json(records_of(rank_table(decision, method=method)))
    elif as_csv:
        say_csv(rank_table(decision, method=method))
    else:
        table, told = tell_ranking(decision, method=method, chinese=_is_chinese())
        print_table(table)
        say("")
        for words in told:
            say(words)


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
    allow_outside: OutsideOption = False,
) -> None:
    """Compare two scenarios: sites, measures, ranks, round trips, routes, cost and targets."""
    from steppe.layers.columns import PARK_LEVELS
    from steppe.outputs.command_tables import tell_changes
    from steppe.ranking.decision_tables import compare_scenarios

    _refuse("level", level, PARK_LEVELS)
    one, two, changes = compare_scenarios(
        _read(plan, allow_outside=allow_outside), before, after, level=level
    )
    if as_json:
        say_json(records_of(changes))
        return
    line, table = tell_changes(one, two, changes, chinese=_is_chinese())
    for words in line.split("\n"):
        say(words)
    say("")
    if len(table):
        print_table(table)
    if rest := len(changes) - len(table):
        say(f"and {rest} round trips to other targets, see --json")
    if not len(changes):
        say("nothing differs")


@app.command()
def backbone(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    cut: Annotated[
        list[str] | None, typer.Option("--cut", metavar="CABLE", help="Cut this cable; repeatable.")
    ] = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Latency and redundancy of the backbone, whole or with cables cut."""
    from steppe.network.latency_table import tabulate_latency
    from steppe.network.plan_backbone import build_backbone
    from steppe.network.redundancy_table import tabulate_redundancy
    from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks
    from steppe.outputs.command_tables import backbone_tables, find_fewer, find_longer
    from steppe.planfile.plan_inputs import BACKBONE

    inputs = _read(plan, allow_outside=allow_outside, only=BACKBONE)
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
            "changed": {name: records_of(rows) for name, rows in changed.items()},
            "latency": records_of(latency),
            "redundancy": records_of(redundancy),
        }
        say_json(parts)
        return
    for table in backbone_tables(inputs, latency=latency, redundancy=redundancy):
        print_table(table)
        say("")
    for name, rows in changed.items():
        say(f"changed by the cut, {name}: {len(rows) or 'nothing'}")
        if len(rows):
            print_table(rows)


@app.command("map")
def map_(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File; default <plan>.html.")
    ] = None,
    allow_outside: OutsideOption = False,
) -> None:
    """Write the interactive map alone."""
    from steppe.outputs.plan_tables import build_tables
    from steppe.outputs.single_file import write_page

    inputs = _read(plan, allow_outside=allow_outside)
    tables = build_tables(inputs)
    _tell_results(tables)
    say(f"{write_page(out or Path(f'{inputs.plan.name}.html'), tables)}")


@app.command()
def qgis(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder; default <plan>-qgis.")
    ] = None,
    force: ForceOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Write the QGIS project alone, with its GeoPackage and rasters."""
    from steppe.outputs.output_folder import PROJECT, record, write_geodata
    from steppe.outputs.plan_tables import build_tables
    from steppe.outputs.publishing import publish
    from steppe.outputs.single_file import make_parents, refuse_unopenable

    inputs = _read(plan, allow_outside=allow_outside)
    folder = out or Path(f"{inputs.plan.name}-qgis")
    refuse_unopenable(folder)
    tables = build_tables(inputs)
    _tell_results(tables)
    make_parents(folder)
    with publish(folder, force=force) as staging:
        write_geodata(staging, tables)
        record(staging, inputs, tables)
    say(f"{folder / PROJECT}")


@app.command()
def sources(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Show what stands behind the numbers, with licences."""
    from steppe.outputs.source_table import source_table

    table = source_table(_read(plan, allow_outside=allow_outside))
    if as_json:
        say_json(records_of(table))
    else:
        print_table(table[["source_id", "year", "licence", "as_of", "used_by", "title"]])


def _tell_results(tables: PlanTables) -> None:
    """Tell what is unknown, and which columns of the user's are written under another name."""
    from steppe.outputs.output_folder import find_renamed

    _tell_notes(tables.notes)
    for layer, renamed in find_renamed(tables).items():
        told = ", ".join(f"{name} as {free}" for name, free in renamed.items())
        _tell_notes([f"{layer}: the outputs bear columns of these names: {told}"])


@contextmanager
def _clearing_up() -> Iterator[None]:
    """Let what is asked to end clear up after itself, as it does at Ctrl-C.

    A signal that the caller has set to be ignored, as nohup does, stays so.
    """
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ending = [each for each in ending if signal.getsignal(each) is signal.SIG_DFL]

    def end(number: int, _: object) -> None:
        # Whoever hangs up sends both at times; the second must not cut the clearing short.
        for each in ending:
            signal.signal(each, lambda *_: None)
        sys.exit(SIGNALLED + number)

    for each in ending:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in ending:
            if signal.getsignal(each) is end:
                signal.signal(each, signal.SIG_DFL)


def main() -> None:
    """Run the command; a fault of the user's ends in one line each and exit code 2."""
    from steppe.layers.errors import InputError

    # A command is short-lived and frees nothing worth a search: a quarter of a quick answer.
    gc.disable()
    prepare_streams()
    try:
        with _clearing_up():
            app()
    except InputError as error:
        for line in error.lines():
            say(f"steppe: {line}", is_error=True)
        sys.exit(USER_ERROR)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
