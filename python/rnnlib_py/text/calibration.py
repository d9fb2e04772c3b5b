# SPDX-License-Identifier: Apache-2.0
"""Finds the temperature at which a network is as sure as it is right (Guo et al. 2017, "On calibration of modern neural
networks"): the one with the least training criterion on data that it has not learned from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data import Dataset
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.network import Network
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.text.calibration_classes import ClassOutputs
from rnnlib_py.text.calibration_texts import TextOutputs
from rnnlib_py.text.read_outputs import read_outputs
from rnnlib_py.text.reliability import Reliability

LEAST, MOST = 0.1, 10.0  # temperatures that are tried
_EXACT = 1e-3  # relative


@dataclass(frozen=True, eq=False)
class CalibrationState:
    """How sure and how right a network is at one temperature.

    Attributes
    ----------
    temperature : float
    criterion : float
        The training criterion per sequence (transcription) or per class, in nats, of the outputs at that temperature.
    units : dict
        Name -> Reliability. Transcription: "labels" (confidences of best path decoding), and by posteriors "label
        posteriors", "words" where the network has a label for the space, and "lines". Classification: "classes".
    """

    temperature: float
    criterion: float
    units: dict[str, Reliability] = field(repr=False)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        units = {name: reliability.record() for name, reliability in self.units.items()}
        return {"temperature": self.temperature, "criterion": self.criterion, "units": units}


@dataclass(frozen=True, eq=False)
class Calibration:
    """What calibrate() found.

    Attributes
    ----------
    sequences : int
    skipped : int
        Sequences of transcription whose targets need more points than the output has; the criterion leaves them out.
    before, after : CalibrationState
        At the temperature of the network's config, and at the one with the least criterion.
    """

    sequences: int
    skipped: int
    before: CalibrationState
    after: CalibrationState

    @property
    def temperature(self) -> float:
        """That with the least criterion."""
        return self.after.temperature

    @property
    def at_bound(self) -> bool:
        """Whether it is at the end of the range that was searched: the data then tell little."""
        return not LEAST * (1 + 2 * _EXACT) < self.temperature < MOST / (1 + 2 * _EXACT)

    def _repr_html_(self) -> str:
        rows = []
        for name, after in self.after.units.items():
            errors = (self.before.units[name].calibration_error(), after.calibration_error())
            rows.append([f"calibration error of {name}", *(f"{100 * error:.2f} %" for error in errors)])
        states = (self.before, self.after)
        rows.append(["training criterion", *(f"{state.criterion:.6g}" for state in states)])
        rows.append(["temperature", *(f"{state.temperature:.4g}" for state in states)])
        return html_table("calibration", ("", "before", "after"), rows)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        counts = {"sequences": self.sequences, "skippedTargets": self.skipped, "atBound": self.at_bound}
        return {**counts, "before": self.before.record(), "after": self.after.record()}


def calibrate(network: Network, data: Dataset, space: str = SPACE, temperature: float | None = None) -> Calibration:
    """Finds the temperature with the least training criterion, and measures confidences before and after.

    Parameters
    ----------
    network
        Of a task with labels. It stays as it is.
    data
        With targets; the network must not have learned from them.
    space
        The label that separates words.
    temperature
        One to measure with in place of the best one.

    Raises
    ------
    ConfigError
        A network without labels (regression), or a temperature that is not above 0.
    DataError
        Data without sequences, without targets that fit, or that do not fit the network.
    """
    if temperature is not None and not (math.isfinite(temperature) and temperature > 0):
        raise ConfigError(f"temperature is {temperature}, expected a number above 0")
    sequences = read_outputs(network, data)
    outputs: TextOutputs | ClassOutputs
    if find_task(network.task).transcribes:
        names = list(network.header.labels)
        separator = names.index(space) if space in names else -1
        outputs = TextOutputs(sequences, separator, num_threads(network.config, None))
    else:
        outputs = ClassOutputs(sequences)
    if outputs.count == 0:
        raise DataError("no sequence has a target that fits; there is nothing to calibrate with")
    found = temperature if temperature is not None else least(outputs.criterion, LEAST, MOST)
    states = [
        CalibrationState(t, outputs.criterion(t), outputs.units(t)) for t in (network.config["temperature"], found)
    ]
    return Calibration(len(sequences), outputs.skipped, *states)


def least(criterion: Callable[[float], float], low: float, high: float) -> float:
    """Golden section search on the logarithm of the temperature."""
    shrink = (math.sqrt(5) - 1) / 2
    left, right = math.log(low), math.log(high)
    inner = [right - shrink * (right - left), left + shrink * (right - left)]
    values = [criterion(math.exp(x)) for x in inner]
    while right - left > _EXACT:
        if values[0] <= values[1]:
            right = inner[1]
            inner = [right - shrink * (right - left), inner[0]]
            values = [criterion(math.exp(inner[0])), values[0]]
        else:
            left = inner[0]
            inner = [inner[1], left + shrink * (right - left)]
            values = [values[1], criterion(math.exp(inner[1]))]
    return float(f"{math.exp(inner[int(np.argmin(values))]):.4g}")
