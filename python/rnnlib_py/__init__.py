# SPDX-License-Identifier: Apache-2.0
"""Multidimensional LSTM and other recurrent networks for sequence learning, trained from RNNLIB's configs.

import rnnlib_py as rnn

run = rnn.train(rnn.Config.read("digits.config", learnRate=1e-3))
print(run.network.evaluate(rnn.Dataset.read("test.nc", task="transcription")))
"""

from rnnlib_py import _engine  # noqa: F401
from rnnlib_py._core import (
    ConfigError,
    DataError,
    DataHeader,
    Error,
    FormatError,
    IoError,
    NumericError,
    OutOfMemoryError,
    Random,
    __version__,
)
from rnnlib_py.about import build_info
from rnnlib_py.best import Best
from rnnlib_py.checking import CheckReport, check
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset, DatasetFiles, DataSummary, DataWarning, Sequence, describe, write_netcdf
from rnnlib_py.export import export_weights
from rnnlib_py.gradient_check import GradientCheck
from rnnlib_py.log import RunWarning
from rnnlib_py.network import Network, SkippedTargetWarning
from rnnlib_py.prediction import Prediction
from rnnlib_py.run import Epoch, Run
from rnnlib_py.stream import Stream, StreamOutput
from rnnlib_py.threads import get_num_threads, set_num_threads
from rnnlib_py.training import train

__all__ = [
    "Best",
    "CheckReport",
    "Config",
    "ConfigError",
    "DataError",
    "DataHeader",
    "DataSummary",
    "DataWarning",
    "Dataset",
    "DatasetFiles",
    "Epoch",
    "Error",
    "FormatError",
    "GradientCheck",
    "IoError",
    "Network",
    "NumericError",
    "OutOfMemoryError",
    "Prediction",
    "Random",
    "Run",
    "RunWarning",
    "Sequence",
    "SkippedTargetWarning",
    "Stream",
    "StreamOutput",
    "__version__",
    "build_info",
    "check",
    "describe",
    "export_weights",
    "get_num_threads",
    "set_num_threads",
    "train",
    "write_netcdf",
]
