# SPDX-License-Identifier: Apache-2.0
"""What a run works with."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.data.sets import DataSets
from rnnlib_py.model.network import Network
from rnnlib_py.runlog.log import Log
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.training.progress_texts import NoProgress
from rnnlib_py.training.ranks import Ranks
from rnnlib_py.training.run_files import RunFiles


@dataclass(frozen=True)
class RunContext:
    """Made once, before a run begins.

    Attributes
    ----------
    random : Random
        Gave the starting weights, and gives the order of the sequences.
    seed : int
        Of the perturbations of training.
    files : RunFiles or None
        None: nothing is saved.
    decoder : _core.Decoder or None
        Reads the labels in tests; None: best path.
    constant_noise : float or None
        For tests: what every draw of the normal distribution gives.
    ranks : Ranks
        The processes that train the network together.
    """

    config: Config
    network: Network
    sets: DataSets
    random: _core.Random
    seed: int
    threads: int
    log: Log
    interrupt: Interrupt
    progress: NoProgress
    files: RunFiles | None = None
    decoder: _core.Decoder | None = None
    constant_noise: float | None = None
    ranks: Ranks = field(default_factory=Ranks)

    def make_trainer(self) -> _core.Trainer:
        """The engine's trainer of the network."""
        core, config, group = self.network.core, self.config.core, self.ranks.group
        return _core.Trainer(core, config, self.threads, self.seed, self.constant_noise, self.decoder, group)
