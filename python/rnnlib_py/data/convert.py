# SPDX-License-Identifier: Apache-2.0
"""Sequences from the user's arrays: brought to the types and shapes of `Sequence`, and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, DataHeader
from rnnlib_py.data.checks import check_finite, check_importance, check_present
from rnnlib_py.data.labels import check_names, default_names, fill_names
from rnnlib_py.data.masked import as_masked, fill_masked, mask_of, patterns_without_masked, weights_without_masked
from rnnlib_py.data.options import DataOptions, Units
from rnnlib_py.data.sequence import Sequence, Target
from rnnlib_py.data.tasks import Task
from rnnlib_py.data.text import SPACE, characters, decode, split_words
from rnnlib_py.data.values import as_labels, as_numbers, label_names

_AS_THEY_ARE = DataOptions()
_FIELDS = ("inputs", "target", "tag", "importance", "words")


def convert_sequences(
    items: Iterable[Any], task: Task, labels: Iterable[Any] | None = None, options: DataOptions = _AS_THEY_ARE
) -> tuple[list[Sequence], DataHeader]:
    """Checked sequences and their common header. DataError names the sequence and what is wrong with it.

    `labels`: None takes them from the targets: their sorted names, or, for indices, names made of the index.
    """
    raw = [raw_sequence(item, i) for i, item in enumerate(items)]
    if not raw:
        raise DataError("no sequences were given")
    missing = [i for i, fields in enumerate(raw) if fields.target is None]
    if missing and len(missing) < len(raw):
        raise DataError(f"{_name(raw[missing[0]], missing[0])} has no target, others have one")
    if task.has_labels and not missing:
        raw = [
            replace(fields, target=_label_array(fields.target, task, _name(fields, i), options.units))
            for i, fields in enumerate(raw)
        ]
    names = _label_names(raw, task, labels, options.units)
    index_of = {name: i for i, name in enumerate(names)}
    sequences: list[Sequence] = []
    for i, fields in enumerate(raw):
        sequence = _convert(fields, task, index_of, _name(fields, i), options.dims)
        check_finite(sequence.inputs, "inputs", _name(fields, i))
        if sequences:
            _check_same_sizes(sequences[0], sequence, task, _name(fields, i))
        sequences.append(sequence)
    first = sequences[0]
    patterns = first.target_patterns
    target_size = 0 if patterns is None else patterns.shape[1]
    return sequences, DataHeader(len(first.shape), first.inputs.shape[-1], target_size, names)


def convert_sequence(
    sequence: Sequence, task: Task, header: DataHeader, index_of: Mapping[str, int], number: int = 0
) -> Sequence:
    """A lone sequence as a network takes it, names through its labels (`index_of`: name -> index). Errors as above, but
    NaN and infinite inputs are left to the engine. `number`: in messages."""
    name = _name(sequence, number)
    inputs = _inputs(sequence.inputs, name)
    if header.input_size == 1 and inputs.ndim == header.num_dims > 0:
        raise DataError(
            f"inputs of {name} have shape {inputs.shape}: {inputs.ndim - 1} dimensions, the network has {inputs.ndim}; "
            f"one input per point is the shape {(*inputs.shape, 1)}"
        )
    return _convert(replace(sequence, inputs=inputs), task, index_of, name)


def raw_sequences(items: Iterable[Any]) -> Iterator[Sequence]:
    """The items' fields as they were given, one after the other. DataError for what is no sequence."""
    return (raw_sequence(item, i) for i, item in enumerate(items))


def numbers_of_inputs(fields: Sequence, i: int) -> NDArray[np.float32]:
    """The inputs of a sequence as they were given, converted; `i`: its number, for messages."""
    return _inputs(fields.inputs, _name(fields, i))


def _name(fields: Sequence, i: int) -> str:
    return f"sequence {i} ('{fields.tag}')" if fields.tag else f"sequence {i}"


def raw_sequence(item: Any, i: int) -> Sequence:
    """The item's fields as they were given, not yet converted. DataError for what is no sequence."""
    if isinstance(item, Sequence):
        return item
    if isinstance(item, Mapping):
        unknown = [str(key) for key in item if key not in _FIELDS]
        if unknown or "inputs" not in item:
            wrong = f"has the unknown field '{unknown[0]}'" if unknown else "has no 'inputs'"
            raise DataError(f"sequence {i} {wrong}; its fields are {', '.join(_FIELDS)}")
        return Sequence(**{"target": None, **item})
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return Sequence(item[0], item[1])
    raise DataError(f"sequence {i} is {type(item).__name__}; expected a Sequence, a pair (inputs, target) or a dict")


