# SPDX-License-Identifier: Apache-2.0
"""`rnnlib-py check`: what a config or save would do, and what would go wrong, found without training."""

from __future__ import annotations

import textwrap
import warnings
from dataclasses import dataclass, field

import numpy as np

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data import Dataset, DataSummary, DataWarning, describe
from rnnlib_py.data.batching import MAX_POINTS
from rnnlib_py.data.labels import fold
from rnnlib_py.data.sets import KEYS, DataSets
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_network
from rnnlib_py.model.skipped_targets import list_skipped
from rnnlib_py.model.tables import layer_table, shape_text
from rnnlib_py.system.html_tables import html_table, html_text
from rnnlib_py.system.units import bytes_text, count_text
from rnnlib_py.training.target_use import TargetUse

_SHOWN = 20


@dataclass(repr=False)
class CheckReport:
    """What check() found.

    Attributes
    ----------
    lines : list of str
        The report.
    errors : list of str
        What training would stop at.
    warnings : list of str
        What it would do, but hardly as meant.
    """

    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def _counts(self) -> str:
        return f"{count_text(len(self.errors), 'error')}, {count_text(len(self.warnings), 'warning')}"

    def _problems(self) -> list[str]:
        found = [*(f"error: {text}" for text in self.errors), *(f"warning: {text}" for text in self.warnings)]
        return found or ["nothing wrong was found"]

    def __str__(self) -> str:
        return "\n".join([*self.lines, "", *self._problems()])

    def __repr__(self) -> str:
        return "\n".join([f"<CheckReport: {self._counts()}>", *self._problems()])

    def _repr_html_(self) -> str:
        rows = [*(("error", text) for text in self.errors), *(("warning", text) for text in self.warnings)]
        return html_table(self._counts(), (), rows or [("nothing wrong was found",)]) + html_text("\n".join(self.lines))


def check(config: Config) -> CheckReport:
    """Reads a config and its data without training, and says what would go wrong.

    Parameters
    ----------
    config
        Or a save's (Config.read).

    Returns
    -------
    CheckReport
        Nothing is raised for what is wrong: it is in `errors`.
    """
    report = CheckReport()
    try:
        check_available(config)
        report.warnings += config.warnings()
        if "trainFile" not in config:
            report.errors.append("no training data: trainFile is not given")
        network, sets = _open(config, report)
        _core.Trainer(network.core, config.core)  # raises for keys that do not suit the network
        summaries = _describe_sets(config, network, report)
        _report_network(network, summaries, report)
        for name, (data, summary) in summaries.items():
            _report_set(name, data, summary, report)
            _report_fit(name, network, data, summary, report)
        sets.close()
    except _core.Error as error:
        report.errors.append(str(error))
    return report


