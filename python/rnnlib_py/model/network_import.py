# SPDX-License-Identifier: Apache-2.0
"""A network from the weights that another program trained."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network_data import NetworkData
from rnnlib_py.model.network_structure import Array
from rnnlib_py.model.torch_lstm import TorchLstm, lstm_weights, numbers, output_weights, read_lstm

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network


class NetworkImport(NetworkData):
    """A network that can be made of what PyTorch trained. Only Network inherits it."""

    @classmethod
    def load_torch_lstm(
        cls,
        lstm: Any,
        output: Any = None,
        *,
        task: str = "regression",
        labels: _Seq[str] = (),
        blank: int = 0,
        precision: str | None = None,
    ) -> Network:
        """A one-dimensional network with the weights of a torch.nn.LSTM, peepholes 0, and of the linear layer over it.

        Parameters
        ----------
        lstm
            A torch.nn.LSTM, or its state_dict() with tensors or arrays: any number of layers, one direction or two,
            without projections. Its dropout is not kept.
        output
            A torch.nn.Linear that reads the LSTM's outputs, or its state_dict(). None: the network's outputs are those
            of the LSTM, for the task regression.
        task
            What the outputs are, as the config's key `task`: they go through its softmax or logistic function. Tasks
            with one output per sequence sum over all points.
        labels
            Their names, for classification and transcription, in the order of the linear layer's units.
        blank
            Transcription: the unit of the linear layer that is the blank; here it becomes the last one.
        precision
            "float32" or "float64"; None: that of the LSTM's weights.

        Raises
        ------
        ConfigError
            Weights that are not those of an LSTM and of a linear layer over it, or a task with another number of units.
        """
        read = read_lstm(lstm)
        weight, bias = _linear(read, output, task)
        config = Config(task=task, hiddenSize=read.hidden_sizes, hiddenType="lstm", bidirectional=read.bidirectional)
        header = DataHeader(1, read.input_size, len(weight), list(labels))
        network = cls(_core.Network(config.core, header, precision or read.precision), config)
        weight, bias = _for_task(network, weight, bias, blank)
        graph = network.graph
        network.set_weights({**lstm_weights(read, graph), **output_weights(read, graph, weight, bias)})
        return cast("Network", network)


def _linear(read: TorchLstm, output: Any, task: str) -> tuple[Array, Array]:
    """Weights [units, outputs of the LSTM] and biases [units] of the layer over it."""
    columns = read.directions * read.hidden_size
    if output is None:
        if task != "regression":
            raise ConfigError(f"task {task} needs the linear layer over the LSTM: give it as `output`")
        return np.eye(columns), np.zeros(columns)
    given = output if isinstance(output, Mapping) else output.state_dict() if hasattr(output, "state_dict") else {}
    if "weight" not in given or not set(given) <= {"weight", "bias"}:
        raise ConfigError(f"output: expected a torch.nn.Linear or its state_dict(), found {type(output).__name__}")
    weight = numbers(given["weight"]).astype(np.float64)
    if weight.ndim != 2 or weight.shape[1] != columns:
        raise ConfigError(
            f"output: expected a linear layer over the LSTM's {columns} outputs, found weights of the shape "
            f"{weight.shape}"
        )
    bias = numbers(given["bias"]).astype(np.float64) if "bias" in given else np.zeros(len(weight))
    return weight, bias


def _for_task(network: NetworkData, weight: Array, bias: Array, blank: int) -> tuple[Array, Array]:
    """In the order of the network's output units. Two classes have one unit, whose net input is the second's less the
    first's."""
    task = find_task(network.task)
    labels = network.header.labels
    units = len(labels) + task.has_blank if labels else network.output_size
    if len(weight) == 1 and network.output_size == 1:
        units = 1
    if len(weight) != units:
        raise ConfigError(
            f"output: task {network.task} with {len(labels)} labels needs {units} units, the linear layer has "
            f"{len(weight)}"
        )
    if task.has_blank:
        if not 0 <= blank < units:
            raise ConfigError(f"blank is {blank}, expected a unit of the linear layer: 0 to {units - 1}")
        order = [unit for unit in range(units) if unit != blank] + [blank]
        return weight[order], bias[order]
    if units == 2 and network.output_size == 1:
        return weight[1:] - weight[:1], bias[1:] - bias[:1]
    return weight, bias