def _inputs(values: Any, name: str, dims: int | None = None) -> NDArray[np.float32]:
    """Inputs as float32; DataError for masked ones, which names the point."""
    mask = mask_of(values)
    if mask is not None:
        check_present(mask[..., np.newaxis] if mask.ndim == dims else mask, "inputs", name, "the array is masked there")
    return as_numbers(values, f"inputs of {name}")


def _convert(fields: Sequence, task: Task, index_of: Mapping[str, int], name: str, dims: int | None = None) -> Sequence:
    inputs = _inputs(fields.inputs, name, dims)
    if dims is not None:
        inputs = _with_input_axis(inputs, dims, name)
    if inputs.ndim < 1 or inputs.size == 0:
        raise DataError(f"inputs of {name} have shape {list(inputs.shape)}; expected [*shape, input size], no size 0")
    if not isinstance(fields.tag, str) or "\0" in fields.tag or not isinstance(fields.words, str):
        raise DataError(f"{name}: tag and words should be strings without NUL")
    sequence = Sequence(inputs, None, fields.tag, words=fields.words)
    if fields.target is None:
        return sequence
    target, importance = fields.target, weights_without_masked(fields.importance)
    if dims is not None and task.per_point and not task.has_labels:
        target = _with_target_axis(target, dims, name)
    if not task.has_labels:
        target, importance = patterns_without_masked(target, importance, task.per_point, f"target of {name}")
    sequence.target = _convert_target(target, inputs.ndim - 1, task, index_of, name)
    points: tuple[int, ...] = ()
    if task.per_point and isinstance(sequence.target, np.ndarray):
        points = sequence.target.shape if task.has_labels else sequence.target.shape[:-1]
        sequence.target_shape = points if points != sequence.shape else None
    if importance is not None:
        sequence.importance = as_numbers(importance, f"importance of {name}")
        found = sequence.importance.shape
        if found != points:
            raise DataError(f"importance of {name} has shape {list(found)}, expected the target's {list(points)}")
        check_importance(sequence.importance, name)
    return sequence


def _with_input_axis(inputs: NDArray[np.float32], dims: int, name: str) -> NDArray[np.float32]:
    """[*shape, input size] from the same or from [*shape]: one input per point."""
    if inputs.ndim == dims:
        return inputs[..., np.newaxis]
    if inputs.ndim != dims + 1:
        raise DataError(
            f"inputs of {name} have shape {list(inputs.shape)}; with dims={dims} expected {dims} axes, or {dims + 1} "
            "when a point has several inputs"
        )
    return inputs


def _with_target_axis(target: Any, dims: int, name: str) -> NDArray[Any]:
    """[*target shape, target size] from the same or from [*target shape]: one target per point."""
    masked = as_masked(target)
    patterns = as_numbers(target, f"target of {name}") if masked is None else masked
    return patterns[..., np.newaxis] if patterns.ndim == dims else patterns


def _convert_target(target: Any, num_dims: int, task: Task, index_of: Mapping[str, int], name: str) -> Target:
    if task.has_labels:
        labels = _label_array(target, task, name)
        indices = _indices(np.ma.getdata(labels), index_of, task, name)
        if isinstance(labels, np.ma.MaskedArray):
            indices = np.where(labels.mask, np.int32(-1), indices)
        if not task.per_point and not task.transcribes and indices.shape == (1,):
            indices = indices.reshape(())
        if task.per_point:
            _check_target(indices, num_dims, name, "one label per point")
        elif indices.ndim != (1 if task.transcribes else 0):
            expected = "a list of labels" if task.transcribes else "a single label"
            raise DataError(f"target of {name} has shape {list(indices.shape)}, expected {expected}")
        return indices if indices.ndim or task.per_point else int(indices)
    patterns = as_numbers(target, f"target of {name}")
    if patterns.ndim == 0 and not task.per_point:
        patterns = patterns.reshape(1)
    meaning = "[*shape, target size]" if task.per_point else "[target size]"
    _check_target(patterns, num_dims + 1 if task.per_point else 1, name, meaning)
    check_finite(patterns, "target", name)
    return patterns


