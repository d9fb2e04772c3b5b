# SPDX-License-Identifier: Apache-2.0
"""Packed and missing numbers in data files: read as other programs read them, and never used in silence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from raw_netcdf import RawFile, classification, regression, sequence_regression

from rnnlib_py import DataError, Dataset, DatasetFiles, describe, file_statistics, merge, normalise, split

FILL = 9.96921e36  # netCDF's for float


def write(
    raw: RawFile,
    path: Path,
    name: str,
    dtype: str,
    stored: Any,
    variant: str = "NETCDF4",
    fill: Any = None,
    **more: Any,
) -> Path:
    """The file with one variable replaced by these stored numbers and the attributes `more`."""
    dimensions = raw.variables.pop(name)[1]
    raw.write(path, variant)
    with netCDF4.Dataset(path, "a") as file:
        for dimension, size in zip(dimensions, np.shape(stored), strict=True):
            if dimension not in file.dimensions:
                file.createDimension(dimension, size)
        variable = file.createVariable(name, dtype, dimensions, fill_value=fill)
        variable.set_auto_maskandscale(False)
        variable.setncatts(more)
        variable[:] = np.asarray(stored).astype(dtype)
    return path


def values_of(path: Path, task: str = "regression") -> np.ndarray:
    """Inputs of all sequences, [points, 2]; read once from memory and once from the file."""
    with Dataset.read(path, task=task) as data, Dataset.read(path, task=task, budget_bytes=0) as lazy:
        loaded = np.concatenate([sequence.inputs for sequence in data])
        assert np.array_equal(loaded, np.concatenate([sequence.inputs for sequence in lazy]))
        return loaded


NUMBERS = np.arange(24).reshape(12, 2)
PACKED: list[tuple[str, Any, dict[str, Any]]] = [
    ("i2", NUMBERS, {"scale_factor": 0.1, "add_offset": 5.0}),
    ("i2", NUMBERS, {"scale_factor": np.float32(0.25)}),
    ("i2", NUMBERS, {"add_offset": np.float32(-3)}),
    ("i4", NUMBERS, {"add_offset": np.int32(7)}),
    ("f4", NUMBERS / 7, {"scale_factor": 2.0}),
    ("i1", NUMBERS - 12, {"_Unsigned": "true"}),
    ("i2", NUMBERS - 12, {"_Unsigned": "true", "scale_factor": 0.5}),
    ("u1", NUMBERS + 240 - 12, {"scale_factor": 1 / 255}),
    ("f8", NUMBERS / 3, {"valid_min": 0.0, "valid_max": 100.0}),
    ("f4", NUMBERS, {"missing_value": np.array([-1, -2], "f4")}),
    ("f4", NUMBERS, {"_FillValue": np.float32("nan")}),
]


@pytest.mark.parametrize(("dtype", "stored", "attributes"), PACKED)
@pytest.mark.parametrize("variant", ["NETCDF4", "NETCDF3_64BIT_DATA"])
def test_packed_inputs_are_those_of_netcdf4(
    tmp_path: Path, dtype: str, stored: Any, attributes: dict[str, Any], variant: str
) -> None:
    more = dict(attributes)
    fill = more.pop("_FillValue", None)
    path = write(regression(), tmp_path / "p.nc", "inputs", dtype, stored, variant, fill, **more)
    with netCDF4.Dataset(path) as file:
        expected = np.asarray(file["inputs"][:])
    assert np.array_equal(values_of(path), expected.astype(np.float32))
    columns = file_statistics(path).columns["inputs"]
    assert np.allclose(columns.mean, expected.mean(axis=0))


def test_whole_numbers_do_not_overflow_their_type(tmp_path: Path) -> None:
    path = write(regression(), tmp_path / "p.nc", "inputs", "i2", NUMBERS * 1000, scale_factor=np.int16(10))
    assert np.array_equal(values_of(path), NUMBERS * 10000)


def test_unsigned_numbers_may_be_said_to_have_signs(tmp_path: Path) -> None:
    path = write(regression(), tmp_path / "p.nc", "inputs", "u1", NUMBERS + 240, _Unsigned="false")
    assert np.array_equal(values_of(path), (NUMBERS + 240).astype(np.uint8).view(np.int8))


MISSING: list[tuple[str, Any, Any, dict[str, Any], str]] = [
    ("f4", FILL, None, {}, "netCDF's default fill value 9.96921e+36 of type float32"),
    ("u2", 65535, None, {}, "netCDF's default fill value 65535 of type uint16"),
    ("f4", -999, -999.0, {}, "_FillValue -999.0"),
    ("f4", np.nan, np.nan, {}, "_FillValue nan"),
    ("f4", 1e20, None, {"missing_value": 1e20}, "missing_value 1e+20"),
    ("i2", -5, 99, {"missing_value": -5.0, "scale_factor": 0.1}, "_FillValue 99, missing_value -5.0"),
    ("i2", -7, 99, {"missing_value": np.array([-5, -7], "i2")}, "_FillValue 99, missing_value -5, -7"),
    ("i1", -56, -56, {"_Unsigned": "true"}, "_FillValue -56"),
    ("f4", 101, -1.0, {"valid_range": np.array([0, 100], "f4")}, "_FillValue -1.0, valid_range [  0. 100.]"),
    ("i2", 101, -1, {"valid_max": 100.5}, "_FillValue -1, valid_max 100.5"),
]


@pytest.mark.parametrize(("dtype", "value", "fill", "attributes", "marks"), MISSING)
def test_a_missing_input_is_an_error_that_names_sequence_and_point(
    tmp_path: Path, dtype: str, value: float, fill: Any, attributes: dict[str, Any], marks: str
) -> None:
    stored = NUMBERS.astype(dtype)
    stored[6, 1] = np.array(value).astype(dtype)  # sequence 1 begins at row 4
    path = write(regression(), tmp_path / "m.nc", "inputs", dtype, stored, fill=fill, **attributes)
    message = "sequence 1 ('s1'): inputs at point 2, column 1 is missing; 1 of its 12 numbers are missing; "
    message += f"the variable marks missing values by {marks}"
    for budget in (0, 2**30):
        data = Dataset.read(path, task="regression", budget_bytes=budget)
        for _ in range(2):
            with pytest.raises(DataError, match=re.escape(f"{path}: {message}")):
                _ = data[1]
        assert data[0].inputs.shape == (4, 2)
        assert describe(data).inputs.non_finite.tolist() == [0, 1]
    columns = file_statistics(path).columns["inputs"]
    assert columns.count.tolist() == [12, 11]
    assert np.abs(columns.mean).max() < 256
    with pytest.raises(DataError, match=re.escape(f"{path}: 'inputs' of sequence 1, point 2 is missing")):
        normalise([path])


def test_bytes_have_no_default_fill_value(tmp_path: Path) -> None:
    """White pixels are 255, which would be the one of unsigned bytes."""
    path = write(regression(), tmp_path / "u.nc", "inputs", "u1", np.full((12, 2), 255))
    assert (values_of(path) == 255).all()


def test_a_file_without_fill_values_has_no_missing_ones(tmp_path: Path) -> None:
    path = write(regression(), tmp_path / "u.nc", "inputs", "u2", np.full((12, 2), 65535), fill=False)
    assert (values_of(path) == 65535).all()


@pytest.mark.parametrize("budget", [0, 2**30])
def test_a_missing_target_point_has_importance_zero(tmp_path: Path, budget: int) -> None:
    stored = np.arange(36.0).reshape(12, 3)
    stored[5, 2] = -1
    path = write(regression(), tmp_path / "t.nc", "targetPatterns", "i2", stored, fill=-1, scale_factor=0.5)
    data = Dataset.read(path, task="regression", budget_bytes=budget)
    assert data[0].importance is None
    assert data[1].importance is not None
    assert data[1].importance.tolist() == [1, 0, 1, 1, 1, 1]
    assert np.array_equal(np.asarray(data[2].target), stored[10:] / 2)
    assert data[1].importance.dtype == np.asarray(data[1].target).dtype == np.float32


def test_a_missing_importance_is_zero(tmp_path: Path) -> None:
    raw = regression().set("importance", "f4", ("numTimesteps",), np.ones(12))
    weights = np.where(np.arange(12) == 1, FILL, 2)
    path = write(raw, tmp_path / "i.nc", "importance", "f4", weights)
    importance = Dataset.read(path, task="regression")[0].importance
    assert importance is not None
    assert importance.tolist() == [2, 0, 2, 2]


def test_a_missing_target_of_a_sequence_is_an_error(tmp_path: Path) -> None:
    stored = np.arange(9.0).reshape(3, 3)
    stored[1, 2] = -1
    path = write(sequence_regression(), tmp_path / "t.nc", "targetPatterns", "f4", stored, fill=-1.0)
    with pytest.raises(DataError, match=re.escape("sequence 1 ('s1'): targetPatterns at column 2 is missing")):
        _ = Dataset.read(path, task="sequence_regression")[1]


def test_classes_are_unpacked_and_missing_ones_are_no_target(tmp_path: Path) -> None:
    stored = np.array([1, 2, 3, 99, 1, 1, 2, 2, 3, 3, 99, 1])
    path = write(classification(), tmp_path / "c.nc", "targetClasses", "i2", stored, fill=99, add_offset=-1.0)
    data = Dataset.read(path, task="classification")
    assert np.asarray(data[0].target).tolist() == [0, 1, 2, -1]
    assert np.asarray(data[2].target).tolist() == [-1, 0]
    path = write(classification(), tmp_path / "d.nc", "targetClasses", "i2", stored, fill=99, scale_factor=0.3)
    with pytest.raises(DataError, match=r"'targetClasses' should hold integers, but holds 0\.3 when it is unpacked"):
        Dataset.read(path, task="classification")


def test_a_missing_size_is_an_error(tmp_path: Path) -> None:
    path = write(regression(), tmp_path / "s.nc", "seqDims", "i4", [[4], [-9], [2]], fill=-9)
    with pytest.raises(DataError, match=re.escape("sequence 1 ('s1') has no size in 'seqDims': the variable marks")):
        Dataset.read(path, task="regression")
    path = write(regression(), tmp_path / "p.nc", "seqDims", "i4", [[2], [3], [1]], scale_factor=2.0)
    assert Dataset.read(path, task="regression").num_points.tolist() == [4, 6, 2]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"scale_factor": "a"}, "attribute scale_factor is 'a', expected 1 number"),
        ({"scale_factor": np.array([1.0, 2])}, "attribute scale_factor is array([1., 2.]), expected 1 number"),
        ({"add_offset": np.nan}, "attribute add_offset is nan, expected a finite number"),
        ({"missing_value": "none"}, "attribute missing_value is 'none', expected numbers"),
        ({"valid_range": np.array([1.0])}, "attribute valid_range is"),
    ],
)
def test_attributes_that_cannot_be_used_are_named(tmp_path: Path, attributes: dict[str, Any], message: str) -> None:
    path = write(regression(), tmp_path / "a.nc", "inputs", "f4", NUMBERS, **attributes)
    with pytest.raises(DataError, match=re.escape(f"{path}: variable 'inputs': {message}")):
        _ = Dataset.read(path, task="regression")[0]
    with pytest.raises(DataError, match=re.escape(message)):
        DatasetFiles([path], "regression").dataset(0).read_many([0])


def test_normalise_leaves_no_attributes_of_the_packed_numbers(tmp_path: Path) -> None:
    path = write(
        regression(), tmp_path / "n.nc", "inputs", "i2", NUMBERS, fill=-1, scale_factor=0.1, add_offset=5.0,
        valid_min=np.int16(0), units="V",
    )  # fmt: skip
    before = values_of(path)
    done = normalise([path])
    assert np.allclose(done.scale.means, before.mean(axis=0))
    assert np.allclose(values_of(path), (before - before.mean(axis=0)) / before.std(axis=0), atol=1e-6)
    with netCDF4.Dataset(path) as file:
        assert file["inputs"].dtype == np.float32
        assert file["inputs"].ncattrs() == ["units"]
        assert np.array_equal(np.asarray(file["inputs"][:]), values_of(path))


@pytest.mark.parametrize("variant", ["NETCDF4", "NETCDF3_CLASSIC"])
def test_merge_of_files_that_are_packed_otherwise(tmp_path: Path, variant: str) -> None:
    a = write(regression(), tmp_path / "a.nc", "inputs", "i2", NUMBERS, variant, scale_factor=0.1, add_offset=5.0)
    b = write(regression(), tmp_path / "b.nc", "inputs", "i2", NUMBERS, variant, scale_factor=0.5)
    c = write(regression(), tmp_path / "c.nc", "inputs", "f4", NUMBERS / 7, variant)
    parts = [values_of(path) for path in (a, b, c)]
    for order in ([0, 1, 2], [2, 1, 0]):
        merge(tmp_path / "m.nc", [(a, b, c)[i] for i in order])
        assert np.array_equal(values_of(tmp_path / "m.nc"), np.concatenate([parts[i] for i in order]))
    merge(tmp_path / "m.nc", [a, a])
    assert np.array_equal(values_of(tmp_path / "m.nc"), np.concatenate([parts[0], parts[0]]))
    with netCDF4.Dataset(tmp_path / "m.nc") as file:
        assert file["inputs"].dtype == np.int16  # as it was: both agree


def test_merge_of_whole_and_real_numbers_cuts_nothing_off(tmp_path: Path) -> None:
    a = write(regression(), tmp_path / "a.nc", "inputs", "u1", NUMBERS)
    b = write(regression(), tmp_path / "b.nc", "inputs", "f4", NUMBERS / 7)
    merge(tmp_path / "m.nc", [a, b])
    assert np.allclose(values_of(tmp_path / "m.nc"), np.concatenate([NUMBERS, NUMBERS / 7]))


def test_what_is_missing_is_missing_after_split_and_merge(tmp_path: Path) -> None:
    stored = NUMBERS.astype("f4")
    stored[6, 1] = FILL
    a = write(regression(), tmp_path / "a.nc", "inputs", "f4", stored)
    stored[6, 1] = -1
    b = write(regression(), tmp_path / "b.nc", "inputs", "f4", stored, fill=-1.0)
    merge(tmp_path / "m.nc", [a, b])
    data = Dataset.read(tmp_path / "m.nc", task="regression")
    for i in range(6):
        if i in (1, 4):
            with pytest.raises(DataError, match="inputs at point 2, column 1 is missing"):
                _ = data[i]
        else:
            assert data[i].inputs.max() < 24
    split(a, [0.5, 0.5], [tmp_path / "x.nc", tmp_path / "y.nc"])
    missing = [describe(Dataset.read(tmp_path / name, task="regression")).inputs for name in ("x.nc", "y.nc")]
    assert sum(int(inputs.non_finite.sum()) for inputs in missing) == 1
    assert max(inputs.max.max() for inputs in missing) < 24


def test_merged_classes_are_unpacked_before_they_are_renumbered(tmp_path: Path) -> None:
    stored = np.array([1, 2, 3, 99, 1, 1, 2, 2, 3, 3, 99, 1])
    a = classification().write(tmp_path / "a.nc")
    b = write(classification(), tmp_path / "b.nc", "targetClasses", "i2", stored, fill=99, add_offset=-1.0)
    merge(tmp_path / "m.nc", [b, a])
    data = Dataset.read(tmp_path / "m.nc", task="classification")
    assert np.asarray(data[0].target).tolist() == np.asarray(data[3].target).tolist() == [0, 1, 2, -1]
