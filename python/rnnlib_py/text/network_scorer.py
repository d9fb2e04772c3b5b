# SPDX-License-Identifier: Apache-2.0
"""A network as a language model for beam searches."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py.model.network import Network


@dataclass(frozen=True)
class NetworkScorer:
    """Scores labellings for `Beam(scorer=...)` by what a network says of each next label.

    The network has the task classification and streams: 1-D data, `bidirectional` false. Its labels are those that it
    scores, and "</s>". Each point of its input has a number per label: 1 for the label before, 0 for the others; at the
    first point "</s>" is 1. The class of each point is the label that comes next, "</s>" at the end.

    Attributes
    ----------
    network : Network, str or PathLike
        The network, or its save. Its weights must stay as they are while it is used.
    weight : float
        Factor of its log probabilities.
    label_bonus : float
        Added for each label.
    unknown_score : float
        Log probability of a label that it does not have.
    """

    network: Network | str | os.PathLike[str]
    weight: float = 1.0
    label_bonus: float = 0.0
    unknown_score: float = -20.0

    def bind(self, labels: _Seq[str]) -> _core.Scorer:
        """The scorer for a network with these labels, without the blank.

        Raises
        ------
        IoError, FormatError
            A save that cannot be read, or is damaged.
        ConfigError
            A network that is no such language model, or options that are no numbers.
        DataError
            A network that has none of the labels.
        """
        network = self.network if isinstance(self.network, Network) else Network.load(self.network)
        return _core.NetworkScorer(network.core, labels, self.weight, self.label_bonus, self.unknown_score)
