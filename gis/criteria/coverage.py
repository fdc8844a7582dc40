"""What may be said of a number that was found round a site, by what the layer covers there.

A site may lie anywhere on the disk of its accuracy: the value is the median over the disk, the band
the least and the greatest over it, all of them over the points of `steppe.layers.disks`; the least
distance is that of the middle less the accuracy, which is exact.  Where the layer ends before what was asked does, nothing
that it does not hold is known not to be there, so the number is unknown and only a bound
of it is told:

========= ==================================== ========================================
what      known where the layer covers          else known of it
========= ==================================== ========================================
a count,  the circle round all of the disk      low: the least over the disk of what the
a sum,                                          layer holds; high: nothing
a largest
a nearest the circle that reaches to the        low: the least over the disk of what was
          nearest one, all over the disk        found and of the distance to the edge;
                                                high: the greatest of what was found
========= ==================================== ========================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site
from steppe.layers.disks import spread_points
from steppe.layers.extents import Extent
from steppe.layers.wording import Words, has_words, join, tell


def name_layer(name: str) -> Words:
    """Return what a layer is called within a reason; its name where the catalogues have none."""
    return tell(f"layer.{name}") if has_words(f"layer.{name}") else name


@dataclass(frozen=True)
class Bounded:
    """A number round a site: known, or unknown and perhaps bounded.

    Parameters
    ----------
    value
        The number; None where it is not known.
    low, high
        Its band, or what is known of it all the same; None for an open end.
    why
        What the layer does not cover, or that nobody said what it covers; empty otherwise.
    is_said
        Whether the plan says what the layer covers.
    """

    value: float | None
    low: float | None
    high: float | None
    why: Words = ""
    is_said: bool = True

    @property
    def status(self) -> str:
        """As tables write it."""
        if self.value is None:
            return "unknown"
        return "derived" if self.is_said else "assumed"

    @property
    def band(self) -> str:
        """As tables write it."""
        return "none" if self.low is None and self.high is None else "range"

    def times(self, factor: float, *, low_factor: float | None = None) -> Bounded:
        """Return the same number times a factor, its low end times another one."""
        of_low = factor if low_factor is None else low_factor
        return Bounded(
            None if self.value is None else self.value * factor,
            None if self.low is None else self.low * of_low,
            None if self.high is None else self.high * factor,
            self.why,
            self.is_said,
        )

    def widen(self, *, least: float, most: float) -> Bounded:
        """Return the same where the layer itself leaves open what counts: from least to most."""
        if self.value is None:
            return replace(self, low=least if least > 0 else None)
        return replace(self, low=least, high=most)

    def finding(self, site: Site, measure_id: str, reason: Words, **rest: object) -> Finding:
        """Return it as what was found of a measure; what is not covered stands first."""
        reasons = [each for each in (self.why, reason) if each]
        shared: Mapping[str, object] = {"status": self.status} | rest
        return Finding(
            site.park_id,
            measure_id,
            value=self.value,
            low=self.low,
            high=self.high,
            band=self.band,
            reason=join(reasons, "join.semicolon"),
            **shared,  # type: ignore[arg-type]
        )


def bound_amount(
    amounts: ArrayLike, site: Site, extent: Extent, *, layer: str, radius_km: float
) -> Bounded:
    """Return a count, a sum or a largest within a radius: what the layer lacks could only add to it.

    Parameters
    ----------
    amounts
        What the layer holds within the radius of each point of the disk, shape (n,).
    site
        Whose disk.
    extent, layer
        What the layer covers, and its name.
    radius_km
        The radius.
    """
    found = np.asarray(amounts, dtype=float)
    least, asked_km = float(found.min()), radius_km + site.accuracy_km
    if not extent.covers(site.lon, site.lat, asked_km):
        why = tell_part(layer, extent.reach_km(site.lon, site.lat), asked_km=asked_km)
        return Bounded(None, least if least > 0 else None, None, why, extent.is_said)
    why = tell_taken(layer, extent)
    return Bounded(float(np.median(found)), least, float(found.max()), why, extent.is_said)


def bound_nearest(
    away_km: ArrayLike,
    site: Site,
    extent: Extent,
    *,
    layer: str,
    slack_km: float = 0.0,
    beyond_km: float = math.inf,
) -> Bounded:
    """Return how far the nearest feature is: what the layer lacks could only be nearer.

    Parameters
    ----------
    away_km
        Distance from each point of the disk, shape (n,); infinite where none was found.
    site
        Whose disk.
    extent, layer
        What the layer covers, and its name.
    slack_km
        Accuracy of the features.
    beyond_km
        How far was looked, where none was found.
    """
    found = np.asarray(away_km, dtype=float)
    apart = np.hypot(*spread_points(site.accuracy_km).T)
    farthest = float(found.max() + apart.max())
    # Where the layer speaks beyond all that was found, its edge bounds nothing.
    is_inside = math.isfinite(farthest) and extent.covers(site.lon, site.lat, farthest)
    reach_km = math.inf if is_inside else extent.reach_km(site.lon, site.lat)
    edge = np.maximum(0.0, reach_km - apart)
    # The first point is the middle, and no place of the disk is nearer than this.
    nearer = max(0.0, float(min(found[0], beyond_km)) - site.accuracy_km)
    least = min(nearer, float(found.min()), float(edge.min()))
    # A small disk is its middle alone, and its rim that much farther.
    farther = float(found.max()) + (site.accuracy_km if len(found) == 1 else 0.0)
    low, high = max(0.0, least - slack_km), farther + slack_km
    if math.isfinite(high) and (found <= edge).all():
        return Bounded(
            float(np.median(found)), low, high, tell_taken(layer, extent), extent.is_said
        )
    why: Words
    if (np.minimum(found, beyond_km) <= edge).all():
        why = tell_taken(layer, extent)
    else:
        why = tell_nearer(layer, float(edge.min()))
    return Bounded(
        None,
        low if low > 0 and math.isfinite(low) else None,
        high if math.isfinite(high) else None,
        why,
        extent.is_said,
    )


def tell_part(layer: str, covered_km: float, *, asked_km: float) -> Words:
    """Say that a layer covers less round a site than is asked."""
    name = name_layer(layer)
    if covered_km <= 0:
        return tell("extent.outside", name=name)
    return tell("extent.part", name=name, covered=covered_km, asked=asked_km)


def tell_nearer(layer: str, covered_km: float) -> Words:
    """Say that something nearer may lie beyond what a layer covers."""
    name = name_layer(layer)
    if covered_km <= 0:
        return tell("extent.outside", name=name)
    return tell("extent.nearer", name=name, covered=covered_km)


def tell_taken(layer: str, extent: Extent) -> Words:
    """Say that what a layer covers is taken to be so; nothing where the plan says it."""
    return "" if extent.is_said else tell("extent.unsaid", name=name_layer(layer))