def _check_target(target: NDArray[Any], num_axes: int, name: str, meaning: str) -> None:
    if target.ndim != num_axes or target.size == 0:
        raise DataError(
            f"target of {name} has shape {list(target.shape)}, expected {num_axes} axes ({meaning}), no size 0"
        )


def _label_array(target: Any, task: Task, name: str, units: Units | None = None) -> NDArray[Any]:
    """Labels as an array of names or of integers, masked where there is none; a string is one label, or several for
    transcription: its words, or its characters."""
    mask = None if task.transcribes else mask_of(target)
    if mask is not None:
        return np.ma.MaskedArray(as_labels(fill_masked(target, mask), f"target of {name}"), mask)
    if isinstance(target, np.ndarray) and target.ndim == 0 and not isinstance(target, np.ma.MaskedArray):
        target = target.item()
    if task.transcribes and isinstance(target, (str, bytes)):
        target = decode(target) if isinstance(target, bytes) else target
        if units == "characters" and SPACE in target:
            raise DataError(f"target of {name} holds '{SPACE}', which stands for the space between words")
        target = characters(target) if units == "characters" else split_words(target)
    return as_labels(target, f"target of {name}")


def _indices(array: NDArray[Any], index_of: Mapping[str, int], task: Task, name: str) -> NDArray[np.int32]:
    if array.dtype.kind == "U":
        names, inverse = np.unique(array, return_inverse=True)
        unknown = [str(label) for label in names if str(label) not in index_of]
        if unknown:
            advice = _advice(unknown, index_of) if task.transcribes else ""
            raise DataError(f"target of {name}: '{unknown[0]}' is not one of the {len(index_of)} labels{advice}")
        index = np.array([index_of[str(label)] for label in names], dtype=np.int32)
        return index[inverse].reshape(array.shape)
    least = 0 if task.transcribes else -1
    if array.size and (array.min() < least or array.max() >= len(index_of)):
        wrong = array.min() if array.min() < least else array.max()
        raise DataError(
            f"target of {name}: label index {wrong} is out of range; expected {least} to {len(index_of) - 1}"
        )
    return np.asarray(array, dtype=np.int32, order="C")


def _advice(unknown: list[str], index_of: Mapping[str, int]) -> str:
    """Where labels are single characters, and a text was taken for words."""
    if any(len(word) > 1 and all(char in index_of for char in word) for word in unknown):
        return "; its characters are: write units='characters', or characters(text) as the target"
    return ""


def _label_names(raw: list[Sequence], task: Task, labels: Iterable[Any] | None, units: Units | None) -> list[str]:
    if not task.has_labels:
        return []
    if labels is not None:
        names = fill_names(label_names(labels))
        if units == "characters":
            names = [SPACE if name == " " else name for name in names]
    elif raw[0].target is None:
        return []
    else:
        names = _derive_names(raw)
    check_names(names, task, "labels")
    return names


def _derive_names(raw: list[Sequence]) -> list[str]:
    """From targets that `_label_array` has converted."""
    names: set[str] = set()
    most = -1
    for fields in raw:
        array: NDArray[Any] = np.ma.compressed(fields.target)  # type: ignore[arg-type]
        if array.dtype.kind == "U":
            names.update(array.tolist())
        elif array.size:
            most = max(most, int(array.max()))
    if names and most >= 0:
        raise DataError("targets hold label names and label indices; give the labels, so that both have a meaning")
    return sorted(names) if names else default_names(most + 1)


def _check_same_sizes(first: Sequence, other: Sequence, task: Task, name: str) -> None:
    if len(first.shape) != len(other.shape) or first.inputs.shape[-1] != other.inputs.shape[-1]:
        raise DataError(
            f"inputs of {name} have shape {list(other.inputs.shape)}; sequence 0 has {list(first.inputs.shape)}: "
            f"the number of dimensions and the last size must agree{_advice_on_axes(first, other)}"
        )
    if not task.has_labels and first.target_patterns is not None and other.target_patterns is not None:
        a, b = first.target_patterns.shape[1], other.target_patterns.shape[1]
        if a != b:
            raise DataError(f"target of {name} has target size {b}; sequence 0 has {a}")


def _advice_on_axes(first: Sequence, other: Sequence) -> str:
    """Where the last axis, that of a point's inputs, may be missing in both."""
    axes = other.inputs.ndim
    if first.inputs.ndim != axes:
        return ""
    shape = other.inputs.shape
    return f"; with dims={axes} inputs of the shape {shape} are taken as {(*shape, 1)}, one input per point"
