"""Grids that somebody sent: what they say is kept, what cannot be is one line, nothing else is opened."""

from __future__ import annotations

import contextlib
import os
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.rpc import RPC

from steppe.layers.errors import InputError
from steppe.layers.grids import QUANTITIES
from steppe.layers.limits import CELLS
from steppe.layers.rasters import read_raster, refuse_elsewhere, write_cog
from steppe.layers.tables import Raster

REGION = (97.2, 37.4, 126.1, 53.4)
NORTH_UP = Affine(0.5, 0, 110, 0, -0.5, 45)
HEIGHTS = np.arange(1000, 1020, dtype=np.int16).reshape(4, 5)


def save(path: Path, values: np.ndarray = HEIGHTS, **changes: Any) -> Path:
    """Write a grid of 4 rows and 5 columns round 111 E, 44 N; `after` sets what a head holds."""
    after = changes.pop("after", lambda _: None)
    values = np.atleast_3d(values.T).T if values.ndim == 2 else values
    head = {
        "driver": "GTiff", "count": len(values), "height": values.shape[1],
        "width": values.shape[2], "dtype": values.dtype, "crs": "EPSG:4490",
        "transform": NORTH_UP,
    } | changes  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, "w", **head) as out:
            out.write(values)
            after(out)
    return path


def read(path: Path, name: str = "elevation", unit: str = "m") -> Raster:
    found = read_raster(path, name=name, title_zh="z", title_en="e", unit=unit, source_id="s")
    refuse_elsewhere(found, REGION, where=f"{path.name} › {name}")
    return found


def refusal(path: Path, name: str = "elevation", unit: str = "m") -> str:
    """Read a grid that must be refused, without a word beside; return the line."""
    with pytest.raises(InputError) as caught:
        read(path, name, unit)
    (problem,) = caught.value.problems
    line = str(problem)
    assert line.startswith(f"{path.name} › {name}: ")
    assert "\n" not in line
    return line


def test_a_grid_is_read_as_it_stands(tmp_path: Path) -> None:
    found = read(save(tmp_path / "a.tif", nodata=1003))
    expected = HEIGHTS.astype(np.float32)
    expected[0, 3] = np.nan
    np.testing.assert_array_equal(found.values, expected)
    assert (found.west, found.north, found.step_deg) == (110, 45, 0.5)
    assert found.at(111.75, 44.75) != found.at(111.75, 44.75)
    assert found.at(110.1, 43.1) == 1015


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326"])
@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
)  # fmt: skip
def test_every_plain_type_of_number_is_read(tmp_path: Path, dtype: str, crs: str) -> None:
    small = np.arange(20).reshape(4, 5).astype(dtype)
    np.testing.assert_array_equal(read(save(tmp_path / "a.tif", small, crs=crs)).values, small)


@pytest.mark.parametrize("name", ["a.TIF", "a#b.tif", "a?b=%25.tif", "zip:a!b.tif", "高程 1.tif"])
def test_a_name_means_nothing_but_the_file(tmp_path: Path, name: str) -> None:
    assert read(save(tmp_path / name)).values[0, 0] == 1000


@given(st.sampled_from([0.1, 0.3048, 2.0, -1.0]), st.integers(-100, 100))
def test_scale_and_offset_are_applied(tmp_path_factory, scale: float, offset: int) -> None:
    def tell(out: Any) -> None:
        out.scales, out.offsets = (scale,), (offset,)

    raw = np.rint((HEIGHTS - offset) / scale).astype(np.int16)
    raw[0, 0] = -32768
    path = save(tmp_path_factory.mktemp("g") / "a.tif", raw, nodata=-32768, after=tell)
    found = read(path).values
    assert np.isnan(found[0, 0])
    np.testing.assert_allclose(found.ravel()[1:], HEIGHTS.ravel()[1:], atol=abs(scale))


def test_a_mask_within_the_file_and_its_nodata_are_both_unknown(tmp_path: Path) -> None:
    def mask(out: Any) -> None:
        out.write_mask(HEIGHTS != 1004)

    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"):
        path = save(tmp_path / "a.tif", nodata=1007, after=mask)
    found = read(path).values
    assert set(HEIGHTS[np.isnan(found)]) == {1004, 1007}


