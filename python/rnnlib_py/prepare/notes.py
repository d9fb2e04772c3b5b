# SPDX-License-Identifier: Apache-2.0
"""What was noticed in a user's files: which were left out, which were changed, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rnnlib_py._core import DataError
from rnnlib_py.system.units import count_text

_STRICT = " (--strict, strict=True: nothing may be left out)"
_SHOWN = 5  # lines about files with the same trouble


@dataclass(frozen=True)
class Note:
    """One file, or entry of a file, and what is to be said of it."""

    name: str
    what: str
    skipped: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.what}{'; left out' if self.skipped else ''}"


@dataclass
class Notes:
    """Collects notes. `strict`: what would be left out is an error."""

    strict: bool = False
    found: list[Note] = field(default_factory=list)

    def skip(self, name: str, what: str) -> None:
        """Something that is left out. DataError with `strict`."""
        what = what.removeprefix(f"{name}: ")
        if self.strict:  # an entry of a file may have been refused already
            raise DataError(what if what.endswith(_STRICT) else f"{name}: {what}{_STRICT}")
        self.found.append(Note(name, what, skipped=True))

    def change(self, name: str, changes: list[str]) -> None:
        """Something that was used otherwise than it was found."""
        self.found += [Note(name, what, skipped=False) for what in changes]

    @property
    def num_skipped(self) -> int:
        return sum(note.skipped for note in self.found)

    def nothing_left(self, what: str) -> str:
        """The message of an error when no `what` (line, recording, ...) could be used."""
        shown = "; ".join(self.lines()[:3])
        return f"no {what} is left: " + (f"{self.num_skipped:,} left out ({shown})" if shown else "none was found")

    def lines(self, shown: int | None = _SHOWN) -> list[str]:
        """A line for each note, those that were left out first; of more than `shown` with the same words only so many,
        and how many there are."""
        made, counts = [], Counter((note.skipped, note.what) for note in self.found)
        done: Counter[tuple[bool, str]] = Counter()
        for note in sorted(self.found, key=lambda note: not note.skipped):
            key = (note.skipped, note.what)
            done[key] += 1
            if shown is None or done[key] <= shown:
                made.append(str(note))
            elif done[key] == shown + 1:
                made.append(f"... and {count_text(counts[key] - shown, 'more such file')}: {note.what}")
        return made
