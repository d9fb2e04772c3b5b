# SPDX-License-Identifier: Apache-2.0
"""`rnnlib-py info`: what is in a data file or a save."""

from __future__ import annotations

import os
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError, Save
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset, describe
from rnnlib_py.data.column_statistics import ColumnStatistics
from rnnlib_py.data.labels import fold, fold_list
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.tasks import task_with
from rnnlib_py.inspect.file_contents import dimension_table, missing_table, variable_table
from rnnlib_py.model.metrics import format_error
from rnnlib_py.model.network import Network
from rnnlib_py.model.tables import layer_table, shape_text, table
from rnnlib_py.runlog.best import BestTracker
from rnnlib_py.system.files import is_netcdf


def info(path: str | os.PathLike[str]) -> list[str]:
    """Lines about a netCDF file or a save; for a file that is no complete data set they name what is there and what is
    missing. Raises IoError, FormatError, ConfigError, OutOfMemoryError."""
    return _data_info(Path(path)) if is_netcdf(Path(path)) else _save_info(Path(path))


def guess_task(file: NetcdfFile) -> str:
    """The task whose targets a file holds; a label per sequence is taken for sequence_classification."""
    if file.has("targetStrings"):
        return task_with("labels", per_point=False)
    if file.has("targetClasses"):
        shape = file.shape("targetClasses", "integer")
        framewise = task_with("classes", per_point=True)
        per_sequence = shape == (file.dimension("numSeqs", framewise),)
        per_point = shape == (file.dimension("numTimesteps", framewise),)
        return task_with("classes", per_point=per_point or not per_sequence)
    if file.has("targetPatterns"):
        shape = file.shape("targetPatterns", "number")
        per_sequence = shape[:1] == (file.dimension("numSeqs", task_with("patterns", per_point=True)),)
        return task_with("patterns", per_point=not per_sequence)
    return ""


def _data_info(path: Path) -> list[str]:
    try:
        return _data_set_info(path)
    except DataError as error:
        tables = (dimension_table(path), variable_table(path), missing_table(path))
        lines = [line for lines in tables for line in ["", *lines]]
        return [f"{path}: a netCDF file, but no complete data set", *lines, "", str(error)]


def _data_set_info(path: Path) -> list[str]:
    file = NetcdfFile(path)
    task = guess_task(file)
    file.close()
    data = Dataset.read(path, task or "regression", targets=bool(task))
    summary = describe(data)
    header = data.header
    lines = [
        f"{path}: targets {f'as of task {task}' if task else 'none'}",
        f"{summary.num_sequences:,} sequences of {header.num_dims} dimensions, {summary.num_points:,} points of "
        f"{header.input_size} inputs",
        f"shapes {shape_text(summary.shape_min)} to {shape_text(summary.shape_max)}, in the network's order",
        *(f"recipe: {recipe}" for _, recipe in data.named_recipes if recipe),
        "",
        *variable_table(path),
        "",
        *_input_table(summary.inputs),
    ]
    if header.target_size:
        lines += ["", f"{header.target_size} target values"]
    if summary.label_counts:
        rows = [[label, f"{count:,}"] for label, count in summary.label_counts.items()]
        heading, *labels = table(["label", "count"], rows)
        lines += ["", heading, *fold_list(labels)]
    if summary.unknown_labels:
        lines += [f"not in the label list: {fold(list(summary.unknown_labels), ', ')}"]
    if summary.advice:
        lines += ["", *(f"warning: {text}" for text in summary.advice)]
    return lines


def _input_table(inputs: ColumnStatistics) -> list[str]:
    columns = zip(inputs.mean, inputs.std, inputs.min, inputs.max, inputs.non_finite, strict=True)
    rows = [
        [str(i), f"{mean:.4g}", f"{std:.4g}", f"{low:.4g}", f"{high:.4g}", f"{bad:,}"]
        for i, (mean, std, low, high, bad) in enumerate(columns)
    ]
    return table(["input", "mean", "std", "min", "max", "not finite"], rows)


def saved_network(path: str | os.PathLike[str]) -> Network:
    """The network of a save. Raises IoError, FormatError, ConfigError: also for a data file, which has no network."""
    if is_netcdf(Path(path)):
        raise ConfigError(f"{path}: a data file has no network; expected a save")
    return Network.from_config(Config.read(path))


def _save_info(path: Path) -> list[str]:
    config = Config.read(path)
    network = Network.from_config(config)
    save = config.save
    assert save is not None  # else from_config raised
    tracker = BestTracker()
    tracker.restore(save, str(path))
    header = network.header
    return [
        f"{path}: network for task {network.task}, {header.num_dims} dimensions, {header.input_size} inputs, "
        f"{network.output_size} outputs",
        f"trained for {save.get_value('trainer_epoch') or _printable(save.metadata.get('epochs', '0'))} epochs",
        *_safetensors_lines(save),
        *(
            f"best {name}: {format_error(name, best.error)} after epoch {best.epoch}"
            for name, best in tracker.best.items()
        ),
        *([f"{len(header.labels)} labels: {fold(header.labels, ' ')}"] if header.labels else []),
        *([f"normalised: {', '.join(network.normalisation)}; kept for data without"] if network.normalisation else []),
        *([f"recipe: {network.recipe}"] if network.recipe else []),
        "",
        *layer_table(network),
        "",
        "config:",
        *(f"  {line}" for line in _config_lines(config, len(header.labels))),
    ]


def _safetensors_lines(save: Save) -> list[str]:
    """The type of a safetensors file's weights, and the text that stands in it beside the network."""
    if not save.tensor_types:
        return []
    texts = [f"{name}: {text}" for name, text in sorted(save.metadata.items())]
    return [f"a safetensors file, weights as {', '.join(sorted(save.tensor_types))}", *map(_printable, texts)]


def _printable(text: str) -> str:
    """In one line, without what could command a terminal: the file may come from anybody."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _config_lines(config: Config, num_labels: int) -> list[str]:
    """The config's text; a long list of labels, which stands above, is left out."""
    lines = config.text().rstrip("\n").split("\n")
    is_long = len(fold_list([""] * num_labels)) < num_labels
    text = f"targetLabels … ({num_labels:,} labels)"
    return [text if is_long and line.startswith("targetLabels ") else line for line in lines]