def test_what_lies_beside_a_grid_changes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.tif")
    before = read(path)
    aux = (
        "<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>1, 2, 3, 4, 5, 6</GeoTransform>"
        '<PAMRasterBand band="1"><NoDataValue>1000</NoDataValue><Scale>7</Scale>'
        "<Offset>7</Offset></PAMRasterBand></PAMDataset>"
    )
    (tmp_path / "a.tif.aux.xml").write_text(aux, encoding="utf-8")
    (tmp_path / "a.tfw").write_text("9\n0\n0\n-9\n9\n9\n", encoding="utf-8")
    for suffix in (".msk", ".ovr"):
        save(tmp_path / f"a.tif{suffix}", np.zeros((4, 5), dtype=np.uint8))
    (tmp_path / "a_RPC.TXT").write_text("LINE_OFF: 1\n", encoding="utf-8")
    after = read(path)
    np.testing.assert_array_equal(after.values, before.values)
    assert (after.west, after.north, after.step_deg) == (before.west, before.north, before.step_deg)


NOWHERE = [GroundControlPoint(0, 0, 110, 45), GroundControlPoint(4, 5, 113, 43), GroundControlPoint(0, 5, 113, 45)]  # fmt: skip
POLYNOMIAL = RPC(0, 1, 44, 1, [1.0] * 20, [1.0] * 20, 0, 1, 111, 1, [1.0] * 20, [1.0] * 20, 0, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"transform": NORTH_UP * Affine.rotation(10)}, "rotated"),
        ({"transform": NORTH_UP * Affine.rotation(90)}, "rotated"),
        ({"transform": NORTH_UP * Affine.rotation(180)}, "north-up"),
        ({"transform": NORTH_UP * Affine.shear(1)}, "sheared"),
        ({"transform": Affine(0.5, 0, 110, 0, 0.5, 43)}, "north-up"),
        ({"transform": Affine(-0.5, 0, 113, 0, -0.5, 45)}, "north-up"),
        ({"transform": Affine(0.5, 0, 110, 0, -0.25, 45)}, "not square"),
        ({"transform": Affine(1e-12, 0, 110, 0, -2e-12, 45)}, "not square"),
        ({"transform": Affine(1e-300, 0, 110, 0, -1e-300, 45)}, "cells of 1e-300"),
        ({"transform": Affine(1e300, 0, 110, 0, -1e300, 45)}, "cells of 1e\\+300"),
        ({"transform": Affine(np.nan, 0, 110, 0, -0.5, 45)}, "no number"),
        ({"transform": Affine(0.5, 0, np.inf, 0, -0.5, 45)}, "no number"),
        ({"transform": Affine(0.0, 0, 110, 0, 0.0, 45)}, "no size|no place"),
        ({"transform": Affine.identity()}, "no place"),
        ({"transform": Affine(0.5, 0, 42, 0, -0.5, 112)}, "axes may be swapped"),
        ({"transform": Affine(0.5, 0, 190, 0, -0.5, 45)}, "-180 to 180"),
        ({"transform": Affine(0.5, 0, 10, 0, -0.5, 45)}, "outside of the region"),
        ({"transform": Affine(0.5, 0, 110, 0, -0.5, 5)}, "outside of the region"),
        ({"crs": "EPSG:32649"}, "EPSG:4490"),
        ({"crs": "EPSG:4214"}, "EPSG:4490"),
        ({"crs": None}, "EPSG:4490"),
        ({"transform": None, "gcps": NOWHERE}, "control points"),
        ({"rpcs": POLYNOMIAL}, "control points"),
        ({"values": np.stack([HEIGHTS, HEIGHTS])}, "2 bands"),
        ({"values": np.ones((3, 4, 5), dtype=np.uint8), "photometric": "RGB"}, "3 bands"),
        ({"values": HEIGHTS.astype(np.complex64)}, "complex"),
        ({"values": HEIGHTS.astype(np.complex128)}, "complex"),
        ({"values": HEIGHTS, "nodata": -9999, "scale": 0.0}, "scale of 0"),
        ({"values": HEIGHTS, "scale": np.nan}, "scale of nan"),
        ({"values": HEIGHTS, "unit": "US survey foot"}, "is in ft, plan.toml says m"),
        ({"values": HEIGHTS, "unit": "cm"}, "is in cm, plan.toml says m"),
        ({"values": np.full_like(HEIGHTS, -32768), "nodata": -32768}, "no value at all"),
        ({"values": np.full((4, 5), np.nan, dtype=np.float32)}, "no value at all"),
    ],
)  # fmt: skip
def test_another_kind_of_grid_is_one_line(tmp_path: Path, changes: dict, said: str) -> None:
    changes = dict(changes)
    values, unit, scale = (changes.pop(key, None) for key in ("values", "unit", "scale"))

    def tell(out: Any) -> None:
        if unit:
            out.units = (unit,)
        if scale is not None:
            out.scales = (scale,)

    path = save(tmp_path / "a.tif", HEIGHTS if values is None else values, after=tell, **changes)
    line = refusal(path)
    assert any(part in line for part in said.replace("\\", "").split("|")), line


