"""What the map lies on: boundaries, railways, waters."""

from __future__ import annotations

from steppe.layers.columns import ACCURACY, AS_OF, NAMES, SOURCE, Contract, text, whole

BOUNDARIES = Contract(
    "boundaries",
    "polygon",
    ("boundary_id",),
    {
        "boundary_id": text("ISO code", zh="代码", en="Code", made="id"),
        **NAMES,
        "kind": text("kind", values=("region", "province", "country"), assumed="region"),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)


def _base_lines(name: str) -> Contract:
    return Contract(
        name,
        "line",
        ("line_id",),
        {
            "line_id": text("identifier", zh="编号", en="Id", made="id"),
            "name": text("name as the source writes it", empty=True),
            "rank": whole("cartographic rank, 0 most important", low=0, high=1000, assumed=0),
            **ACCURACY,
            **SOURCE,
            **AS_OF,
        },
    )


RAILWAYS = _base_lines("railways")
RIVERS = _base_lines("rivers")

LAKES = Contract(
    "lakes",
    "polygon",
    ("lake_id",),
    {
        "lake_id": text("identifier", zh="湖泊编号", en="Lake id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "rank": whole("cartographic rank, 0 most important", low=0, high=1000, assumed=0),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (BOUNDARIES, RAILWAYS, RIVERS, LAKES)
