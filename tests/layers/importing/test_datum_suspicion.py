"""The datum of places, judged by known ones: named right, or not named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.layers.datum import gcj02_to_bd09, wgs84_to_gcj02
from steppe.layers.importing.datum_suspicion import READINGS, suspect_datum

PACK = Path(__file__).parents[3] / "data" / "inner_mongolia"
DEGREE_M = np.array([85_000.0, 111_000.0])  # at 40 N


def shifted(places: np.ndarray, datum: str) -> np.ndarray:
    lon, lat = places.T
    if datum != "wgs84":
        lon, lat = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return np.column_stack([lon, lat])


def known(name: str) -> pd.DataFrame:
    frame = pd.read_csv(PACK / f"{name}.csv")
    # Well within China, where every map of the web is shifted.
    return frame[frame["lon"].between(100, 120) & frame["lat"].between(38, 41.5)].reset_index(
        drop=True
    )


def parks(reference: pd.DataFrame, noise_m: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Twenty places of a reference, as exact as given; their rows."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(reference), min(20, len(reference)), replace=False)
    places = reference[["lon", "lat"]].to_numpy()[rows]
    return places + rng.normal(0.0, noise_m, places.shape) / DEGREE_M, rows


@pytest.mark.parametrize("datum", READINGS)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("noise_m", [0.0, 150.0])
def test_twenty_parks_by_the_nearest_substation(datum: str, seed: int, noise_m: float) -> None:
    reference = known("substations")
    places, _ = parks(reference, noise_m, seed)
    found = suspect_datum(shifted(places, datum), reference[["lon", "lat"]].to_numpy())
    assert found.datum == datum
    assert not found.by_names
    assert found.n_pairs == 20


@pytest.mark.parametrize("datum", READINGS)
def test_parks_by_the_names_of_towns(datum: str) -> None:
    reference = known("towns")
    places, rows = parks(reference, 100.0, seed=1)
    names = reference["name_zh"]
    found = suspect_datum(
        shifted(places, datum), reference[["lon", "lat"]].to_numpy(),
        names=names.iloc[rows].tolist(), reference_names=names.tolist(),
    )  # fmt: skip
    assert found.datum == datum
    assert found.by_names


@pytest.mark.parametrize("seed", range(10))
def test_places_that_have_nothing_to_do_with_the_reference_tell_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = np.column_stack([rng.uniform(110, 116, 20), rng.uniform(39, 41, 20)])
    assert suspect_datum(places, known("substations")[["lon", "lat"]].to_numpy()).datum is None


@pytest.mark.parametrize("datum", READINGS)
def test_a_coarse_reference_names_no_wrong_datum(datum: str) -> None:
    reference = known("substations")
    for seed in range(10):
        places, _ = parks(reference, 1_500.0, seed)
        found = suspect_datum(shifted(places, datum), reference[["lon", "lat"]].to_numpy())
        assert found.datum in {None, datum}


def test_abroad_the_datum_makes_no_difference() -> None:
    helsinki = np.array([[24.9 + 0.01 * n, 60.2] for n in range(20)])
    found = suspect_datum(helsinki, helsinki)
    assert found.datum is None
    assert "no difference" in found.words.say("en")


def test_two_places_are_too_few() -> None:
    reference = known("towns")[["lon", "lat"]].to_numpy()
    assert suspect_datum(reference[:2], reference).datum is None
    assert suspect_datum(reference, np.empty((0, 2))).datum is None
