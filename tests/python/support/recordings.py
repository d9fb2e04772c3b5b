# SPDX-License-Identifier: Apache-2.0
"""Recordings for tests: each word is a tone of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 8000
TONES = {"low": 300.0, "mid": 900.0, "high": 2500.0}
TEXTS = ["low", "mid high", "high low mid", "low low", "mid", "high high", "low mid", "high mid low", "high", "mid low"]


def tone(hertz: float, seconds: float = 0.2, rate: int = RATE, size: float = 0.5) -> NDArray[np.float64]:
    """A sine."""
    return size * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def speech(text: str, rate: int = RATE, seed: int = 0) -> NDArray[np.float64]:
    """The words of a text with pauses of noise between them."""
    rng = np.random.default_rng(seed)
    pause = np.zeros(round(0.08 * rate))
    parts = [pause]
    for word in text.split():
        parts += [tone(TONES[word], 0.15, rate), pause]
    whole = np.concatenate(parts)
    return whole + rng.normal(0, 0.002, len(whole))


def write_sound(path: Path, samples: NDArray[np.float64], rate: int = RATE, subtype: str | None = None) -> Path:
    """A file of the format that its name's ending says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def write_recordings(folder: Path, texts: list[str] = TEXTS) -> Path:
    """00.wav and 00.txt, ... in the folder, which is given back."""
    for i, text in enumerate(texts):
        write_sound(folder / f"{i:02}.wav", speech(text, seed=i))
        (folder / f"{i:02}.txt").write_text(f"{text}\n", encoding="utf-8")
    return folder
