# SPDX-License-Identifier: Apache-2.0
"""Batches of sequences in the forms that PyTorch's users have them: one tensor, a padded one with sizes, a list of
tensors of different shapes, a PackedSequence. Inside they are rows of points, one sequence after another."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from rnnlib_py._core import DataError
from rnnlib_py.integrations.torch_parts.tensors import check_tensor

Shape = tuple[int, ...]
Sizes = Any  # a tensor (batch, dimensions) or (batch,), or the same as lists


@dataclass(frozen=True)
class BatchForm:
    """What a module expects of a batch: dimensions of a sequence, numbers per point and their type, and whether the
    numbers of a point come before the dimensions."""

    num_dims: int
    input_size: int
    channels_first: bool
    dtype: torch.dtype

    def describe(self, *before: str) -> str:
        """The shape of a tensor in words."""
        dims = [f"size {d}" for d in range(self.num_dims)]
        channels = [str(self.input_size)]
        return f"({', '.join([*before, *(channels + dims if self.channels_first else dims + channels)])})"

    def channels_last(self, tensor: torch.Tensor, batched: int) -> torch.Tensor:
        """With the numbers of a point as the last dimension."""
        return tensor.movedim(batched, -1) if self.channels_first else tensor

    def restored(self, tensor: torch.Tensor, batched: int) -> torch.Tensor:
        """The other way."""
        return tensor.movedim(-1, batched) if self.channels_first else tensor


@dataclass(frozen=True)
class Batch:
    """The rows (points of all sequences, input size), the shapes of the sequences, and what brings rows of outputs and
    their shapes into the form of the inputs."""

    rows: torch.Tensor
    shapes: list[Shape]
    restore: Callable[[torch.Tensor, list[Shape]], Any]


def take_batch(inputs: Any, sizes: Sizes | None, form: BatchForm) -> Batch:
    """A batch in any of the forms.

    Raises
    ------
    DataError
        Other types, shapes or sizes.
    """
    if isinstance(inputs, PackedSequence):
        _refuse_sizes(sizes)
        return _take_packed(inputs, form)
    if isinstance(inputs, (list, tuple)):
        _refuse_sizes(sizes)
        return _take_list(inputs, form)
    check_tensor(inputs, "inputs", form.dtype)
    batched = inputs.dim() == form.num_dims + 2
    values = form.channels_last(inputs, int(batched)) if inputs.dim() > 1 else inputs
    if not (batched or inputs.dim() == form.num_dims + 1) or values.shape[-1] != form.input_size:
        raise DataError(
            f"inputs: expected the shape {form.describe('batch')}, or {form.describe()} for one sequence, found "
            f"{tuple(inputs.shape)}"
        )
    if sizes is not None:
        if not batched:
            raise DataError("sizes are given for a batch, but the inputs are one sequence")
        return _take_padded(values, _checked_sizes(sizes, values.shape[:-1]), form)
    return _take_tensor(values if batched else values.unsqueeze(0), batched, form)


def _refuse_sizes(sizes: Sizes | None) -> None:
    if sizes is not None:
        raise DataError("sizes are for a padded tensor: tensors of a list and packed sequences have their own")


def _take_tensor(values: torch.Tensor, batched: bool, form: BatchForm) -> Batch:
    shape = tuple(values.shape[1:-1])
    if not len(values):
        raise DataError("inputs: the batch has no sequence")

    def restore(rows: torch.Tensor, shapes: list[Shape]) -> torch.Tensor:
        made = rows.unflatten(0, (len(shapes), *shapes[0]))
        return form.restored(made if batched else made.squeeze(0), int(batched))

    return Batch(values.reshape(-1, form.input_size), [shape] * values.shape[0], restore)


def _take_list(tensors: _Seq[Any], form: BatchForm) -> Batch:
    rows = []
    shapes = []
    for number, tensor in enumerate(tensors):
        check_tensor(tensor, f"inputs of sequence {number}", form.dtype)
        values = form.channels_last(tensor, 0) if tensor.dim() else tensor
        if tensor.dim() != form.num_dims + 1 or values.shape[-1] != form.input_size:
            raise DataError(
                f"inputs of sequence {number}: expected the shape {form.describe()}, found {tuple(tensor.shape)}"
            )
        rows.append(values.reshape(-1, form.input_size))
        shapes.append(tuple(values.shape[:-1]))
    if not rows:
        raise DataError("inputs: the list has no sequence")

    def restore(made: torch.Tensor, made_shapes: list[Shape]) -> list[torch.Tensor]:
        pieces = made.split([torch.Size(shape).numel() for shape in made_shapes])
        return [
            form.restored(piece.reshape(*shape, made.shape[-1]), 0)
            for piece, shape in zip(pieces, made_shapes, strict=True)
        ]

    return Batch(torch.cat(rows), shapes, restore)


def _take_padded(values: torch.Tensor, shapes: list[Shape], form: BatchForm) -> Batch:
    def corner(number: int, shape: Shape) -> tuple[Any, ...]:
        return (number, *(slice(size) for size in shape))

    def restore(rows: torch.Tensor, made_shapes: list[Shape]) -> torch.Tensor:
        largest = [max(sizes) for sizes in zip(*made_shapes, strict=True)]
        padded = rows.new_zeros(len(made_shapes), *largest, rows.shape[-1])
        pieces = rows.split([torch.Size(shape).numel() for shape in made_shapes])
        for number, (piece, shape) in enumerate(zip(pieces, made_shapes, strict=True)):
            padded[corner(number, shape)] = piece.reshape(*shape, rows.shape[-1])
        return form.restored(padded, 1)

    rows = [values[corner(i, shape)].reshape(-1, form.input_size) for i, shape in enumerate(shapes)]
    return Batch(torch.cat(rows), shapes, restore)


def _checked_sizes(sizes: Sizes, padded: _Seq[int]) -> list[Shape]:
    """The shape of each sequence in a padded tensor (batch, *dimensions)."""
    rows = torch.as_tensor(sizes)
    if rows.dim() == 1:
        rows = rows.unsqueeze(1)
    if rows.is_floating_point() or rows.is_complex() or tuple(rows.shape) != (padded[0], len(padded) - 1):
        raise DataError(
            f"sizes: expected whole numbers of the shape ({padded[0]}, {len(padded) - 1}), found {rows.dtype} of the "
            f"shape {tuple(rows.shape)}"
        )
    shapes = [tuple(row) for row in rows.tolist()]
    for number, shape in enumerate(shapes):
        if any(not 1 <= size <= most for size, most in zip(shape, padded[1:], strict=True)):
            raise DataError(f"sizes of sequence {number}: {shape}, expected 1 to {tuple(padded[1:])}")
    if not shapes:
        raise DataError("inputs: the batch has no sequence")
    return shapes


def _take_packed(packed: PackedSequence, form: BatchForm) -> Batch:
    if form.num_dims != 1:
        raise DataError(f"a PackedSequence holds sequences of 1 dimension, the network's have {form.num_dims}")
    check_tensor(packed.data, "inputs", form.dtype)
    if packed.data.dim() != 2 or packed.data.shape[1] != form.input_size:
        raise DataError(f"inputs: expected {form.input_size} numbers per point, found {tuple(packed.data.shape[1:])}")
    padded, lengths = pad_packed_sequence(PackedSequence(packed.data, packed.batch_sizes), batch_first=True)
    last = BatchForm(form.num_dims, form.input_size, False, form.dtype)
    batch = _take_padded(padded, [(length,) for length in lengths.tolist()], last)

    def restore(rows: torch.Tensor, shapes: list[Shape]) -> PackedSequence:
        if shapes and not shapes[0]:
            raise DataError("the network gives one row per sequence, which no PackedSequence can hold: give a list")
        made_lengths = torch.tensor([shape[0] for shape in shapes])
        made = pack_padded_sequence(batch.restore(rows, shapes), made_lengths, batch_first=True)
        return PackedSequence(made.data, made.batch_sizes, packed.sorted_indices, packed.unsorted_indices)

    return Batch(batch.rows, batch.shapes, restore)
