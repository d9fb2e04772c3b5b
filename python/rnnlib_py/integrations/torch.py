# SPDX-License-Identifier: Apache-2.0
"""Networks of the engine inside PyTorch models, on the CPU: MDLSTM, an LSTM with peepholes over any number of
dimensions, and NetworkModule, a whole network.

Forward and backward passes run in the engine, on as many threads as set_num_threads says; the results are the same bit
for bit for any number. Needs PyTorch: ``pip install "rnnlib-py[torch]"``.
"""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from typing import Any, Literal

try:
    import torch
except ImportError as error:
    raise ImportError(f"rnnlib_py.integrations.torch needs PyTorch ({error}): pip install 'rnnlib-py[torch]'") from None

from rnnlib_py._core import ConfigError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.integrations.torch_parts.batches import Sizes
from rnnlib_py.integrations.torch_parts.engine_module import EngineModule
from rnnlib_py.model.network import Network
from rnnlib_py.model.torch_lstm import lstm_weights, read_lstm

__all__ = ["MDLSTM", "NetworkModule"]


class MDLSTM(EngineModule):
    """Levels of multidimensional LSTM with peepholes (Graves, Fernandez, Schmidhuber 2007), as a layer of any model.

    It gives each point the units of its topmost level, direction after direction: all dimensions forwards first, the
    last dimension changes fastest. In one dimension that is the order of torch.nn.LSTM.

    Parameters
    ----------
    input_size
        Numbers per point.
    hidden_size
        Units per direction; a list has an entry per level, from the input up.
    num_dims
        Dimensions of the data: 1 for signals, 2 for images.
    bidirectional
        Whether there are layers in both directions; a list has an entry per dimension.
    cell
        Type of the units, as the config's key hiddenType: "lstm", "gru", "linear_lstm", "tanh", …
    dropout
        Share of the numbers between levels that are dropped while training.
    channels_first
        The numbers of a point come before the dimensions, as in torch.nn.Conv2d, in inputs and outputs.
    options
        `threads`: see rnnlib_py.set_num_threads. As of PyTorch's own modules: `dtype`, torch.float32 or torch.float64,
        by default PyTorch's default; and `device`, the CPU: there is no other, the engine does not run on GPUs.

    Attributes
    ----------
    weights : torch.nn.ParameterDict
        A parameter per connection, named and shaped as in rnnlib_py.Network.weights.
    directions : list of tuple of int
        +1 or -1 per dimension, of each direction in the order of the outputs.
    output_size : int
        Numbers per point of the outputs.
    network : rnnlib_py.Network
        A copy with these weights and an output layer whose weights are 0.

    Raises
    ------
    ConfigError
        Sizes and other settings that make no network; another device or dtype.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int | _Seq[int],
        num_dims: int = 2,
        *,
        bidirectional: bool | _Seq[bool] = True,
        cell: str = "lstm",
        dropout: float = 0.0,
        channels_first: bool = False,
        **options: Any,
    ) -> None:
        config = Config(
            task="regression",
            hiddenSize=[hidden_size] if isinstance(hidden_size, int) else list(hidden_size),
            hiddenType=cell,
            bidirectional=bidirectional if isinstance(bidirectional, bool) else list(bidirectional),
            dropout=dropout,
        )
        threads = options.pop("threads", None)
        super().__init__(config, DataHeader(num_dims, input_size, 1), "hidden", threads, channels_first)
        network = Network.build(config, self._header, "float32")
        used = {connection.name for connection in self._used(network.core)}
        self._set_parameters({name: weight for name, weight in network.weights.items() if name in used}, **options)
        top = max(layer.level for layer in network.layers)
        hidden = [layer for layer in network.layers if layer.kind == "hidden" and layer.level == top]
        self.directions = [tuple(layer.directions) for layer in reversed(hidden)]
        self.output_size = sum(layer.size for layer in hidden)
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self, init_range: float = 0.1) -> None:
        """New weights, uniform in [-init_range, init_range], from PyTorch's generator. A new module's are made so."""
        for weight in self.weights.values():
            weight.uniform_(-init_range, init_range)

    def forward(self, inputs: Any, sizes: Sizes | None = None) -> Any:
        """The topmost level's units at every point.

        Parameters
        ----------
        inputs
            A tensor (batch, *shape, input size), or (*shape, input size) for one sequence; a list of tensors (*shape,
            input size) of different shapes; for one dimension also a torch.nn.utils.rnn.PackedSequence. With
            channels_first (batch, input size, *shape). Of the module's type of numbers, on the CPU, finite.
        sizes
            For a padded tensor: (batch, dimensions) whole numbers, the sizes of each sequence in it, or (batch,) for
            one dimension. Outputs beyond them are 0, and the numbers there matter to nothing.

        Returns
        -------
        Tensor, list of Tensor or PackedSequence
            In the form of the inputs, with `output_size` numbers per point.

        Raises
        ------
        DataError
            Other types, shapes, sizes or devices.
        NumericError
            NaN or infinite inputs.
        """
        return self.run(inputs, sizes, lambda rows: rows)

    @classmethod
    def from_torch_lstm(cls, lstm: torch.nn.LSTM, **options: Any) -> MDLSTM:
        """One-dimensional, with the weights of a torch.nn.LSTM and peepholes of 0: its outputs are those of the LSTM.

        Parameters
        ----------
        lstm
            Any number of layers, in one direction or two. Its `dropout` is kept. Inputs are (batch, time, input size),
            whatever its `batch_first` says.
        options
            As for MDLSTM: threads, channels_first.

        Raises
        ------
        ConfigError
            What has other weights than an LSTM without projections.
        """
        read = read_lstm(lstm)
        made = cls(
            read.input_size,
            read.hidden_sizes,
            1,
            bidirectional=read.bidirectional,
            dropout=lstm.dropout,
            dtype=torch.float64 if read.precision == "float64" else torch.float32,
            **options,
        )
        with torch.no_grad():
            for name, weight in lstm_weights(read, made.network.graph).items():
                made.weights[name].copy_(torch.from_numpy(weight))
        return made

    def extra_repr(self) -> str:
        """What print(module) shows."""
        config = self._config
        sizes = ", ".join(map(str, config["hiddenSize"]))
        return (
            f"{self._header.input_size}, [{sizes}], num_dims={self._header.num_dims}, "
            f"directions={len(self.directions)}, cell={config['hiddenType'][0]!r}, on the CPU"
        )

    def _arranged(self, rows: torch.Tensor) -> torch.Tensor:
        directions = len(self.directions)
        if directions == 1:
            return rows
        return rows.unflatten(1, (directions, -1)).flip(1).flatten(1)


class NetworkModule(EngineModule):
    """A rnnlib_py.Network as a module: its own layers and weights, its output layer included.

    Parameters
    ----------
    network
        Stays as it is: the module has a copy of the weights.
    rows
        What the module gives for each point of the output: "outputs", the probabilities or values that
        Network.predict gives; "net_inputs", the numbers before the softmax or logistic function, for losses that have
        one (torch.nn.functional.cross_entropy); "hidden", what the output layer reads, without the output layer.
    raw
        Inputs are as they were measured, and are normalised like the network's own data. None: False, with a warning
        for a network that was trained on normalised data.
    threads, channels_first, device
        As for MDLSTM.

    Attributes
    ----------
    weights : torch.nn.ParameterDict
        A parameter per connection, named and shaped as in rnnlib_py.Network.weights.
    network : rnnlib_py.Network
        A copy of the network with the weights that the parameters have now.

    Raises
    ------
    ConfigError
        Other rows; another device.

    Notes
    -----
    While training (Module.train) the config's `dropout` is used, with PyTorch's generator. Nothing else of the config's
    training is: noise, augmentation, penalties and the clipping of deltas are left to the model around the module.
    """

    def __init__(
        self,
        network: Network,
        rows: Literal["outputs", "net_inputs", "hidden"] = "outputs",
        *,
        raw: bool | None = None,
        channels_first: bool = False,
        threads: int | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        if rows not in ("outputs", "net_inputs", "hidden"):
            raise ConfigError(f"rows {rows!r}: expected 'outputs', 'net_inputs' or 'hidden'")
        super().__init__(network.config, network.header, rows, threads, channels_first)
        dtype = torch.float64 if network.precision == "float64" else torch.float32
        self._set_parameters(network.weights, device, dtype)
        self._normalisation = network.normalisation
        self._recipe = network.recipe
        self._raw = network.takes_raw(raw) and "inputs" in self._normalisation

    def forward(self, inputs: Any, sizes: Sizes | None = None) -> Any:
        """The network's rows, see `rows`.

        Parameters
        ----------
        inputs, sizes
            As MDLSTM.forward.

        Returns
        -------
        Tensor, list of Tensor or PackedSequence
            In the form of the inputs: (batch, *output shape, units), padded where `sizes` are given; output_sizes() has
            the sizes. A task with one output per sequence gives (batch, units).

        Raises
        ------
        DataError
            Other types, shapes, sizes or devices.
        NumericError
            NaN or infinite inputs.
        """
        return self.run(inputs, sizes, self._normalised)

    @property
    def network(self) -> Network:
        """A copy of the network with the weights that the parameters have now, which can be saved."""
        network = super().network
        network.normalisation = self._normalisation
        network.recipe = self._recipe
        return network

    def extra_repr(self) -> str:
        """What print(module) shows."""
        return f"{repr(super().network)[1:-1]}, rows={self.rows!r}, on the CPU"

    def _normalised(self, rows: torch.Tensor) -> torch.Tensor:
        if not self._raw:
            return rows
        scale = self._normalisation["inputs"]  # in double precision, as the engine does it
        means, divisors = torch.from_numpy(scale.means), torch.from_numpy(scale.divisors)
        return ((rows.double() - means) / divisors).to(rows.dtype)