def _open(config: Config, report: CheckReport) -> tuple[Network, DataSets]:
    """Warnings about the sets' normalisations become part of the report."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        found = open_network(config)
    report.warnings += [str(warning.message) for warning in caught]
    return found


def _describe_sets(config: Config, network: Network, report: CheckReport) -> dict[str, tuple[Dataset, DataSummary]]:
    found = {}
    for name, key in KEYS.items():
        if key not in config:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DataWarning)  # unknown labels are in the summary
                data = Dataset.read(
                    config.files(key), config["task"], data_fraction=config["dataFraction"], header=network.header
                )
                seen = network.normalised(data)
                assert isinstance(seen, Dataset)
                found[name] = seen, describe(seen)
            data.close()
        except _core.Error as error:
            report.errors.append(str(error))
    return found


def _report_network(network: Network, summaries: dict[str, tuple[Dataset, DataSummary]], report: CheckReport) -> None:
    if not summaries:
        report.lines += layer_table(network)
        return
    _, summary = next(iter(summaries.values()))
    median = tuple(round(size) for size in summary.shape_median)
    report.lines += [f"network (shapes for the median sizes of a sequence, {shape_text(median)})", ""]
    report.lines += layer_table(network, median)
    largest = max(
        (tuple(data.shapes[int(np.argmax(data.num_points))].tolist()) for data, _ in summaries.values()),
        key=lambda shape: int(np.prod(shape)),
    )
    targets = [summary.target_lengths for _, summary in summaries.values() if summary.target_lengths is not None]
    longest = max((int(lengths.max(initial=0)) for lengths in targets), default=0)
    report.lines.append(_memory_line(network, largest, longest))


def _memory_line(network: Network, largest: tuple[int, ...], target_length: int) -> str:
    """What training and prediction take when all sequences are as large as the largest."""
    config = network.config
    at_once = max(1, MAX_POINTS // int(np.prod(largest)))
    update = at_once if config["batchLearn"] else config["seqsPerWeightUpdate"]
    predict = network.memory(largest, at_once)
    train = network.memory(largest, update, target_length)
    weights = train["weights"] + train["update"]
    if config["mdl"]:
        weights += train["update"]  # standard deviations, their gradient and optimiser
    if config["mdl"] or config["weightDistortion"] > 0:
        weights += train["workspaces"] * train["weights"]  # each has weights of its own
    # The workspaces of training are also those of the errors on other sets, which may use more of them.
    more = max(0, predict["workspaces"] - train["workspaces"])
    total = weights + train["workspaces"] * max(train["train"], predict["predict"]) + more * predict["predict"]
    return (
        f"memory: training takes about {bytes_text(total)} beside the data: "
        f"weights and optimiser {bytes_text(weights)}, "
        f"{_workspaces_text(train, 'train', largest)}; prediction {_workspaces_text(predict, 'predict', largest)} "
        f"({num_threads(config)} threads, sequences like the largest)"
    )


def _workspaces_text(memory: dict[str, int], what: str, shape: tuple[int, ...]) -> str:
    times = f"{memory['workspaces']} x " if memory["workspaces"] > 1 else ""
    sequences = f"{memory['batch']} sequences" if memory["batch"] > 1 else "a sequence"
    return f"{times}{bytes_text(memory[what])} for {sequences} of {shape_text(shape)}"


def _report_set(name: str, data: Dataset, summary: DataSummary, report: CheckReport) -> None:
    report.lines += [
        "",
        f"{name} set: {', '.join(data.paths)}",
        f"  {summary.num_sequences:,} sequences, {summary.num_points:,} points; shapes "
        f"{shape_text(summary.shape_min)} to {shape_text(summary.shape_max)}",
    ]
    if summary.label_counts:
        counts = fold([f"{label} {count:,}" for label, count in summary.label_counts.items()], ", ")
        report.lines += textwrap.wrap(
            f"labels: {counts}", 110, initial_indent="  ", subsequent_indent="    ", break_long_words=False
        )
    if summary.num_without_target:
        report.lines.append(f"  without a target: {summary.num_without_target:,}")
    _report_inputs(name, data, summary, report)
    if summary.unused_labels:
        report.warnings.append(f"{name} set: labels that never occur: {_some(summary.unused_labels)}")
    if summary.unknown_labels:
        unknown = [f"{label} ({count} times)" for label, count in summary.unknown_labels.items()]
        report.warnings.append(f"{name} set: labels that no label list has, left out: {_some(unknown)}")
    report.warnings += [f"{name} set: {text}" for text in summary.advice]


def _report_inputs(name: str, data: Dataset, summary: DataSummary, report: CheckReport) -> None:
    inputs = summary.inputs
    if summary.non_finite_sequences:
        tags = [data.name(i) for i in summary.non_finite_sequences]
        report.errors.append(f"{name} set: NaN or infinite inputs in {_some(tags)}")
    if inputs.constant_columns:
        report.warnings.append(
            f"{name} set: inputs with zero variance (the same everywhere): {_columns(inputs.constant_columns)}"
        )
    if inputs.unscaled_columns:
        worst = inputs.unscaled_columns[0]
        report.warnings.append(
            f"{name} set: inputs far from mean 0, standard deviation 1: {_columns(inputs.unscaled_columns)} "
            f"(column {worst}: mean {inputs.mean[worst]:.3g}, standard deviation {inputs.std[worst]:.3g})"
        )


def _columns(columns: list[int]) -> str:
    return f"column{'s' if len(columns) > 1 else ''} {_some([str(column) for column in columns])}"


def _some(items: list[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _report_fit(name: str, network: Network, data: Dataset, summary: DataSummary, report: CheckReport) -> None:
    """Targets that training could not use: none at all, or transcriptions that need more steps than the output has."""
    use = TargetUse(network)
    assert summary.has_target is not None
    steps = np.zeros(len(data), dtype=np.int64) if summary.ctc_steps is None else summary.ctc_steps
    for i, (shape, has_target) in enumerate(zip(data.shapes.tolist(), summary.has_target.tolist(), strict=True)):
        use.add(data.name(i), tuple(shape), has_target, int(steps[i]))
    problem = use.problem(name)
    if problem:
        report.errors.append(problem)
    elif use.skipped:
        report.warnings.append(
            f"{name} set: {len(use.skipped)} of {use.total} targets need more steps than the network's output has; "
            f"training and ctcError would leave them out: {list_skipped(use.skipped, _SHOWN)}; {use.suggestion()}"
        )
    elif summary.ctc_steps is not None:
        report.lines.append("  all targets fit the network's output")