def test_a_palette_is_no_height(tmp_path: Path) -> None:
    def paint(out: Any) -> None:
        out.colorinterp = [ColorInterp.palette]
        out.write_colormap(1, {value: (value, 0, 0, 255) for value in range(20)})

    values = np.arange(20, dtype=np.uint8).reshape(4, 5)
    assert "colours" in refusal(save(tmp_path / "a.tif", values, after=paint))


@pytest.mark.parametrize("fill", [-32768, -9999, -99999, 1e20, 3.4028234663852886e38, -3.4028234663852886e38, np.inf])  # fmt: skip
def test_a_fill_that_no_tag_tells_is_to_be_set_as_nodata(tmp_path: Path, fill: float) -> None:
    values = HEIGHTS.astype(np.float32)
    values[1, 1] = fill
    assert "set it as nodata" in refusal(save(tmp_path / "a.tif", values))
    assert np.isnan(read(save(tmp_path / "b.tif", values, nodata=fill)).values[1, 1])


# Least and greatest that have been seen on Earth, or can be; beyond them stands a fault.
ENDS = [
    ("elevation", "m", (-430, 8849), (-30_000, 29_029)),
    ("slope", "°", (0, 90), (-1, 91)),
    ("slope", "0.1°", (0, 900), (-1, 901)),
    ("hazard", "g", (0, 4.4), (-0.1, 98.0)),
    ("hazard", "m/s²", (0, 43), (-0.1, 981.0)),
    ("flood", "m", (0, 300), (-1, 9999)),
    ("flood", "cm", (0, 30_000), (-1, 99_999)),
    ("water_stress", "1", (0, 10), (-1, 9999)),
    ("water_stress", "%", (0, 1000), (-1, 99_999)),
]


@pytest.mark.parametrize(("name", "unit", "seen", "never"), ENDS)
def test_what_cannot_be_is_refused_and_what_can_be_is_read(
    tmp_path: Path, name: str, unit: str, seen: tuple[float, float], never: tuple[float, float]
) -> None:
    least = seen[0]
    for value, is_possible in [
        *((each, True) for each in seen),
        *((each, False) for each in never),
    ]:
        values = np.full((4, 5), least, dtype=np.float32)
        values[2, 2] = value
        path = save(tmp_path / "a.tif", values)
        if is_possible:
            assert read(path, name, unit).values[2, 2] == np.float32(value)
        else:
            assert unit in refusal(path, name, unit)


def test_every_quantity_has_its_ends_tried() -> None:
    assert {(name, unit) for name, unit, *_ in ENDS} == {
        (name, unit) for name, quantity in QUANTITIES.items() for unit in quantity.units
    }


@pytest.mark.parametrize("unit", ["ft", "km", "", "M", "buckets"])
def test_a_unit_that_is_not_read_is_one_line(tmp_path: Path, unit: str) -> None:
    assert "is not read; give it in one of: m" in refusal(save(tmp_path / "a.tif"), unit=unit)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    for name, unit in (("elevation", "m"), ("slope", "0.1°")):
        values = np.where(HEIGHTS == 1002, np.nan, HEIGHTS % 100).astype(np.float32)
        grid = Raster(name, values, 110.0, 45.0, 0.5, unit, "z", "e", "s")
        write_cog(tmp_path / "a.tif", grid)
        np.testing.assert_array_equal(read(tmp_path / "a.tif", name, unit).values, values)


def tags(width: int, height: int, *, rows_per_strip: int = 1) -> bytes:
    """Return a TIFF of one strip by its head alone: as large as it likes to say."""
    head = [
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200),
        (277, 3, 1), (278, 4, rows_per_strip), (279, 4, 1),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in head)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(head)) + entries + b"\0" * 100


