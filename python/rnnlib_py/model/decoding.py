# SPDX-License-Identifier: Apache-2.0
"""What Network.predict, Network.evaluate and Network.stream take as a decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rnnlib_py import _core


@dataclass(frozen=True, eq=False)
class BoundDecoder:
    """A decoder for the labels of one network.

    Attributes
    ----------
    core : _core.Decoder
        The engine's.
    lexicon : _core.Lexicon or None
        Gives the words of readings their names.
    """

    core: _core.Decoder
    lexicon: _core.Lexicon | None = None


class Decoder(Protocol):
    """How to decode, whatever the network's labels are."""

    def bind(self, labels: Sequence[str]) -> BoundDecoder:
        """The decoder for a network with these labels, without the blank. What it needs of files is read here."""


AnyDecoder = Decoder | BoundDecoder


def bound(decoder: AnyDecoder | None, labels: Sequence[str]) -> BoundDecoder | None:
    """The decoder for a network's labels; one that is bound already stays as it is."""
    return decoder if decoder is None or isinstance(decoder, BoundDecoder) else decoder.bind(labels)
