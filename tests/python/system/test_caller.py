# SPDX-License-Identifier: Apache-2.0
"""Python warnings point to the line of the user's program."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny import transcription, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")


def short_data() -> Path:
    return write_data(
        Path("short.nc"), [*transcription(), {"inputs": np.zeros((2, 3)), "target": ["a", "a"], "tag": "short"}]
    )


def normalised_run() -> rnn.Run:
    rnn.write_netcdf("norm.nc", transcription(), task="transcription")
    rnn.normalise(["norm.nc"])
    return rnn.train(rnn.Config.read("x.config", trainFile="norm.nc"))


def evaluate_skipped() -> None:
    rnn.train("x.config").network.evaluate(rnn.Dataset.read(short_data(), task="transcription"))


def train_unused_key() -> None:
    rnn.train(rnn.Config.read("x.config", optimiser="rprop"))


def train_skipped() -> None:
    rnn.train(rnn.Config.read("x.config", trainFile=short_data()))


def train_points_that_may_be_series() -> None:
    rnn.train(rnn.Config.read("x.config", task="sequence_classification"), train=(np.zeros((4, 5)), [0, 1, 0, 1]))


def predict_raw_file() -> None:
    normalised_run().network.predict(rnn.Dataset.read("train.nc", task="transcription"))


def read_unknown_label() -> None:
    import netCDF4

    with netCDF4.Dataset("train.nc", "a") as data:
        data["labels"][0] = np.frombuffer(b"q\0", dtype="S1")[: data["labels"].shape[1]]
    rnn.Dataset.read("train.nc", task="transcription")[0]


CALLS = [
    evaluate_skipped,
    train_unused_key,
    train_skipped,
    train_points_that_may_be_series,
    predict_raw_file,
    read_unknown_label,
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_the_warning_is_about_a_line_of_this_file(call: Callable[[], None]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert caught
    for warning in caught:
        assert warning.filename == __file__, str(warning.message)
        assert "rnn." in Path(__file__).read_text().splitlines()[warning.lineno - 1], str(warning.message)


def test_nothing_in_the_package_counts_frames_by_hand() -> None:
    """A number of frames is wrong as soon as a function comes in between; caller.py counts them."""
    package = Path(rnn.__file__).parent
    for path in package.rglob("*.py"):
        if path.name != "caller.py":
            assert not re.search(r"\bwarnings\.warn\(|stacklevel", path.read_text(encoding="utf-8")), path
