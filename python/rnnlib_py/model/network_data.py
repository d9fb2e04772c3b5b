# SPDX-License-Identifier: Apache-2.0
"""What data a network takes: how they are normalised, and how arrays and Sequences become the engine's."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from rnnlib_py import _core
from rnnlib_py._core import DataError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.batching import check_fits
from rnnlib_py.data.convert import convert_sequence
from rnnlib_py.data.forms import Data
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.own_normalisation import apply_to, from_columns, to_columns, warn_of_raw_numbers
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.model.network_structure import Array, NetworkStructure


class NetworkData(NetworkStructure):
    """A network's normalisation and labels, applied to the data it is given."""

    def __init__(self, core: _core.Network, config: Config) -> None:
        super().__init__(core, config)
        self._warned = False  # that lone numbers are taken as they are

    @property
    def normalisation(self) -> Normalisation:
        """What the data it was trained on were normalised with: "inputs", "targetPatterns" -> Scale. Kept in saves;
        files that hold none are brought to it. Empty: not known of any. DataError, when it is set, for other sizes."""
        return from_columns(self.core.normalisation())

    @normalisation.setter
    def normalisation(self, normalisation: Normalisation) -> None:
        self.core.set_normalisation(to_columns(normalisation))

    @property
    def recipe(self) -> str:
        """How the data it was trained on were made of files, a JSON object (docs/text-lines.md); kept in saves, and
        used by read(). "": nobody said so. DataError, when it is set, for more than a line."""
        return self.core.recipe

    @recipe.setter
    def recipe(self, recipe: str) -> None:
        self.core.recipe = recipe

    def denormalise(self, outputs: ArrayLike) -> Array:
        """Outputs of regression as the targets were before they were normalised: value * std + mean.

        Parameters
        ----------
        outputs
            Numbers of the shape (..., units).

        Returns
        -------
        ndarray
            The same shape; a copy of the outputs where the targets were not normalised.

        Raises
        ------
        DataError
            Another number of units.
        """
        values = np.asarray(outputs, dtype=np.float64)
        if values.ndim < 1:
            raise DataError("outputs need the shape (..., units)")
        size = values.shape[-1]
        return self.core.denormalise(values.reshape(math.prod(values.shape[:-1]), size)).reshape(values.shape)

    def normalised(self, data: Dataset, raw: bool | None = None, targets: bool = True) -> Dataset:
        """A Dataset as the network's own data were normalised. All methods that take data do this.

        Parameters
        ----------
        data
            Stays as it is; what is returned reads through it. A file that holds a normalisation is always taken so.
        raw
            None: files that hold no normalisation are brought to the network's, with a DataWarning. True: these and
            sequences from arrays. False: nothing is changed.
        targets
            They are used, too.

        Raises
        ------
        DataError
            Other dimensions or another number of inputs than the network's.
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
        network's labels. All methods that take Sequences do this.

        Parameters
        ----------
        sequence
            Stays as it is.
        number
            Names it in messages where it has no tag.

        Raises
        ------
        DataError
            What cannot be converted, with the sequence and the element.
        """
        return convert_sequence(sequence, *self._known, number)

    def _without_target(self, sequence: Sequence, number: int) -> Sequence:
        return self.converted(replace(sequence, target=None, target_shape=None, importance=None), number)

    @cached_property
    def _known(self) -> tuple[Task, DataHeader, dict[str, int]]:
        """What sequences are converted with: the task, the header, and the labels' places."""
        header = self.header
        return find_task(self.task), header, {name: i for i, name in enumerate(header.labels)}
