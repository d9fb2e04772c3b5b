# SPDX-License-Identifier: Apache-2.0
"""A network and its weights, as Python sees them."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_task
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.batching import Data, batches, check_fits, single_sequence
from rnnlib_py.data.convert import convert_sequence
from rnnlib_py.data.html_tables import html_table
from rnnlib_py.data.masked import refuse_masked
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.own_normalisation import apply_to, from_columns, to_columns, warn_of_raw_numbers
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.model.evaluation import evaluate_batches, evaluation
from rnnlib_py.model.gradient_check import GradientCheck
from rnnlib_py.model.metrics import Errors
from rnnlib_py.model.prediction import Prediction, make_prediction
from rnnlib_py.model.skipped_targets import SkippedTargetWarning, skipped_summary
from rnnlib_py.model.stream import Stream
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.file_objects import PathOrFile, write_file_object
from rnnlib_py.system.units import count_text, direction_text

Array = NDArray[np.float64]
_PRECISIONS = {"float": "float32", "double": "float64", "float32": "float32", "float64": "float64"}


def seed_of(config: Config) -> int:
    """The config's randSeed, or one from the clock where that is 0."""
    return int(config["randSeed"]) or time.time_ns() % (1 << 63)


def full_precision(config: Config, precision: str | None) -> str:
    """ "float32" or "float64", from an argument or the config; ConfigError for anything else."""
    if precision is None:
        return config.precision
    if precision not in _PRECISIONS:
        raise ConfigError(f"precision is {precision!r}, expected float32 or float64")
    return _PRECISIONS[precision]


