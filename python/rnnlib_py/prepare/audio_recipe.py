# SPDX-License-Identifier: Apache-2.0
"""The recipe of recordings: how a signal becomes a network's input, and a text its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rnnlib_py._core import ConfigError
from rnnlib_py.data.text import SPACE
from rnnlib_py.prepare.line_recipe import FORMS
from rnnlib_py.prepare.recipe import Recipe
from rnnlib_py.prepare.sounds import RATES

FEATURES = ("logmel", "mfcc")
NORMALISE = ("file", "set", "none")
LABELS = ("words", "characters", "phones", "class")
_BANDS = range(2, 257)
_SECONDS = (0.001, 1.0)


@dataclass(frozen=True)
class AudioRecipe(Recipe):
    """How recordings and their texts were prepared.

    Attributes
    ----------
    rate : int
        Samples per second that all signals are brought to.
    features : str
        "logmel": logarithms of the power in mel bands; "mfcc": cepstral coefficients of them, and the signal's energy.
    window, shift : float
        Seconds that a frame looks at, and from frame to frame.
    bands : int
        Mel bands.
    coefficients : int
        Of "mfcc", without the energy.
    fmin, fmax : float
        Hz where the bands begin and end; fmax 0: half the rate.
    emphasis : float
        How much of the sample before is taken off each one.
    deltas : int
        1: with the slopes of all features, 2: with the slopes of these slopes, too.
    normalise : str
        What means and standard deviations are of: "file" (each by its own), "set" (the training set's), "none".
    means, deviations : tuple of float
        Of "set": of each input, over the training set.
    labels : str
        "words", "characters", "phones"; "class" where a whole recording has one.
    form : str
        Unicode's normal form of the texts, or "none".
    space : str
        The label that stands for white space between characters.
    fold : tuple of str
        Labels that are counted as others when errors are counted: "ao aa", or "q" for one that counts as nothing.
    """

    kind: ClassVar[str] = "audio"

    rate: int = 16000
    features: str = "logmel"
    window: float = 0.025
    shift: float = 0.01
    bands: int = 40
    coefficients: int = 12
    fmin: float = 20.0
    fmax: float = 0.0
    emphasis: float = 0.97
    deltas: int = 0
    normalise: str = "set"
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()
    labels: str = "characters"
    form: str = "NFC"
    space: str = SPACE
    fold: tuple[str, ...] = ()

    def check(self) -> None:
        """ConfigError for settings that cannot be."""
        if self.rate not in RATES:
            raise ConfigError(f"rate {self.rate}: expected {RATES[0]:,} to {RATES[-1]:,} samples per second")
        for name, known in (
            ("features", FEATURES),
            ("normalise", NORMALISE),
            ("labels", LABELS),
            ("form", FORMS),
            ("deltas", (0, 1, 2)),
        ):
            if getattr(self, name) not in known:
                expected = ", ".join(str(value) for value in known)
                raise ConfigError(f"{name} {getattr(self, name)!r}: expected one of {expected}")
        for name in ("window", "shift"):
            if not _SECONDS[0] <= getattr(self, name) <= _SECONDS[1]:
                raise ConfigError(
                    f"{name} {getattr(self, name):g}: expected {_SECONDS[0]:g} to {_SECONDS[1]:g} seconds"
                )
        if self.bands not in _BANDS:
            raise ConfigError(f"bands {self.bands}: expected {_BANDS[0]} to {_BANDS[-1]}")
        if self.features == "mfcc" and not 1 <= self.coefficients < self.bands:
            raise ConfigError(f"coefficients {self.coefficients}: expected 1 to {self.bands - 1}, less than the bands")
        if not 0 <= self.fmin < self.top <= self.rate / 2:
            raise ConfigError(
                f"fmin {self.fmin:g} and fmax {self.top:g}: expected 0 <= fmin < fmax <= {self.rate / 2:g} Hz, half "
                "the rate"
            )
        if not 0 <= self.emphasis < 1:
            raise ConfigError(f"emphasis {self.emphasis:g}: expected 0 to less than 1")
        self._check_normalisation()
        if not all(isinstance(entry, str) and len(entry.split()) in (1, 2) for entry in self.fold):
            raise ConfigError("fold: expected entries of one or two labels")
        if not self.space or any(character.isspace() for character in self.space):
            raise ConfigError(f"space {self.space!r}: expected a label without white space")

    def _check_normalisation(self) -> None:
        """The values may come later: they are known when the whole training set is."""
        if any(isinstance(value, str) for value in (*self.means, *self.deviations)):
            raise ConfigError("means and deviations: expected numbers")
        sizes = {len(self.means), len(self.deviations)}
        if self.normalise != "set" and sizes != {0}:
            raise ConfigError(f"means and deviations are for normalise set, not for {self.normalise}")
        if sizes not in ({0}, {self.size}):
            raise ConfigError(
                f"{len(self.means)} means and {len(self.deviations)} deviations: expected {self.size} of each, one for "
                "each input"
            )
        if any(value <= 0 for value in self.deviations):
            raise ConfigError("deviations: expected numbers above 0")

    @property
    def top(self) -> float:
        """fmax in Hz."""
        return self.fmax or self.rate / 2

    @property
    def window_samples(self) -> int:
        """Samples that a frame looks at."""
        return max(1, round(self.window * self.rate))

    @property
    def shift_samples(self) -> int:
        """Samples from frame to frame."""
        return max(1, round(self.shift * self.rate))

    @property
    def seconds(self) -> float:
        """From frame to frame, exactly."""
        return self.shift_samples / self.rate

    @property
    def size(self) -> int:
        """Inputs of a frame."""
        own = self.bands if self.features == "logmel" else self.coefficients + 1
        return own * (1 + self.deltas)
