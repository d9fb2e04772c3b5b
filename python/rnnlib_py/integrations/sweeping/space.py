# SPDX-License-Identifier: Apache-2.0
"""What a sweep searches: config keys with their choices or ranges, as `hiddenSize=20,40` or `learnRate=log:1e-4..1e-2`.

Commas separate choices. A choice that has commas of its own, as a list of sizes has, stands in brackets:
`hiddenSize=[20,40],[30,60]`. A range is LOW..HIGH, LOW..HIGH:STEP or log:LOW..HIGH (drawn by its logarithm); it gives
whole numbers for keys of whole numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rnnlib_py._core import ConfigError, key_table
from rnnlib_py.config import Config, is_key

if TYPE_CHECKING:
    from optuna.trial import BaseTrial

_RANGE = re.compile(r"(log:)?([^:,/\[\]]+?)\.\.([^:,/\[\]]+)(?::([^,/\[\]]+))?")
_CHOICE = re.compile(r"\[([^\[\]]*)\]|([^,\[\]]+)")
_OF_NUMBERS = ("int", "real", "int list", "int lists")


@dataclass(frozen=True)
class Choices:
    """A key with the values that it may have, as configs write them."""

    name: str
    values: tuple[str, ...]

    @property
    def count(self) -> float:
        """How many values there are."""
        return len(self.values)

    def suggest(self, trial: BaseTrial) -> str:
        """The value of a trial."""
        return str(trial.suggest_categorical(self.name, list(self.values)))


@dataclass(frozen=True)
class NumberRange:
    """A key with the numbers from `low` to `high` that it may have, both included."""

    name: str
    low: float
    high: float
    log: bool = False
    step: float | None = None
    whole: bool = False

    @property
    def count(self) -> float:
        """How many values there are; infinite for real numbers without steps."""
        if self.whole or self.step is not None:
            low, high, step = self._decimals()
            return int((high - low) // step) + 1
        return math.inf

    def numbers(self) -> list[float]:
        """All of them; where the count is finite."""
        low, _, step = self._decimals()
        return [float(low + i * step) for i in range(int(self.count))]

    def _decimals(self) -> tuple[Decimal, Decimal, Decimal]:
        """Low, high and step as they were written: as floats 0.1 + 0.1 + 0.1 is more than 0.3."""
        return _decimal(self.low), _decimal(self.high), _decimal(self.step or 1.0)

    def suggest(self, trial: BaseTrial) -> str:
        """The value of a trial, as configs write it."""
        if self.whole:
            step = int(self.step or 1)
            return str(trial.suggest_int(self.name, int(self.low), int(self.high), step=step, log=self.log))
        return repr(trial.suggest_float(self.name, self.low, self.high, step=self.step, log=self.log))


Dimension = Choices | NumberRange


def parse_space(texts: Iterable[str]) -> list[Dimension]:
    """The keys that a sweep searches, from texts such as `hiddenSize=20,40`.

    Raises
    ------
    ConfigError
        An unknown key, one that is there twice, a value that the key cannot have, a range that is none.
    """
    dimensions = [_parse(text) for text in texts]
    names = [dimension.name for dimension in dimensions]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"--set {name}: the key is there twice; put all its values into one --set")
    if not dimensions:
        raise ConfigError("nothing is to be searched: give at least one --set, such as --set hiddenSize=20,40")
    return dimensions


def _parse(text: str) -> Dimension:
    name, equals, values = text.partition("=")
    where = f"--set {text}"
    if not equals or not values:
        raise ConfigError(
            f"{where}: expected a key and its values, such as hiddenSize=20,40 or learnRate=log:1e-4..1e-2"
        )
    if not is_key(name):
        Config().set(name, values, where)  # raises the engine's error, which names the nearest key
    match = _RANGE.fullmatch(values)
    dimension = _choices(name, values, where) if match is None else _number_range(name, match, where)
    for value in _ends(dimension):
        Config().set(name, value, where)
    return dimension


def _ends(dimension: Dimension) -> list[str]:
    if isinstance(dimension, Choices):
        return list(dimension.values)
    return [str(int(end)) if dimension.whole else repr(end) for end in (dimension.low, dimension.high)]


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))


def _choices(name: str, text: str, where: str) -> Choices:
    values: list[str] = []
    place = 0
    while place <= len(text):
        match = _CHOICE.match(text, place)
        if match is None or (match.end() < len(text) and text[match.end()] != ","):
            raise ConfigError(
                f"{where}: expected choices with commas between them; a choice that has commas of its own stands in "
                "brackets, as in [20,40],[30,60]"
            )
        values.append((match[1] if match[1] is not None else match[2]).strip())
        place = match.end() + 1
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise ConfigError(f"{where}: the choice {twice} is there twice")
    return Choices(name, tuple(values))


def _number_range(name: str, match: re.Match[str], where: str) -> NumberRange:
    kind = next(key.type for key in key_table() if key.name == name)
    if kind not in _OF_NUMBERS:
        raise ConfigError(f"{where}: {name} is no number (its type is {kind}), so that it has choices but no range")
    whole = kind != "real"
    try:
        low, high, step = (None if part is None else float(part) for part in match.groups()[1:])
    except ValueError:
        raise ConfigError(f"{where}: expected LOW..HIGH, LOW..HIGH:STEP or log:LOW..HIGH with numbers") from None
    assert low is not None and high is not None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ConfigError(f"{where}: the first number of a range is less than the second")
    log = match[1] is not None
    if log and (low <= 0 or step is not None):
        raise ConfigError(f"{where}: a range by logarithms begins above 0 and has no steps")
    if step is not None and not 0 < _decimal(step) <= _decimal(high) - _decimal(low):
        raise ConfigError(f"{where}: the step is above 0 and at most the length of the range")
    if whole and any(number is not None and number != int(number) for number in (low, high, step)):
        raise ConfigError(f"{where}: {name} has whole numbers only")
    return NumberRange(name, low, high, log, step, whole)
