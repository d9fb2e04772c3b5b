# SPDX-License-Identifier: Apache-2.0
"""The golden cases beside this file: reading them, and how far the library's numbers are from them (README.md)."""

from __future__ import annotations

import json
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

import rnnlib_py as rnn
from rnnlib_py import testing
from rnnlib_py._core import SequenceBatch, prints_as_percent

FOLDER = Path(__file__).resolve().parent
PRECISIONS = ("float64", "float32")
Array = NDArray[np.float64]
Arrays = dict[str, Array]
Errors = dict[str, float]

# A difference is relative: in float to the largest number of its array; in double to the number itself, or where that
# is smaller than FLOOR and than the largest, to the smaller of those two. FLOOR alone where all are 0.
FLOOR = 1e-2
LOG_ZERO = -1e50  # the reference writes log(0) as -1e100; the two must have it in the same places


class Difference(NamedTuple):
    """Sorts by size."""

    size: float  # relative
    what: str
    decision: bool = False  # of an error that counts decisions (argmax), which a rounding must not change


class Case:
    """One folder: what the reference was given, and what it answered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = FOLDER / name
        self.expected: dict[str, Any] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))

    @cached_property
    def _arrays(self) -> Arrays:
        with np.load(self.folder / "arrays.npz") as file:
            index: dict[str, list[int]] = json.loads(file["index"].tobytes())
            values: Array = file["values"]
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in index.values()])
        parts = np.split(values, ends[:-1])
        return {name: part.reshape(shape) for (name, shape), part in zip(index.items(), parts, strict=True)}

    def arrays(self, kind: str) -> Arrays:
        """The arrays of a kind ("variables", "gradients", "trained", …) by what follows it in their names."""
        return {name.split("/", 1)[1]: a for name, a in self._arrays.items() if name.startswith(f"{kind}/")}

    @property
    def training(self) -> dict[str, Any] | None:
        """Options, constant_noise and running_errors of the training that was recorded, if any was."""
        return self.expected.get("training")

    @property
    def noisy(self) -> bool:
        """Trained with weight noise (mdl)."""
        return self.training is not None and self.training["constant_noise"] is not None

    def network(self, precision: str) -> rnn.Network:
        """Counts errors as it does by default, but for the case that records how the reference leaves a target out."""
        config = rnn.Config.read(self.folder / "initial.save", legacyErrors=self.name == "target_too_long")
        return rnn.Network.from_config(config, precision)

    def data(self) -> rnn.Dataset:
        task = rnn.Config.read(self.folder / "initial.save")["task"]
        return rnn.Dataset.read(self.folder / "data.nc", task=task)

    def train(self, precision: str, save: str = "initial.save", **options: object) -> rnn.Run:
        """Trains from a save of the case, as was recorded; `options` go over the recorded ones. Nothing is written."""
        recorded = self.training["options"] if self.training else {}
        fixed = {
            "trainFile": self.folder / "data.nc",
            "precision": "double" if precision == "float64" else "float",
            "autosave": False,
        }
        config = rnn.Config.read(self.folder / save, **{**recorded, **fixed, **options})
        return testing.train(config, constant_noise=self.training["constant_noise"] if self.training else None)


CASES = [Case(folder.name) for folder in sorted(FOLDER.iterdir()) if (folder / "expected.json").exists()]
TRAINED = [case for case in CASES if case.training is not None]


# --- comparing ---


def difference(what: str, found: ArrayLike, expected: ArrayLike, precision: str) -> Difference:
    """The largest relative difference of two arrays; infinite where shapes, NaN or log zeros differ."""
    a, b = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if a.size != b.size or (a.ndim == b.ndim and a.shape != b.shape):
        return Difference(np.inf, f"{what}: shape {a.shape}, expected {b.shape}")
    a, b = a.ravel(), b.ravel()
    if not np.array_equal(a < LOG_ZERO, b < LOG_ZERO):
        return Difference(np.inf, f"{what}: log zeros in other places")
    a, b = a[b >= LOG_ZERO], b[b >= LOG_ZERO]
    if not np.isfinite(a).all():
        return Difference(np.inf, f"{what}: not finite")
    if b.size == 0:
        return Difference(0.0, what)
    top = float(np.abs(b).max()) or FLOOR
    floor = min(FLOOR, top) if precision == "float64" else top
    relative = np.abs(a - b) / np.maximum(np.abs(b), floor)
    worst = int(relative.argmax())
    return Difference(float(relative[worst]), f"{what}: {float(a[worst])!r}, expected {float(b[worst])!r}")


def differences(what: str, found: dict[str, Any], expected: dict[str, Any], precision: str) -> list[Difference]:
    """One per name; names that only one side has are infinitely different."""
    names = [Difference(np.inf, f"{what} {name}: not in both") for name in sorted(found.keys() ^ expected.keys())]
    both = [name for name in expected if name in found]
    return names + [difference(f"{what} {name}", found[name], expected[name], precision) for name in both]


def compare_errors(what: str, found: Errors, expected: Errors, precision: str) -> list[Difference]:
    """Like differences(), with the errors that count decisions marked."""
    compared = []
    for rate in (False, True):
        a, b = ({k: v for k, v in errors.items() if prints_as_percent(k) == rate} for errors in (found, expected))
        compared += [d._replace(decision=rate) for d in differences(what, a, b, precision)]
    return compared


# --- the library's numbers against the case's ---


def sequence_errors(case: Case, precision: str) -> Errors:
    """Sums, not figures, of the one sequence, with the confusions that `verbose` adds."""
    batch = SequenceBatch()
    case.data()[case.expected["display_sequence"]].add_to(batch)
    metrics, _ = case.network(precision).core.evaluate(batch, verbose=True)
    return {error.name: error.value for error in metrics}


def error_differences(case: Case, precision: str) -> list[Difference]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rnn.SkippedTargetWarning)  # target_too_long: a test looks at its warning
        data_set = case.network(precision).evaluate(case.data())
    return [
        *compare_errors("data set", data_set, case.expected["dataset_errors"], precision),
        *compare_errors("sequence", sequence_errors(case, precision), case.expected["sequence_errors"], precision),
    ]


def trace_differences(case: Case, precision: str) -> list[Difference]:
    trace = case.network(precision).trace(case.data()[case.expected["display_sequence"]])
    return differences("variable", trace, case.arrays("variables"), precision)


def gradient_differences(case: Case, precision: str) -> list[Difference]:
    """Connections that share weights have their owner's gradient."""
    network = case.network(precision)
    _, gradient = network.gradient(case.data())
    shared = {name: gradient[owner] for name, owner in network.core.shared_connections().items()}
    return differences("gradient of", {**gradient, **shared}, case.arrays("gradients"), precision)


