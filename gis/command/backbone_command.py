"""The command `steppe backbone`: round trips and ways of the whole, or what a cut changes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from steppe.command.plan_options import (
    DEFAULT_PLAN,
    JsonOption,
    OutsideOption,
    PlanArgument,
    read,
)
from steppe.command.printing import print_table, say, say_json
from steppe.command.progress_bar import showing_progress
from steppe.layers.progress import begin
from steppe.layers.wording import find_reader, tell

if TYPE_CHECKING:
    from steppe.planfile.plan_inputs import Inputs


def backbone(
    plan: PlanArgument = DEFAULT_PLAN,
    *,
    cut: Annotated[
        list[str] | None,
        typer.Option(
            "--cut",
            metavar="NAME",
            help="Cut a cable, corridor, city, operator, country or crossing by its id, or "
            "circle:LON,LAT,RADIUS_KM; repeatable.",
        ),
    ] = None,
    as_json: JsonOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Latency and redundancy of the backbone, or what changes of them when something is cut."""
    from steppe.planfile.plan_inputs import BACKBONE

    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside, only=BACKBONE)
    if cut:
        _tell_cut(inputs, tuple(cut), as_json=as_json)
    else:
        _tell_whole(inputs, as_json=as_json)


def _tell_whole(inputs: Inputs, *, as_json: bool) -> None:
    from steppe.network.backbone_questions import BackboneQuestions
    from steppe.outputs.backbone_tables import backbone_tables
    from steppe.outputs.json_backbone import answer_backbone

    with showing_progress():
        begin(tell("progress.backbone"))
        asked = BackboneQuestions(inputs)
        latency, redundancy = asked.latency(), asked.redundancy()
    if as_json:
        say_json(answer_backbone(inputs, latency=latency, redundancy=redundancy))
        return
    for table in backbone_tables(inputs, latency=latency, redundancy=redundancy):
        print_table(table)
        say("")


def _tell_cut(inputs: Inputs, cut: tuple[str, ...], *, as_json: bool) -> None:
    from steppe.network.cut_backbone import CutBackbone
    from steppe.network.cut_changes import find_changes
    from steppe.outputs.backbone_tables import spell_fewer
    from steppe.outputs.json_backbone import answer_cut
    from steppe.planfile.cut_units import fell_cables, tell_unit

    with showing_progress():
        begin(tell("progress.backbone"))
        asked = CutBackbone(inputs, cut)
        changes = find_changes(asked)
    fallen = {unit: fell_cables([unit], asked.whole.lines) for unit in asked.units}
    if as_json:
        say_json(answer_cut(inputs, fallen, changes))
        return
    language = find_reader()
    for unit, cables in fallen.items():
        say(tell_unit(unit, cables).say(language))
    shown = {"latency": changes.longer, "redundancy": spell_fewer(changes.fewer)}
    for name, rows in shown.items():
        say("")
        key = "backbone.changed" if len(rows) else "backbone.unchanged"
        told = {"n_rows": len(rows)} if len(rows) else {}
        say(tell(key, table=name, **told).say(language))
        if len(rows):
            print_table(rows)
        say(tell("backbone.unchanged_rest", table=name, n=changes.n_unchanged[name]).say(language))
