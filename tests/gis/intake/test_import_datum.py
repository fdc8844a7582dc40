"""Parks typed from a map of the web: the plan's own substations tell the shift, and it is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.intake.import_datum import doubt_datum
from steppe.intake.import_request import ImportRequest
from steppe.layers.datum import gcj02_to_bd09, wgs84_to_gcj02
from steppe.layers.importing.file_opening import open_file
from steppe.planfile.plan_reading import read_plan


def shifted(lon: np.ndarray, lat: np.ndarray, datum: str) -> tuple[np.ndarray, np.ndarray]:
    if datum != "wgs84":
        lon, lat = wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_shift_of_twenty_parks_is_doubted(pack: Path, tmp_path: Path, datum: str) -> None:
    known = pd.read_csv(pack / "substations.csv")
    known = known[known["lon"].between(105, 118) & known["lat"].between(39, 41.5)]
    chosen = known.sample(20, random_state=3)
    noise = np.random.default_rng(3).normal(0.0, 0.0008, (2, 20))  # some 80 m
    lon, lat = shifted(chosen["lon"] + noise[0], chosen["lat"] + noise[1], datum)
    file = tmp_path / "parks.csv"
    pd.DataFrame({"name": [f"park {n}" for n in range(20)], "lon": lon, "lat": lat}).to_csv(
        file, index=False
    )
    plan, raw = read_plan(pack / "plan.toml"), open_file(file)
    found = doubt_datum(plan, raw, "parks", ImportRequest(file))
    told = " ".join(problem.say("en") for problem in found)
    assert (f"--datum {datum} " in told) == (datum != "wgs84")
    assert not doubt_datum(plan, raw, "parks", ImportRequest(file, datum="wgs84"))


def test_places_abroad_are_not_doubted(pack: Path, tmp_path: Path) -> None:
    file = tmp_path / "parks.csv"
    file.write_text("name,lon,lat\n" + "".join(f"{n},24.{n},60.2\n" for n in range(20)))
    assert not doubt_datum(
        read_plan(pack / "plan.toml"), open_file(file), "parks", ImportRequest(file)
    )