def test_the_ends_of_a_band_stand_beside_the_values(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    values[0, 0] = np.nan
    ends = values - 1, values + 2
    grid = Raster("x", values, 110.0, 45.0, 0.5, "km", "题", "Title", "own", ends)
    write_cog(tmp_path / "a.tif", grid)
    with rasterio.open(tmp_path / "a.tif") as told:
        assert told.descriptions == ("题 Title", "题 Title, 下限 low", "题 Title, 上限 high")
        assert told.units == ("km", "km", "km")
        found = told.read(masked=True)
    assert np.array_equal(found.filled(np.nan), np.stack([values, *ends]), equal_nan=True)


def test_a_grid_that_is_huge_by_its_head_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(tags(200_000, 200_000, rows_per_strip=200_000))
    assert "40 000 000 000 cells" in refusal(path)
    sparse = {"SPARSE_OK": True, "tiled": True, "compress": "DEFLATE"}
    head = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": "EPSG:4490", **sparse}
    with rasterio.open(path, "w", width=200_000, height=200_000, transform=NORTH_UP, **head):
        pass
    assert path.stat().st_size < 20_000_000
    assert "40 000 000 000 cells" in refusal(path)
    # One tile of it is larger than all that is taken, however small the grid.
    block = {"blockxsize": 16_384, "blockysize": 16_384}
    with rasterio.open(path, "w", width=5, height=4, transform=NORTH_UP, **head, **block):
        pass
    assert "268 435 456 cells" in refusal(path)
    assert CELLS.most < 16_384**2


VRT = (
    '<VRTDataset rasterXSize="5" rasterYSize="4"><SRS>EPSG:4490</SRS>'
    "<GeoTransform>110, 0.5, 0, 45, 0, -0.5</GeoTransform>"
    '<VRTRasterBand dataType="Int16" band="1"><SimpleSource>'
    "<SourceFilename>FILE</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
)
WMS = (
    "<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>"
)
GDALG = '{"type": "gdal_streamed_alg", "command_line": "gdal raster convert a b"}'


@pytest.mark.parametrize("name", ["a.tif", "a.vrt", "a.xml", "a.wms"])
@pytest.mark.parametrize(
    "text",
    ["", "hello", VRT, WMS, GDALG, "II*\0", "MM\0*\0\0", "\0" * 999, "P5 5 4 255 01234567890123456789",
     "GTIFF_DIR:1:a.tif", "http://127.0.0.1:9/a.tif", "/vsicurl/http://127.0.0.1:9/a.tif"],
)  # fmt: skip
def test_nothing_but_a_geotiff_is_opened(tmp_path: Path, name: str, text: str) -> None:
    good = save(tmp_path / "good.tif")
    (tmp_path / name).write_text(text.replace("FILE", str(good)), encoding="utf-8")
    assert "no GeoTIFF" in refusal(tmp_path / name)


@pytest.mark.parametrize("driver", ["PNG", "AAIGrid", "HFA"])
def test_another_format_by_the_name_of_a_geotiff_is_refused(tmp_path: Path, driver: str) -> None:
    assert "no GeoTIFF" in refusal(
        save(tmp_path / "a.tif", HEIGHTS.astype(np.uint8), driver=driver)
    )


@pytest.mark.parametrize("compress", [None, "DEFLATE", "LZW"])
def test_a_grid_that_is_cut_off_is_one_line(tmp_path: Path, compress: str | None, capfd) -> None:
    noise = np.random.default_rng(4).integers(0, 5000, (90, 100)).astype(np.int16)
    place = Affine(0.05, 0, 110, 0, -0.05, 45)
    whole = save(tmp_path / "whole.tif", noise, transform=place, compress=compress).read_bytes()
    for share in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99):
        path = tmp_path / "a.tif"
        path.write_bytes(whole[: int(share * len(whole))])
        # The end may hold the cells, or the tags that tell their place.
        line = refusal(path)
        assert "no GeoTIFF" in line or "damaged" in line or "not in EPSG:4490" in line
    # Nor does a library say anything beside.
    assert capfd.readouterr() == ("", "")


@given(st.data())
def test_a_grid_with_changed_bytes_is_read_or_one_line(tmp_path_factory, data) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = bytearray(save(folder / "sound.tif", compress="DEFLATE").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "changed.tif").write_bytes(whole)
    # Whatever else comes out of it is a trace.
    with contextlib.suppress(InputError):
        assert not np.isinf(read(folder / "changed.tif").values).any()


def test_what_is_no_regular_file_is_one_line(tmp_path: Path) -> None:
    assert "not found" in refusal(tmp_path / "none.tif")
    (tmp_path / "folder.tif").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.tif")
    os.mkfifo(tmp_path / "pipe.tif")
    assert "is a pipe" in refusal(tmp_path / "pipe.tif")
    with (tmp_path / "large.tif").open("wb") as out:
        out.truncate(3 * 2**30)
    assert "at most" in refusal(tmp_path / "large.tif")
