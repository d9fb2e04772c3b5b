# SPDX-License-Identifier: Apache-2.0
"""Names of the output layer's units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data import Sequence
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network

BLANK = "blank"


def output_labels(network: Network) -> list[str]:
    """A name per output unit; empty for regression. Transcription: the labels, then the blank; two classes are one
    unit, the probability of the second."""
    return find_task(network.task).output_units(network.header.labels, BLANK)


def unit_labels(
    network: Network, sequence: Sequence, variables: Mapping[str, NDArray[np.float64]]
) -> dict[str, list[str]]:
    """Variable -> names of its units. The states of the CTC variables are the target's labels with blanks around."""
    names = output_labels(network)
    named: dict[str, list[str]] = {}
    if not names:
        return named
    for variable, values in variables.items():
        if not variable.startswith("output_"):
            continue
        if variable in ("output_forwardVariables", "output_backwardVariables"):
            of_units = _with_blanks(names[i] for i in _target(sequence))
        else:
            of_units = names
        if len(of_units) == values.shape[-1]:
            named[variable] = of_units
    return named


def _target(sequence: Sequence) -> list[int]:
    classes = sequence.target_classes
    return [] if classes is None else classes.tolist()


def _with_blanks(labels: Iterable[str]) -> list[str]:
    states = [BLANK]
    for label in labels:
        states += [label, BLANK]
    return states