class Network:
    """Make one with Network.build or Network.load."""

    def __init__(self, core: _core.Network, config: Config) -> None:
        self.core = core
        self.config = config
        self._warned = False  # that lone numbers are taken as they are

    @classmethod
    def build(
        cls, config: Config, header: DataHeader, precision: str | None = None, random: _core.Random | None = None
    ) -> Network:
        """A new network for data like `header`, its weights uniform in [-initWeightRange, initWeightRange].

        The numbers come from `random`, else from randSeed. Raises ConfigError for settings that make no network.
        """
        check_task(config)
        core = _core.Network(config.core, header, full_precision(config, precision))
        core.randomise(random or _core.Random(seed_of(config)), config["initWeightRange"])
        return cls(core, config)

    @classmethod
    def load(cls, path: PathOrFile, precision: str | None = None) -> Network:
        """The network of a save, ours or RNNLIB's, by its path or as a file object (binary, or text). Raises IoError,
        FormatError, ConfigError."""
        return cls.from_config(Config.read(path), precision)

    @classmethod
    def from_config(cls, config: Config, precision: str | None = None) -> Network:
        """The network of a config that was read from a save."""
        if config.save is None:
            raise ConfigError(f"{config.path or 'config'}: not a save: it has no weights")
        check_task(config)
        save = config.save
        save.config = config.core
        return cls(save.load_network(full_precision(config, precision)), config)

    def save(self, path: PathOrFile) -> None:
        """Writes config and weights as RNNLIB's saves are, to a path or a file object (binary, or text); every number
        reads back bit for bit. Raises IoError."""
        save = self._make_save()
        if isinstance(path, (str, os.PathLike)):
            save.write(path, self.precision)
        else:
            write_file_object(path, save.text(self.precision))

    def _make_save(self) -> _core.Save:
        save = _core.Save()
        save.config = self.config.core
        save.store_network(self.core)
        return save

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: the network as a save. A copy has weights of its own."""
        rest = {name: value for name, value in self.__dict__.items() if name not in ("core", "_known")}
        return {**rest, "save": self._make_save().text(self.precision), "precision": self.precision}

    def __setstate__(self, state: dict[str, Any]) -> None:
        save = _core.Save.parse(state.pop("save"), "a copied network")
        self.core = save.load_network(state.pop("precision"))
        self.__dict__.update(state)

    def __repr__(self) -> str:
        header = self.header
        return (
            f"<Network: {self.task}, {header.num_dims}-D, {count_text(header.input_size, 'input')}, "
            f"{count_text(self.output_size, 'output')}, {self.num_weights:,} weights, {self.precision}>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (layer.name, layer.type, direction_text(layer.directions), str(layer.size), f"{layer.num_weights:,}")
            for layer in self.layers
        ]
        return html_table(repr(self)[1:-1], ("layer", "type", "direction", "units", "weights"), rows)

    @property
    def precision(self) -> str:
        """ "float32" or "float64"."""
        return self.core.precision

    @property
    def task(self) -> str:
        return self.core.task

    @property
    def header(self) -> DataHeader:
        """Dimensions, input and target sizes, and label names of the data it is for."""
        return self.core.header

    @property
    def num_weights(self) -> int:
        return self.core.num_weights

    @property
    def output_size(self) -> int:
        """Units of the output layer; transcription: labels and the blank."""
        return self.core.output_size

    @property
    def layers(self) -> list[_core.LayerInfo]:
        """A row per layer: name, type, directions, size, num_weights."""
        return self.core.layers()

    def output_shape(self, shape: _Seq[int]) -> tuple[int, ...]:
        """The shape of the output for inputs of a shape (both without units)."""
        return tuple(self.core.output_shape(list(shape)))

    @property
    def output_step(self) -> tuple[int, ...]:
        """Input points that an output point stands for, along each dimension of the output: what blocks join."""
        return tuple(self.core.output_step())

    def memory(
        self, shape: _Seq[int], sequences: int = 1, target_length: int = 0, threads: int | None = None
    ) -> dict[str, int]:
        """What running so many equal sequences at once takes, within a factor of two, beside the data and the results.

        Bytes: "weights"; "update": a trainer's gradient and optimiser; "predict", "train": a workspace that runs
        "batch" sequences together, forward or also backward. "workspaces": those in use at once, one per thread or
        fewer. The network keeps them, at the size their largest batch needed. `target_length`: of a transcription.
        """
        return self.core.memory(list(shape), sequences, target_length, num_threads(self.config, threads))

    def _split(self, flat: Array) -> dict[str, Array]:
        parts = {}
        for c in self.core.connections():
            vector = c.name.startswith("bias_to_") or c.name.endswith("_peepholes")
            part = flat[c.offset : c.offset + c.size]
            parts[c.name] = part if vector else part.reshape(c.rows, c.cols)
        return parts

    @property
    def weights(self) -> dict[str, Array]:
        """A copy of the weights by connection: (n,) for biases and peepholes, else (units of the target's input, units
        of the source). Connections that share another's weights (symmetry) are not there."""
        return self._split(self.core.weights())

    def set_weights(self, weights: Mapping[str, ArrayLike]) -> None:
        """Sets the weights of the connections named, and leaves the others; DataError for an unknown name or a wrong
        number of weights, NumericError for NaN."""
        flat = np.zeros(self.num_weights)
        connections = {c.name: c for c in self.core.connections()}
        shared = self.core.shared_connections()
        for name, values in weights.items():
            if name in shared:
                raise DataError(f"connection {name} has no weights of its own: it shares those of {shared[name]}")
            if name not in connections:
                raise DataError(f"unknown connection {name!r}; there are {', '.join(connections)}")
            c = connections[name]
            refuse_masked(values, f"weights of {name}", "a number")
            array = np.asarray(values, dtype=np.float64)
            if array.size != c.size or (array.ndim == 2 and array.shape != (c.rows, c.cols)):
                raise DataError(f"connection {name} takes {c.rows} x {c.cols} weights, found shape {array.shape}")
            flat[c.offset : c.offset + c.size] = array.reshape(-1)
        self.core.set_weights(flat, list(weights))

    @property
    def normalisation(self) -> Normalisation:
        """What the data it was trained on were normalised with: "inputs", "targetPatterns" -> Scale. Kept in saves;
        files that hold none are brought to it. Empty: not known of any. DataError, when it is set, for other sizes."""
        return from_columns(self.core.normalisation())

    @normalisation.setter
    def normalisation(self, normalisation: Normalisation) -> None:
        self.core.set_normalisation(to_columns(normalisation))

    def denormalise(self, outputs: ArrayLike) -> Array:
        """Outputs of regression (..., units) as the targets were before they were normalised: value * std + mean; a
        copy of the outputs where they were not. DataError for another number of units."""
        values = np.asarray(outputs, dtype=np.float64)
        if values.ndim < 1:
            raise DataError("outputs need the shape (..., units)")
        size = values.shape[-1]
        return self.core.denormalise(values.reshape(math.prod(values.shape[:-1]), size)).reshape(values.shape)

    def normalised(self, data: Dataset, raw: bool | None = None, targets: bool = True) -> Dataset:
        """A Dataset as the network's own data were normalised. All methods that take data do this.

        `raw` None: files that hold no normalisation, with a DataWarning. True: these and sequences from arrays. False:
        nothing is changed. A file that holds a normalisation is always taken as it is. `targets`: they are used, too.
        """
        normalisation = self.normalisation
        if raw is False or not normalisation:
            return data
        check_fits(data, self.header, targets=False)
        if raw:
            return data.normalised(normalisation, arrays=True)[0]
        if not data.paths:
            self.takes_raw(raw, targets)
        return apply_to(data, normalisation, self._name)

    @property
    def _name(self) -> str:
        return str(self.config.path or "the network")

    def takes_raw(self, raw: bool | None, targets: bool = False) -> bool:
        """Whether numbers from arrays are to be normalised: `raw`. None is False; where the network's inputs (or, with
        `targets`, its targets) were normalised it is warned about, once."""
        scales = self.normalisation if raw is None and not self._warned else {}
        if "inputs" in scales or (targets and scales):
            self._warned = True
            warn_of_raw_numbers(self._name)
        return bool(raw)

    def _prepared(self, data: Data, raw: bool | None, targets: bool = True) -> tuple[Data, bool]:
        """Data for batches(), and whether the engine is to normalise them."""
        if isinstance(data, Dataset):
            return self.normalised(data, raw, targets), False
        return data, self.takes_raw(raw, targets)

    def converted(self, sequence: Sequence, number: int = 0) -> Sequence:
        """A Sequence made by hand as the engine takes it: numbers as float32, labels as indices, names through the
        network's labels. All methods that take Sequences do this. DataError, naming the sequence (by its tag or
        `number`) and the element, for what cannot be converted."""
        return convert_sequence(sequence, *self._known, number)

    def _without_target(self, sequence: Sequence, number: int) -> Sequence:
        return self.converted(replace(sequence, target=None, target_shape=None, importance=None), number)

    @cached_property
    def _known(self) -> tuple[Task, DataHeader, dict[str, int]]:
        """What sequences are converted with: the task, the header, and the labels' places."""
        header = self.header
        return find_task(self.task), header, {name: i for i, name in enumerate(header.labels)}

    def errors(
        self, data: Data, threads: int | None = None, raw: bool | None = None
    ) -> tuple[Errors, list[_core.SkippedTarget]]:
        """Like evaluate(), with the targets that did not fit beside the errors."""
        check_fits(data, self.header)
        prepared, normalise = self._prepared(data, raw)
        evaluate = evaluation(self.core, self.config, num_threads(self.config, threads), normalise)
        return evaluate_batches(evaluate, batches(prepared, self.converted), self.config)

    def evaluate(self, data: Data, threads: int | None = None, raw: bool | None = None) -> Errors:
        """The errors of a Dataset, of Sequences or of one Sequence, the training criterion first; rates as fractions.

        Transcription targets that need more steps than the output has are listed in one SkippedTargetWarning. The
        errors then have their number as "skippedTargets", and ctcError, a mean, leaves them out ("ctcError" is not
        there when none is left); all other errors compare them with what the network reads. With the key legacyErrors
        no error counts them. A sequence without any target adds nothing; there are no errors ({}) when none has one.

        `raw`: as predict(); targets of regression are raw like the inputs. Raises DataError when the data do not fit
        the network.
        """
        errors, skipped = self.errors(data, threads, raw)
        if skipped:
            warn_caller(skipped_summary(skipped, self.config), SkippedTargetWarning)
        return errors

    def gradient(
        self, data: Data, threads: int | None = None, clip: bool = True, raw: bool | None = None
    ) -> tuple[float, dict[str, Array]]:
        """The training error summed over the sequences, and its gradient by connection, shaped like `weights`.

        LSTM deltas are clipped to [-1, 1] as in training unless `clip` is False. Penalties (l1, l2) are not in it.
        `raw`: as evaluate().
        """
        check_fits(data, self.header)
        count, snapshot = num_threads(self.config, threads), self.core.snapshot()
        error = 0.0
        gradient = np.zeros(self.num_weights)
        prepared, normalise = self._prepared(data, raw)
        for batch in batches(prepared, self.converted):
            more, part, _ = self.core.gradient(batch.sequences, count, clip, normalise, snapshot)
            error += more
            gradient += part
        return error, self._split(gradient)

    def predict(self, data: Data, threads: int | None = None, raw: bool | None = None) -> list[Prediction]:
        """A Prediction per sequence; targets are not needed. Data: a Dataset, Sequences, arrays (*shape, input size),
        or one of them.

        `raw`, for a network whose own data were normalised: True says that the inputs are as they were measured, and
        they are normalised too; False takes them as they are. None does the first with files that hold no
        normalisation, and the second with arrays and Sequences, which is warned about once. Outputs of regression are
        normalised as the targets were; denormalise() leads back.
        """
        check_fits(data, self.header, targets=False)
        count = num_threads(self.config, threads)
        names, snapshot = list(self.header.labels), self.core.snapshot()
        made = []
        prepared, normalise = self._prepared(data, raw, targets=False)
        for batch in batches(prepared, self._without_target):
            found = self.core.predict(batch.sequences, count, normalise, snapshot)
            made += [make_prediction(p, tag, self.task, names) for p, tag in zip(found, batch.tags, strict=True)]
        return made

    def stream(self, raw: bool | None = None) -> Stream:
        """For sequences that come in point by point: the outputs of predict, to rounding, as soon as they are due.
        `raw`: as predict() with arrays.

        Raises ConfigError for a network that cannot: only 1-D data, layers that run forwards (bidirectional false) and
        an output per point stream. A sequence keeps the weights that the network had at its first push.
        """
        return Stream(self.core, self.takes_raw(raw))

    def trace(self, sequence: Sequence | NDArray[Any], raw: bool | None = None) -> dict[str, Array]:
        """Every layer's variables after a forward pass and, with a target, a backward pass: "<layer>_<variable>" ->
        (*point shape, units), named as in RNNLIB's dumps. `raw`: as evaluate()."""
        one = single_sequence(sequence, "trace", self.converted)
        return self.core.trace(one, 0, self.takes_raw(raw, targets=True))

    def jacobian(
        self, sequence: Sequence | NDArray[Any], point: _Seq[int], unit: int | None = None, raw: bool | None = None
    ) -> dict[str, Array]:
        """Like trace(), but backward from the output y at `point` (in the output's shape; () where that is one point),
        whose error is set to y itself and to 0 elsewhere; `unit` None: all units there.

        "input_errors" [*input shape, input size] is then the derivative of 1/2 sum y^2 to every input. Deltas are not
        clipped. Needs no target. `raw`: as predict(); derivatives are to the normalised inputs. ConfigError for
        coordinates outside the output.
        """
        one = single_sequence(sequence, "jacobian", self._without_target)
        return self.core.jacobian(one, 0, list(point), unit, self.takes_raw(raw))

    def check_gradient(
        self,
        sequence: Sequence,
        perturbation: float | None = None,
        significant_figures: int | None = None,
        break_on_error: bool | None = None,
        threads: int | None = None,
        raw: bool | None = None,
    ) -> GradientCheck:
        """Compares the exact gradient of one sequence with central differences on every weight, always in double.

        What is not given comes from the config: pert, sigFigs, breakOnError. `raw`: as evaluate().
        """
        config = self.config
        return GradientCheck(
            self.core.check_gradient(
                single_sequence(sequence, "check_gradient", self.converted),
                0,
                config["pert"] if perturbation is None else perturbation,
                config["sigFigs"] if significant_figures is None else significant_figures,
                config["breakOnError"] if break_on_error is None else break_on_error,
                num_threads(config, threads),
                self.takes_raw(raw, targets=True),
            )
        )
