# SPDX-License-Identifier: Apache-2.0
"""Scorers that are written in Python: what a beam search asks about labellings while it extends them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from collections.abc import Sequence as _Seq
from typing import Any, Protocol, runtime_checkable

from rnnlib_py import _core
from rnnlib_py._core import ConfigError


class Scorer:
    """Scores labellings, from left to right, for `Beam(scorer=...)`. Subclasses say how; this one adds nothing.

    What a scorer knows of a labelling is its state: anything that can be hashed, such as the last label, a tuple of
    some, or a number. Labellings with equal states are continued alike. Methods are called from several threads, one at
    a time; what they raise comes out of Network.predict.
    """

    def start(self) -> Hashable:
        """The state of the empty labelling."""
        return None

    def extend(self, state: Any, label: str) -> tuple[float, Hashable]:  # noqa: ARG002
        """One more label.

        Parameters
        ----------
        state
            Of the labelling so far.
        label
            The name of the label that follows.

        Returns
        -------
        score : float
            What the label adds to the labelling's log probability (natural logarithm); -inf: it is not allowed here.
        state
            Of the longer labelling.
        """
        return 0.0, state

    def finish(self, state: Any) -> float:  # noqa: ARG002
        """What is added when the labelling ends here; -inf: it may not."""
        return 0.0


@runtime_checkable
class ScorerFactory(Protocol):
    """Makes the scorer when the network's labels are known."""

    def bind(self, labels: _Seq[str]) -> _core.Scorer: ...


class _OfFunction(Scorer):
    """A function of a whole labelling: a label adds what the score grows by."""

    def __init__(self, score: Callable[[list[str]], float]) -> None:
        self._score = score

    def start(self) -> Hashable:
        return (), float(self._score([]))

    def extend(self, state: tuple[tuple[str, ...], float], label: str) -> tuple[float, Hashable]:
        labels = (*state[0], label)
        score = float(self._score(list(labels)))
        return score - state[1], (labels, score)


AnyScorer = _core.Scorer | ScorerFactory | Scorer | Callable[[list[str]], float]


def core_scorer(scorer: AnyScorer, labels: _Seq[str]) -> _core.Scorer:
    """The engine's scorer for a network's labels.

    Parameters
    ----------
    scorer
        A Scorer, or an object with its methods; a function of the labels so far, a list of names, whose value for the
        empty list must be finite; or an object with `bind(labels)`, which gives one of the engine's.
    labels
        The names of the network's labels, without the blank.

    Raises
    ------
    ConfigError
        Something else.
    """
    if isinstance(scorer, _core.Scorer):
        return scorer
    if not isinstance(scorer, type):
        if isinstance(scorer, ScorerFactory):
            return scorer.bind(labels)
        if all(callable(getattr(scorer, name, None)) for name in ("start", "extend", "finish")):
            return _core.PythonScorer(scorer, labels)
        if callable(scorer):
            return _core.PythonScorer(_OfFunction(scorer), labels)
    raise ConfigError(
        f"scorer is {scorer!r}; expected a Scorer, an object with the methods start, extend and finish, or a function "
        "of a list of labels"
    )
