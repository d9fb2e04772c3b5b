# SPDX-License-Identifier: Apache-2.0
"""Whether all ranks are about to do the same: compared before the first epoch, since they would go on to differ."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from rnnlib_py import _core, _engine
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.config import Config
from rnnlib_py.data.batching import Batch
from rnnlib_py.model.network import Network
from rnnlib_py.training.ranks import Ranks

_OWN_KEYS = ("threads",)  # a rank may have others than the next one
_NOT_GIVEN = "not given"


class Contents:
    """A hash of all sequences of a set, on their way to somebody else."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=8, usedforsecurity=False)
        self._count = 0

    def passed(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The batches, each one hashed."""
        for batch in batches:
            for sequence, tag in zip(batch.given, batch.tags, strict=True):
                self._count += 1
                self._hash.update(f"{tag}\0{sequence.shape}".encode("utf-8", "surrogateescape"))
                for values in (
                    sequence.inputs, sequence.target_classes, sequence.target_patterns, sequence.importance
                ):  # fmt: skip
                    if values is not None:
                        self._hash.update(np.ascontiguousarray(values).data)
            yield batch

    def text(self) -> str:
        return f"{self._count} sequences with contents {self._hash.hexdigest()}"


def check_same_work(ranks: Ranks, config: Config, sets: Mapping[str, Contents]) -> None:
    """ConfigError or DataError, on all ranks, when they differ in their program, config or data."""
    if ranks.size == 1:
        return
    facts = {"the version of rnnlib-py": _core.__version__, "the instruction set": _engine.ISA}
    facts["the save to go on from"] = str(config.path) if config.save is not None else "none"
    facts.update({name: config.core.get_string(name) for name in config if name not in _OWN_KEYS})
    data = {f"the {name} set": contents.text() for name, contents in sets.items()}
    facts.update(data)
    difference = _difference(ranks, facts)
    if difference is None:
        return
    name, text = difference
    if name == "the instruction set":
        text += "; RNNLIB_ISA=baseline (or avx2) in the environment of all ranks makes them alike"
    raise (DataError if name in data else ConfigError)(text)


def check_same_place(ranks: Ranks, network: Network, place: str) -> None:
    """DataError, on all ranks, when they differ in their weights or in where they go on."""
    if ranks.size == 1:
        return
    weights = hashlib.blake2b(np.ascontiguousarray(network.core.weights()).data, digest_size=8, usedforsecurity=False)
    difference = _difference(ranks, {"the place in the run": place, "the hash of the weights": weights.hexdigest()})
    if difference is not None:
        raise DataError(difference[1])


def _difference(ranks: Ranks, facts: Mapping[str, str]) -> tuple[str, str] | None:
    """The first fact in which a rank differs from rank 0, and a sentence of it."""
    found = ranks.exchange((socket.gethostname(), dict(facts)))
    first_host, first = found[0]
    for rank, (host, other) in enumerate(found):
        for name in [*first, *other]:
            here, there = first.get(name, _NOT_GIVEN), other.get(name, _NOT_GIVEN)
            if here != there:
                text = f"the ranks are not to do the same: {name} is {here} on rank 0 ({first_host}) and {there} on "
                return name, f"{text}rank {rank} ({host})"
    return None
