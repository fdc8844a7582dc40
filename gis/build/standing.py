"""What stands behind the numbers: every source, and what uses it."""

from __future__ import annotations

import pandas as pd

from gis.build.inputs import Inputs


def source_table(inputs: Inputs) -> pd.DataFrame:
    """Return one row for each source, with the layers and facts that name it.

    Returns
    -------
    DataFrame
        The fields of `layers.sources.Source`, and `used_by`: layers, rasters and the
        number of facts, separated by commas; empty for a source that nothing uses.
    """
    uses: dict[str, list[str]] = {source_id: [] for source_id in inputs.sources}
    for name, layer in inputs.layers.items():
        for source_id in sorted(set(layer["source_id"])):
            uses[source_id].append(name)
    for each in inputs.plan.network.classes:
        uses[each.source_id].append("latency classes")
    for window in inputs.plan.geology.complete:
        uses[window.source_id].append("completeness of earthquakes")
    if inputs.plan.geology.site_factors:
        uses[inputs.plan.geology.factors_source_id].append("factors of the ground")
    for name, grid in inputs.rasters.items():
        uses[grid.source_id].append(name)
    for name, table in inputs.tables.items():
        for source_id in sorted(set(table["source_id"])):
            uses[source_id].append(name)
    for source_id, n_facts in inputs.facts["source_id"].value_counts(sort=False).items():
        uses[str(source_id)].append(f"{n_facts} facts")
    rows = [
        {
            **source.model_dump(),
            "as_of": source.as_of.isoformat(),
            "used_by": ", ".join(uses[source_id]),
        }
        for source_id, source in sorted(inputs.sources.items())
    ]
    return pd.DataFrame(rows)
