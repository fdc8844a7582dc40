"""What stands behind the numbers: every source, and what uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from steppe.layers.sources import Source
from steppe.planfile.plan_inputs import Inputs


def source_table(inputs: Inputs) -> pd.DataFrame:
    """Return one row for each source, with the layers and facts that name it.

    Returns
    -------
    DataFrame
        The fields of `steppe.layers.sources.Source`, and `used_by`: layers, rasters, cooling, cost, new routes and
        the number of facts, separated by commas; empty for a source that nothing uses.
    """
    uses: dict[str, list[str]] = {source_id: [] for source_id in inputs.sources}
    for name, layer in inputs.layers.items():
        for source_id in sorted(set(layer["source_id"])):
            uses[source_id].append(name)
    for source_id, use in _cited(inputs):
        uses[source_id].append(use)
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
    return pd.DataFrame(rows, columns=[*Source.model_fields, "used_by"])


def _cited(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Yield the sources that the plan itself names, and for what."""
    plan = inputs.plan
    for source_id in sorted({each.source_id for each in plan.network.classes}):
        yield source_id, "latency classes"
    for source_id in sorted({window.source_id for window in plan.geology.complete}):
        yield source_id, "completeness of earthquakes"
    if plan.geology.site_factors:
        yield plan.geology.factors_source_id, "factors of the ground"
    for name, grid in inputs.rasters.items():
        yield grid.source_id, name
    if plan.cooling is not None:
        for source_id in sorted({source_id for _, source_id in plan.cooling.cited()}):
            yield source_id, "cooling"
    for source_id in sorted({source_id for _, source_id in plan.cost.cited()}):
        yield source_id, "cost"
    for source_id in sorted({source_id for _, source_id in plan.route.cited()}):
        yield source_id, "new routes"
    for source_id in sorted({p.source_id for each in plan.scenarios for p in each.prices.values()}):
        yield source_id, "scenarios"
