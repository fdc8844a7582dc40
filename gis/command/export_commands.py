"""The command that writes a plan's network for other tools: export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from steppe.command.plan_options import OutsideOption, read, tell_notes
from steppe.command.printing import say
from steppe.command.progress_bar import showing_progress
from steppe.layers.wording import tell

_LAYERS = ("nodes", "fibre", "corridors")


def export(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="Name of a pack, a folder, or a plan.toml.")
    ],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A .json for the package, or a .geojson for NAME_nodes.geojson and NAME_spans.geojson.",
        ),
    ],
    *,
    allow_outside: OutsideOption = False,
) -> None:
    """Write nodes and cables as the Open Fibre Data Standard 0.4."""
    from steppe.layers.errors import InputError, Problem
    from steppe.layers.interchange.ofds_writing import to_features, to_package
    from steppe.layers.whole_files import write_file

    suffix = file.suffix.lower()
    if suffix not in {".json", ".geojson"}:
        raise InputError(Problem(str(file), tell("fault.export.suffix"), tell("fix.export.suffix")))
    with showing_progress():
        inputs = read(plan, allow_outside=allow_outside, only=_LAYERS)
        about = inputs.plan
        written = to_package(
            inputs.layer("nodes"),
            inputs.layer("fibre"),
            name=about.name,
            title=about.title_en or about.name,
            date=about.as_of.isoformat(),
        )
    tell_notes(written.notes)
    contents = {"": written.package}
    if suffix == ".geojson":
        features = to_features(written.package)
        contents = {f"_{kind}": held for kind, held in features.items()}
    for ending, content in contents.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        say(f"{write_file(file.with_name(file.stem + ending + file.suffix), text + chr(10))}")
