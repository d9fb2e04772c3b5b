# SPDX-License-Identifier: Apache-2.0
"""How far a run is: whole epochs, and the one under way."""

from __future__ import annotations

from rnnlib_py import _core

_EPOCH, _DATA, _RANDOM = "trainer_epoch", "trainer_data", "trainer_random"


class Position:
    """Kept in saves, so that a run goes on in the epoch and at the sequence where it was.

    Attributes
    ----------
    epoch : int
        Epochs done, those before a save included.
    under_way : bool
        The next epoch has begun.
    skipped : int
        Its sequences that were done before the save that the run goes on from.
    """

    def __init__(self, random: _core.Random, data: str) -> None:
        """`random` gives the order of each epoch's sequences; `data`: the fingerprint of the training data."""
        self.epoch = 0
        self.under_way = False
        self.skipped = 0
        self._random = random
        self._data = data
        self._at_begin = random.state  # as it was when the epoch under way began
        self._saved_data: str | None = None

    def begin_epoch(self) -> int:
        """The epoch begins, or goes on; returns how many of its sequences are done already."""
        self._at_begin = self._random.state
        self.under_way = True
        skipped, self.skipped = self.skipped, 0
        return skipped

    def end_epoch(self) -> None:
        """It is trained and tested."""
        self.under_way = False
        self.epoch += 1

    def go_on_within(self, done: int, total: int, now: int, source: str) -> str:
        """Goes on within the epoch that the save was made in, after `done` of `total` sequences of that time.

        `now`: sequences of the training set as it is. Returns "", or why the epoch has to begin again: the training
        data are not those that the save was made with (saves of older versions do not know theirs).
        """
        if total != now:
            return f"in {source} it had {total} sequences, now there are {now}"
        if self._saved_data not in (None, self._data):
            return f"the training data are not those of {source}: as many sequences, but others or in another order"
        self.skipped, self.under_way = done, True
        return ""

    def store(self, save: _core.Save) -> None:
        """The epochs done, the data, and the random state that the epoch under way, or else the next, begins with."""
        save.set_value(_EPOCH, str(self.epoch))
        save.set_value(_DATA, self._data)
        save.set_value(_RANDOM, self._at_begin if self.under_way else self._random.state)

    def restore(self, save: _core.Save, source: str) -> None:
        """At the begin of the epoch that was under way, or else of the next. FormatError when it is damaged."""
        text = save.get_value(_EPOCH) or "0"
        if not text.isdecimal():
            raise _core.FormatError(f"{source}: {_EPOCH} is {text!r}, expected a number of epochs")
        self.epoch = int(text)
        self._saved_data = save.get_value(_DATA)
        state = save.get_value(_RANDOM)
        if state is not None:
            self._random.state = self._at_begin = state
