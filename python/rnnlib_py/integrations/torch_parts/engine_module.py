# SPDX-License-Identifier: Apache-2.0
"""What MDLSTM and NetworkModule have in common: parameters by connection, and running them in the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import nn

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.config.threads import num_threads
from rnnlib_py.integrations.torch_parts.batches import BatchForm, Sizes, take_batch
from rnnlib_py.integrations.torch_parts.function import EngineFunction, EngineRun
from rnnlib_py.integrations.torch_parts.tensors import PRECISIONS, as_array, check_tensor, precision_of, refuse_device
from rnnlib_py.model.network import Network
from rnnlib_py.system.caller import warn_caller

_LARGEST_SEED = 2**63 - 1


class EngineModule(nn.Module):
    """A network of the engine as a module. `weights` has a parameter per connection, shaped as in Network.weights.

    The engine reads the parameters where they lie. It runs on the CPU; other modules of a model may be elsewhere.
    """

    def __init__(
        self, config: Config, header: DataHeader, rows: str, threads: int | None, channels_first: bool
    ) -> None:
        super().__init__()
        self.channels_first = channels_first
        self.threads = threads
        self.rows = rows
        self._config = config.copy()
        self._config.save = None
        self._header = header
        self._networks: dict[str, _core.Network] = {}  # by precision; their own weights are 0
        self.weights = nn.ParameterDict()
        num_threads(self._config, threads)  # refuses what is no number of threads
        if torch.cuda.is_available():
            warn_caller(
                f"{type(self).__name__} runs on the CPU only, not on a GPU: give it tensors that are on the CPU",
                UserWarning,
            )

    def run(self, inputs: Any, sizes: Sizes | None, prepare: Callable[[torch.Tensor], torch.Tensor]) -> Any:
        """Outputs in the form of the inputs; `prepare` is applied to the rows of all points before the engine."""
        dtype = self._dtype()
        form = BatchForm(self._header.num_dims, self._header.input_size, self.channels_first, dtype)
        batch = take_batch(inputs, sizes, form)
        rows = prepare(batch.rows)
        network = self._core_network(dtype)
        row_shapes = self._row_shapes(network, batch.shapes)
        names = [connection.name for connection in self._used(network)]
        weights = [self.weights[name] for name in names]
        for name, weight in zip(names, weights, strict=True):
            check_tensor(weight, f"weights of {name}", dtype)
        used = set(names)
        run = EngineRun(
            network,
            self.rows,
            batch.shapes,
            sum(torch.Size(shape).numel() for shape in row_shapes),
            [connection.name in used for connection in network.connections()],
            torch.is_grad_enabled() and any(tensor.requires_grad for tensor in (rows, *weights)),
            rows.requires_grad,
            num_threads(self._config, self.threads),
            *self._dropped(len(batch.shapes)),
        )
        made = EngineFunction.apply(run, rows, *weights)
        return batch.restore(self._arranged(made), row_shapes)

    def output_sizes(self, sizes: Iterable[Any]) -> torch.Tensor:
        """The sizes of the outputs of sequences, as losses such as CTC ask for them.

        Parameters
        ----------
        sizes
            (batch, dimensions), or (batch,) for one dimension, as forward() takes them.

        Returns
        -------
        Tensor
            (batch, dimensions of the output), whole numbers.
        """
        given = torch.as_tensor(sizes)
        rows = given.unsqueeze(1) if given.dim() == 1 else given
        network = self._core_network(self._dtype())
        return torch.tensor(self._row_shapes(network, [tuple(row) for row in rows.tolist()]), dtype=torch.int64)

    @property
    def network(self) -> Network:
        """A rnnlib_py.Network of its own with the weights that the parameters have now, which can be saved."""
        core = _core.Network(self._config.core, self._header, PRECISIONS[self._dtype()])
        network = Network(core, self._config.copy())
        network.set_weights({name: as_array(weight) for name, weight in self.weights.items()})
        return network

    def _dtype(self) -> torch.dtype:
        dtype = next(iter(self.weights.values())).dtype
        precision_of(dtype, "the module's weights")
        return dtype

    def _core_network(self, dtype: torch.dtype) -> _core.Network:
        precision = PRECISIONS[dtype]
        if precision not in self._networks:
            self._networks[precision] = _core.Network(self._config.core, self._header, precision)
        return self._networks[precision]

    def _used(self, network: _core.Network) -> list[_core.Connection]:
        """The connections that the rows handed out depend on."""
        output = {layer.name for layer in network.layers() if layer.kind in ("collapse", "output")}
        above = output if self.rows == "hidden" else set()
        return [connection for connection in network.connections() if connection.target not in above]

    def _dropped(self, sequences: int) -> tuple[float, list[int]]:
        """While training: the share of numbers between levels that are dropped, and seeds of PyTorch's generator."""
        dropout = self._config["dropout"] if self.training else 0.0
        return dropout, torch.randint(_LARGEST_SEED, (sequences,)).tolist() if dropout else []

    def _row_shapes(self, network: _core.Network, shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """The shapes of the rows of sequences. DataError, which has the sequence's number, for what does not fit."""
        sizes = _core.Backpropagation(network, self.rows)
        made: dict[tuple[int, ...], tuple[int, ...]] = {}
        for number, shape in enumerate(shapes):
            if shape not in made:
                try:
                    made[shape] = tuple(sizes.row_shape(shape))
                except DataError as error:
                    raise DataError(f"sequence number {number}: {error}") from None
        return [made[shape] for shape in shapes]

    def _arranged(self, rows: torch.Tensor) -> torch.Tensor:
        """The engine's rows as the module hands them out."""
        return rows

    def _set_parameters(
        self,
        values: dict[str, Any],
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        refuse_device(device)
        dtype = torch.get_default_dtype() if dtype is None else dtype
        if dtype not in PRECISIONS:
            raise ConfigError(f"dtype {dtype}: expected torch.float32 or torch.float64")
        for name, weight in values.items():
            made = np.array(weight, dtype=PRECISIONS[dtype], order="C")
            self.weights[name] = nn.Parameter(torch.from_numpy(made))

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> EngineModule:
        refuse_device(fn(torch.empty(0)).device)  # .to("cuda"), .cuda()
        return super()._apply(fn, recurse)

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: the engine's part is made again where it is needed."""
        return {**self.__dict__, "_networks": {}}
