# SPDX-License-Identifier: Apache-2.0
"""A network and its weights: making, saving and running it."""

from __future__ import annotations

from collections.abc import Sequence as _Seq

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_task
from rnnlib_py.config.settings import full_precision, seed_of
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.batching import batches, check_fits, single_sequence
from rnnlib_py.data.forms import Data, Item, with_targets
from rnnlib_py.model.alignment import NetworkAlignment
from rnnlib_py.model.decoding import AnyDecoder, bound
from rnnlib_py.model.evaluation import evaluate_batches, evaluation
from rnnlib_py.model.gradient_check import GradientCheck
from rnnlib_py.model.metrics import Errors
from rnnlib_py.model.network_files import NetworkFiles
from rnnlib_py.model.network_import import NetworkImport
from rnnlib_py.model.network_reading import NetworkReading
from rnnlib_py.model.network_structure import Array
from rnnlib_py.model.prediction import Prediction, make_prediction
from rnnlib_py.model.skipped_targets import SkippedTargetWarning, skipped_summary
from rnnlib_py.model.stream import Stream
from rnnlib_py.model.zoo import find_model
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.file_objects import PathOrFile


class Network(NetworkAlignment, NetworkFiles, NetworkImport, NetworkReading):
    """A network and its weights. Make one with Network.build or Network.load.

    Of methods that take `threads`, set_num_threads sets how many there are. `raw` matters for a network whose own data
    were normalised; `predict` describes it.
    """

    @classmethod
    def build(
        cls, config: Config, header: DataHeader, precision: str | None = None, random: _core.Random | None = None
    ) -> Network:
        """A new network, its weights uniform in [-initWeightRange, initWeightRange].

        Parameters
        ----------
        config
            Names the layers.
        header
            Of the data it is for: `Dataset.header`.
        precision
            "float32" or "float64"; None: the config's.
        random
            Where the numbers come from; None: randSeed.

        Raises
        ------
        ConfigError
            Settings that make no network.
        """
        check_task(config)
        core = _core.Network(config.core, header, full_precision(config, precision))
        core.randomise(random or _core.Random(seed_of(config)), config["initWeightRange"])
        return cls(core, config)

    @classmethod
    def load(cls, path: PathOrFile, precision: str | None = None) -> Network:
        """The network of a save, ours or RNNLIB's, or of a safetensors file that save() wrote.

        Parameters
        ----------
        path
            The file, or a file object (binary; text for a save).
        precision
            "float32" or "float64"; None: the save's.

        Raises
        ------
        IoError, FormatError
            A file that cannot be read, or is no whole save.
        ConfigError
            A config, which has no weights.
        """
        return cls.from_config(Config.read(path), precision)

    @classmethod
    def load_model(cls, name: str, precision: str | None = None) -> Network:
        """A trained network by its name, such as "fraktur": one of rnnlib_py.models().

        Parameters
        ----------
        name
            Of a safetensors file without its ending, in a folder that the environment variable RNNLIB_PY_MODELS names,
            in `models` of the installed package, or in that of a checkout of the repository.
        precision
            "float32" or "float64"; None: the file's, or float32.

        Raises
        ------
        ConfigError
            Another name; the message has those that there are.
        IoError, FormatError
            A file that cannot be read, or is damaged.
        """
        return cls.load(find_model(name), precision)

    @classmethod
    def from_config(cls, config: Config, precision: str | None = None) -> Network:
        """The network of a config that was read from a save.

        Parameters
        ----------
        config
            What Config.read made of a save, perhaps with changed keys.
        precision
            "float32" or "float64"; None: the config's.

        Raises
        ------
        ConfigError
            No save, or keys that do not fit its weights.
        FormatError
            A save that is damaged.
        """
        if config.save is None:
            raise ConfigError(f"{config.path or 'config'}: not a save: it has no weights")
        check_task(config)
        save = config.save
        save.config = config.core
        return cls(save.load_network(full_precision(config, precision)), config)

    def errors(
        self,
        data: Data,
        threads: int | None = None,
        raw: bool | None = None,
        decoder: AnyDecoder | None = None,
    ) -> tuple[Errors, list[_core.SkippedTarget]]:
        """Like evaluate(), with the targets that did not fit beside the errors, and no warning about them.

        Parameters
        ----------
        data, threads, raw, decoder
            As evaluate().

        Returns
        -------
        errors : dict
        skipped : list
            Each with `tag`, `needed` and `available` steps.
        """
        data = with_targets(data)
        check_fits(data, self.header)
        prepared, normalise = self._prepared(data, raw)
        used = bound(decoder, self.header.labels)
        core_decoder = None if used is None else used.core
        evaluate = evaluation(self.core, self.config, num_threads(self.config, threads), normalise, core_decoder)
        return evaluate_batches(evaluate, batches(prepared, self.converted), self.config)

    def evaluate(
        self,
        data: Data,
        threads: int | None = None,
        raw: bool | None = None,
        decoder: AnyDecoder | None = None,
    ) -> Errors:
        """The errors of data, the training criterion first; rates as fractions.

        Parameters
        ----------
        data
            A Dataset; a list of Sequences or of pairs (inputs, target); a tuple (inputs, targets) of two arrays or
            lists with an entry per sequence; or one Sequence.
        threads
            See set_num_threads.
        raw
            As predict(); targets of regression are raw like the inputs.
        decoder
            As predict(): errors of labels are those of what it reads; None: best path.

        Returns
        -------
        dict
            Error -> value. Transcription targets that need more steps than the output has are listed in one
            SkippedTargetWarning. The errors then have their number as "skippedTargets", and ctcError, a mean, leaves
            them out ("ctcError" is not there when none is left); all other errors compare them with what the network
            reads. With the key legacyErrors no error counts them. A sequence without any target adds nothing; there
            are no errors ({}) when none has one.

        Raises
        ------
        DataError
            Data that do not fit the network.
        ConfigError
            A decoder for another task than transcription, or one that the network's labels do not allow.
        """
        errors, skipped = self.errors(data, threads, raw, decoder)
        if skipped:
            warn_caller(skipped_summary(skipped, self.config), SkippedTargetWarning)
        return errors

    def gradient(
        self, data: Data, threads: int | None = None, clip: bool = True, raw: bool | None = None
    ) -> tuple[float, dict[str, Array]]:
        """The training error summed over the sequences, and its gradient. Penalties (l1, l2) are not in it.

        Parameters
        ----------
        data, threads, raw
            As evaluate().
        clip
            The deltas of LSTM and GRU cells are clipped to [-1, 1] as in training; False leaves the gradient exact.

        Returns
        -------
        error : float
        gradient : dict
            By connection, shaped like `weights`.

        Raises
        ------
        DataError
            Data that do not fit the network.
        """
        data = with_targets(data)
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

    def predict(
        self,
        data: Data,
        threads: int | None = None,
        raw: bool | None = None,
        decoder: AnyDecoder | None = None,
    ) -> list[Prediction]:
        """What the network makes of sequences. Targets are not needed, and not looked at.

        Parameters
        ----------
        data
            A Dataset; a list of arrays (*shape, input size), of Sequences or of pairs (inputs, target); or one array or
            Sequence.
        threads
            See set_num_threads.
        raw
            True: the inputs are as they were measured, and are normalised like the network's own data. False: they are
            taken as they are. None does the first with files that hold no normalisation, and the second with arrays and
            Sequences, which is warned about once. Outputs of regression are normalised as the targets were;
            denormalise() leads back.
        decoder
            Reads the labels of transcription, each sequence in a thread of its own; None: best path.

        Returns
        -------
        list of Prediction
            One per sequence, in their order.

        Raises
        ------
        DataError
            Data that do not fit the network.
        ConfigError
            A decoder for another task than transcription, or one that the network's labels do not allow.
        """
        check_fits(data, self.header, targets=False)
        count = num_threads(self.config, threads)
        names, snapshot = list(self.header.labels), self.core.snapshot()
        made = []
        used = bound(decoder, names)
        core_decoder, words = (None, None) if used is None else (used.core, used.lexicon)
        temperature = self.config["temperature"]
        prepared, normalise = self._prepared(data, raw, targets=False)
        for batch in batches(prepared, self._without_target):
            found = self.core.predict(batch.sequences, count, normalise, snapshot, core_decoder)
            pairs = zip(found, batch.tags, strict=True)
            made += [make_prediction(one, tag, self.task, names, words, temperature) for one, tag in pairs]
        return made

    def stream(self, raw: bool | None = None, decoder: AnyDecoder | None = None) -> Stream:
        """For sequences that come in point by point: the outputs of predict, to rounding, as soon as they are due.

        A sequence keeps the weights that the network had at its first push.

        Parameters
        ----------
        raw
            As predict() with arrays.
        decoder
            As predict(): labels are given as soon as no later point can change them.

        Raises
        ------
        ConfigError
            A network that cannot: only 1-D data, layers that run forwards (bidirectional false) or are convolutions,
            and an output per point stream.
        """
        return Stream(self.core, self.takes_raw(raw), bound(decoder, self.header.labels))

    def trace(self, sequence: Item, raw: bool | None = None) -> dict[str, Array]:
        """Every layer's variables after a forward pass and, with a target, a backward pass.

        Parameters
        ----------
        sequence
            A Sequence, an array or a pair (inputs, target).
        raw
            As evaluate().

        Returns
        -------
        dict
            "<layer>_<variable>" -> (*point shape, units), named as in RNNLIB's dumps.
        """
        one = single_sequence(sequence, "trace", self.converted)
        return self.core.trace(one, 0, self.takes_raw(raw, targets=True))

    def jacobian(
        self, sequence: Item, point: _Seq[int], unit: int | None = None, raw: bool | None = None
    ) -> dict[str, Array]:
        """Like trace(), but backward from the output y at a point, whose error is set to y itself and to 0 elsewhere.

        Deltas are not clipped, and no target is needed.

        Parameters
        ----------
        sequence
            A Sequence or an array.
        point
            In the output's shape; () where that is one point.
        unit
            The one that has an error; None: all units there.
        raw
            As predict(); derivatives are to the normalised inputs.

        Returns
        -------
        dict
            "input_errors" [*input shape, input size] is the derivative of 1/2 sum y^2 to every input.

        Raises
        ------
        ConfigError
            Coordinates outside the output.
        """
        one = single_sequence(sequence, "jacobian", self._without_target)
        return self.core.jacobian(one, 0, list(point), unit, self.takes_raw(raw))

    def check_gradient(
        self,
        sequence: Item,
        perturbation: float | None = None,
        significant_figures: int | None = None,
        break_on_error: bool | None = None,
        threads: int | None = None,
        raw: bool | None = None,
    ) -> GradientCheck:
        """Compares the exact gradient of one sequence with central differences on every weight, always in double.

        Parameters
        ----------
        sequence
            A Sequence, or a pair (inputs, target).
        perturbation, significant_figures, break_on_error
            None: the config's keys pert, sigFigs, breakOnError.
        threads, raw
            As evaluate().
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
