# SPDX-License-Identifier: Apache-2.0
"""Multidimensional LSTM and other recurrent networks for sequence learning, trained from RNNLIB's configs.

import rnnlib_py as rnn

run = rnn.train(rnn.Config.read("digits.config", learnRate=1e-3))
print(run.network.evaluate(rnn.Dataset.read("test.nc", task="transcription")))
"""

from rnnlib_py import _engine, prepare  # noqa: F401
from rnnlib_py._core import (
    ConfigError,
    DataError,
    DataHeader,
    Error,
    FormatError,
    IoError,
    Lexicon,
    NgramModel,
    NumericError,
    OutOfMemoryError,
    Random,
    __version__,
)
from rnnlib_py.about import build_info
from rnnlib_py.config import Config
from rnnlib_py.config.threads import get_num_threads, set_num_threads
from rnnlib_py.data import (
    Dataset,
    DatasetFiles,
    DataSummary,
    DataWarning,
    Sequence,
    characters,
    describe,
    write_netcdf,
)
from rnnlib_py.data.netcdf.lock import LOCK as netcdf_lock  # noqa: N811
from rnnlib_py.data.tools.file_statistics import FileStatistics, file_statistics
from rnnlib_py.data.tools.merge import Merged, merge
from rnnlib_py.data.tools.normalise import Normalised, normalise
from rnnlib_py.data.tools.split import Part, split
from rnnlib_py.inspect.check import CheckReport, check
from rnnlib_py.inspect.dump import Dump, dump, read_dump
from rnnlib_py.inspect.jacobian import Jacobian, jacobian
from rnnlib_py.inspect.weights import WeightStatistics, weight_statistics, write_weights
from rnnlib_py.model.alignment import Alignment
from rnnlib_py.model.average import average
from rnnlib_py.model.export import export_weights
from rnnlib_py.model.gradient_check import GradientCheck
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction, Reading
from rnnlib_py.model.skipped_targets import SkippedTargetWarning
from rnnlib_py.model.stream import Stream, StreamOutput
from rnnlib_py.model.zoo import models
from rnnlib_py.model.zoo_file import ModelInfo
from rnnlib_py.plot import (
    plot_augmentation,
    plot_errors,
    plot_jacobian,
    plot_reading,
    plot_reliability,
    plot_variables,
    plot_weights,
    save_figure,
)
from rnnlib_py.runlog.best import Best
from rnnlib_py.runlog.log import RunWarning
from rnnlib_py.runlog.reader import LogEpoch, RunLog, read_log
from rnnlib_py.runlog.statistics import FigureStatistics, log_statistics
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.calibration import Calibration, CalibrationState, calibrate
from rnnlib_py.text.language_files import read_lexicon, read_ngram_model
from rnnlib_py.text.make_lm import LanguageModelReport, OrderReport, make_lm
from rnnlib_py.text.network_scorer import NetworkScorer
from rnnlib_py.text.perplexity import Perplexity, measure_perplexity
from rnnlib_py.text.posteriors import Posteriors, posteriors
from rnnlib_py.text.reliability import Bin, Reliability
from rnnlib_py.text.scorers import Scorer
from rnnlib_py.text.token_passing import TokenPassing
from rnnlib_py.text.tuning import Tuning, TuningOptions, tune_decoder
from rnnlib_py.text.tuning_search import Range, Trial
from rnnlib_py.training.epoch import Epoch
from rnnlib_py.training.interruption import TrainingInterrupted, TrainingTerminated
from rnnlib_py.training.run import Run
from rnnlib_py.training.train import train

__all__ = [
    "Alignment",
    "Beam",
    "Best",
    "Bin",
    "Calibration",
    "CalibrationState",
    "CheckReport",
    "Config",
    "ConfigError",
    "DataError",
    "DataHeader",
    "DataSummary",
    "DataWarning",
    "Dataset",
    "DatasetFiles",
    "Dump",
    "Epoch",
    "Error",
    "FigureStatistics",
    "FileStatistics",
    "FormatError",
    "GradientCheck",
    "IoError",
    "Jacobian",
    "LanguageModelReport",
    "Lexicon",
    "LogEpoch",
    "Merged",
    "ModelInfo",
    "Network",
    "NetworkScorer",
    "NgramModel",
    "Normalised",
    "NumericError",
    "OrderReport",
    "OutOfMemoryError",
    "Part",
    "Perplexity",
    "Posteriors",
    "Prediction",
    "Random",
    "Range",
    "Reading",
    "Reliability",
    "Run",
    "RunLog",
    "RunWarning",
    "Scorer",
    "Sequence",
    "SkippedTargetWarning",
    "Stream",
    "StreamOutput",
    "TokenPassing",
    "TrainingInterrupted",
    "TrainingTerminated",
    "Trial",
    "Tuning",
    "TuningOptions",
    "WeightStatistics",
    "__version__",
    "average",
    "build_info",
    "calibrate",
    "characters",
    "check",
    "describe",
    "dump",
    "export_weights",
    "file_statistics",
    "get_num_threads",
    "jacobian",
    "log_statistics",
    "make_lm",
    "measure_perplexity",
    "merge",
    "models",
    "netcdf_lock",
    "normalise",
    "plot_augmentation",
    "plot_errors",
    "plot_jacobian",
    "plot_reading",
    "plot_reliability",
    "plot_variables",
    "plot_weights",
    "posteriors",
    "read_dump",
    "read_lexicon",
    "read_log",
    "read_ngram_model",
    "save_figure",
    "set_num_threads",
    "split",
    "train",
    "tune_decoder",
    "weight_statistics",
    "write_netcdf",
    "write_weights",
]
