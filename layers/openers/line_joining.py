"""Joining lines that mappers cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd
import shapely
from scipy.cluster.hierarchy import DisjointSet
from shapely.geometry.base import BaseGeometry


def join_lines(frame: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """Join the pieces of a line that are alike but for their ids.

    Mappers cut a line at every bridge.  Pieces are joined where just two of a kind meet end to
    end; a line keeps the id of its first piece.

    Parameters
    ----------
    frame
        Pieces.
    key
        The column of ids.
    """
    pieces = frame.explode(index_parts=False)
    alike = [name for name in pieces.columns if name not in {key, "geometry"}]
    made: list[dict[str, object]] = []
    for values, group in pieces.groupby(alike, sort=True, dropna=False):
        said = dict(zip(alike, values, strict=True))
        for ids, line in _chains(group[key].tolist(), group.geometry.tolist()):
            made.append({key: min(ids, key=lambda each: (len(each), each)), **said, "shape": line})
    if not made:
        return frame
    table = pd.DataFrame(made)
    nth = table.groupby(key).cumcount()
    table[key] = table[key] + ("_" + (nth + 1).astype("str")).where(nth > 0, "")
    shapes = gpd.GeoSeries(table.pop("shape"), crs=frame.crs)
    return gpd.GeoDataFrame(table.astype(frame.dtypes[alike].to_dict()), geometry=shapes)


def _chains(
    ids: Sequence[str], lines: Sequence[BaseGeometry]
) -> Iterator[tuple[list[str], BaseGeometry]]:
    """Give the ids and the line of each chain of pieces."""
    meeting: dict[tuple[float, ...], list[int]] = {}
    for number, line in enumerate(lines):
        for end in (line.coords[0], line.coords[-1]):
            meeting.setdefault(end, []).append(number)
    first = DisjointSet(range(len(lines)))
    for at in meeting.values():
        if len(at) == 2:  # noqa: PLR2004 (just two ends)
            first.merge(*at)
    for chain in first.subsets():
        numbers = sorted(chain)
        merged = shapely.line_merge(shapely.multilinestrings([lines[each] for each in numbers]))
        for part in shapely.get_parts(merged):
            yield [ids[each] for each in numbers], part
