"""A network for Cython code (compiled): `from rnnlib_py cimport Runner`."""

from typing_extensions import Self, disjoint_base

from rnnlib_py.model.network import Network

@disjoint_base
class Runner:
    """Runs a network from Cython code; its methods are in runner.pxd."""
    def __new__(cls, network: Network, raw: bool | None = None) -> Self:
        """`raw`: whether inputs are as they were measured, and to be normalised as the network's own data were; for a
        network whose data were normalised, None warns and is False. Raises TypeError for anything but a Network."""
    @property
    def num_dims(self) -> int: ...
    @property
    def input_size(self) -> int: ...
    @property
    def output_size(self) -> int: ...
    @property
    def raw(self) -> bool: ...
