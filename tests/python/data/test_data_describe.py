# SPDX-License-Identifier: Apache-2.0
"""describe: figures against NumPy's over everything at once."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from raw_netcdf import chars, classification, transcription

from rnnlib_py.data import Dataset, DataWarning, describe


def make(shapes: list[tuple[int, ...]], size: int = 3, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.normal(5, 2, (*shape, size)).astype(np.float32) for shape in shapes]


@pytest.mark.parametrize("block", [2**20, 40, 1])
def test_input_statistics(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    for module in ("summary", "column_statistics"):
        monkeypatch.setattr(f"rnnlib_py.data.{module}.BLOCK", block)
    inputs = make([(4, 5), (1, 1), (7, 2), (30, 3)])
    summary = describe(Dataset([(x, "a") for x in inputs], task="transcription"))
    rows = np.concatenate([x.reshape(-1, 3) for x in inputs]).astype(np.float64)
    assert (summary.num_sequences, summary.num_points) == (4, len(rows))
    found = summary.inputs
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.std, rows.std(axis=0), rtol=1e-12)
    assert np.array_equal(found.min, rows.min(axis=0))
    assert np.array_equal(found.max, rows.max(axis=0))
    assert found.count.tolist() == [len(rows)] * 3
    assert found.unscaled_columns == [0, 1, 2]
    assert (summary.shape_min, summary.shape_median, summary.shape_max) == ((1, 1), (5.5, 2.5), (30, 5))


def test_columns_to_look_at() -> None:
    random = np.random.default_rng(0)
    columns = [
        random.normal(0, 1, 1000),  # fine
        np.full(1000, 7.0),  # constant
        random.normal(1.5, 1, 1000),  # mean
        random.normal(0, 0.05, 1000),  # too small
        random.normal(0, 20, 1000),  # too large
        random.integers(0, 2, 1000),  # binary: fine
    ]
    summary = describe(Dataset([(np.stack(columns, axis=1), "a")], task="transcription"))
    assert summary.inputs.constant_columns == [1]
    assert summary.inputs.unscaled_columns == [2, 3, 4]
    assert summary.inputs.non_finite_columns == []
    assert not summary.inputs_normalised


@pytest.mark.parametrize("budget", [0, 2**30])
def test_nan_is_counted_not_refused(tmp_path: Path, budget: int) -> None:
    inputs = np.arange(24, dtype=np.float32).reshape(12, 2)
    inputs[5, 1], inputs[11, 1], inputs[10, 1] = np.nan, np.inf, np.nan
    raw = transcription().set("inputs", "f4", ("numTimesteps", "inputPattSize"), inputs)
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription", budget_bytes=budget)
    summary = describe(data)
    assert summary.non_finite_sequences == [1, 2]
    assert summary.inputs.non_finite.tolist() == [0, 3]
    assert summary.inputs.non_finite_columns == [1]
    finite = inputs[np.isfinite(inputs[:, 1]), 1]
    np.testing.assert_allclose(summary.inputs.mean, [inputs[:, 0].mean(), finite.mean()], rtol=1e-6)
    np.testing.assert_allclose(summary.inputs.std[1], finite.std(), rtol=1e-6)
    assert summary.inputs.max[1] == finite.max()


def test_column_without_any_number(tmp_path: Path) -> None:
    raw = transcription().set("inputs", "f4", ("numTimesteps", "inputPattSize"), np.full((12, 2), np.nan))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = describe(data).inputs
    assert np.isnan(found.mean).all()
    assert (found.constant_columns, found.unscaled_columns, found.non_finite_columns) == ([], [], [0, 1])


def test_transcription_targets(tmp_path: Path) -> None:
    raw = transcription().set("targetStrings", "S1", ("numSeqs", "w"), chars(b"a a a", b"", b"b x b a"))
    raw.set("inputMeans", "f4", ("inputPattSize",), [0, 0]).set("inputStds", "f4", ("inputPattSize",), [1, 1])
    with pytest.warns(DataWarning):
        data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    summary = describe(data)
    assert summary.label_counts == {"a": 4, "b": 2, "c": 0}
    assert summary.unused_labels == ["c"]
    assert summary.unknown_labels == {"x": 1}
    assert summary.target_lengths.tolist() == [3, 0, 3]
    assert summary.ctc_steps.tolist() == [5, 0, 4]
    assert summary.inputs_normalised


def test_class_targets(tmp_path: Path) -> None:
    summary = describe(Dataset.read(classification(2).write(tmp_path / "d.nc"), task="classification"))
    assert summary.label_counts == {"a": 4, "b": 3, "c": 3}
    assert summary.num_without_target == 2
    assert summary.ctc_steps is None
    summary = describe(Dataset([(np.ones((2, 1)), t) for t in (0, -1, 0)], task="sequence_classification", labels="ab"))
    assert (summary.label_counts, summary.num_without_target) == ({"a": 2, "b": 0}, 1)


def test_other_targets_and_points_without_dimensions() -> None:
    summary = describe(Dataset([([1.0, 2.0], [3.0]), ([2.0, 2.0], [3.0])], task="regression"))
    assert (summary.num_points, summary.shape_min, summary.shape_median) == (2, (), ())
    assert summary.label_counts == {}
    assert summary.inputs.constant_columns == [1]