def running_differences(case: Case, run: rnn.Run, precision: str) -> list[Difference]:
    assert case.training is not None
    expected = case.training["running_errors"]
    if len(run.history) != len(expected):
        return [Difference(np.inf, f"{len(run.history)} epochs, expected {len(expected)}")]
    found = []
    for epoch, errors in zip(run.history, expected, strict=True):
        found += compare_errors(f"epoch {epoch.epoch}", epoch["train"], errors, precision)
    return found


def saved_vectors(run: rnn.Run, infix: str) -> Arrays:
    """ "<connection>/<what follows infix>" of the vectors that a run's save has."""
    state = {}
    for line in run.make_save().text(run.network.precision).splitlines():
        name, *words = line.split()
        connection, found, vector = name.removeprefix("weightContainer_").partition(infix)
        if found:
            state[f"{connection}/{vector}"] = np.array(words[1:], dtype=np.float64)
    return state


def optimiser_state(run: rnn.Run) -> Arrays:
    """ "<connection>/deltas", … of a run, as its save has them."""
    return saved_vectors(run, "_weight_optimiser_")


def mdl_differences(case: Case, run: rnn.Run, precision: str) -> list[Difference]:
    """Standard deviations, costs and prior of adaptive weight noise."""
    save = run.make_save()
    found: dict[str, Any] = dict(saved_vectors(run, "__mdl_"))
    for name, saved in (("prior_mean", "trainer_mdlPriorMean"), ("prior_variance", "trainer_mdlPriorVariance")):
        found[name] = float(save.get_value(saved) or "nan")
    return differences("mdl", found, case.arrays("trained_mdl"), precision)


def mdl_optimiser_differences(case: Case, run: rnn.Run, precision: str) -> list[Difference]:
    found = saved_vectors(run, "_mdl_dev_optimiser_")
    return differences("mdl optimiser of", found, case.arrays("trained_mdl_optimiser"), precision)


def weight_differences(case: Case, run: rnn.Run, precision: str) -> list[Difference]:
    """Without symmetric sampling the reference saves the weights of its last sample, noise included, instead of the
    means that its optimiser has made (its prior is that of the means): compared are those of the same sample."""
    found = run.network.weights
    training = case.training or {}
    if case.noisy and not run.config["mdlSymmetricSampling"]:
        before = case.train(precision, totalEpochs=training["options"]["totalEpochs"] - 1)
        devs = saved_vectors(before, "__mdl_")
        noise = training["constant_noise"]
        found = {name: w.ravel() + noise * devs[f"{name}/devs"] for name, w in before.network.weights.items()}
    return differences("weights of", found, case.arrays("trained"), precision)


def optimiser_differences(case: Case, run: rnn.Run, precision: str) -> list[Difference]:
    return differences("optimiser of", optimiser_state(run), case.arrays("trained_optimiser"), precision)
