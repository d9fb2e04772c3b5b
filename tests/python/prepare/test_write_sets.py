# SPDX-License-Identifier: Apache-2.0
"""Prepared sequences in data files: each in the file of its set, once, with the recipe."""

from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.data.netcdf.writer import FileForm
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.prepare.split_options import SplitOptions
from rnnlib_py.prepare.write_sets import collected, write_sets

RECIPE = '{"kind": "lines", "version": 1}'


def _sequences() -> list[Sequence]:
    rng = np.random.default_rng(1)
    return [Sequence(rng.normal(size=(3 + i, 2)), ["a", "b"][: 1 + i % 2], f"s{i}") for i in range(10)]


def test_each_sequence_is_in_one_file_with_its_group_and_the_recipe(tmp_path: Path) -> None:
    given = _sequences()
    groups = ["even" if i % 2 == 0 else f"odd {i}" for i in range(10)]
    split = SplitOptions(tmp_path, (0.5, 0.25, 0.25), seed=3)
    parts = split.deal(groups, "sequences")
    assert sorted(i for part in parts.values() for i in part) == list(range(10))
    assert sum(any(i % 2 == 0 for i in part) for part in parts.values()) == 1
    with collected(iter(given), tmp_path) as sequences:
        form = FileForm("transcription", recipe=RECIPE)
        write_sets(sequences, parts, split.files, ["a", "b"], form, normalise=lambda inputs: inputs * 2)
    for name, path in split.files.items():
        data = rnn.Dataset.read(path, task="transcription")
        assert data.named_recipes == [(str(path), RECIPE)]
        assert [sequence.tag for sequence in data] == [f"s{i}" for i in parts[name]]
        for sequence, i in zip(data, parts[name], strict=True):
            np.testing.assert_array_equal(sequence.inputs, np.asarray(given[i].inputs, np.float32) * 2)


def test_more_files_than_groups_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(rnn.DataError, match="strokes, or groups of them"):
        SplitOptions(tmp_path, (0.5, 0.5)).deal(["one", "one"], "strokes")
