# SPDX-License-Identifier: Apache-2.0
"""A voice made of formants, for speech to try things on: phones in TIMIT's notation become sound.

A source (pulses of the vocal cords, noise, or both) is filtered frame by frame by resonances of the mouth. It sounds
like a machine, but its spectra have what recognisers look for: formants that glide from phone to phone, bursts, and
hiss. Vowels have about the formants of G. E. Peterson and H. L. Barney, Control methods used in a study of the vowels
(1952).
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 8000  # samples per second
HOP = 40  # samples from frame to frame
FRAME = 160  # samples of a frame

# Formants in Hz of what the vocal cords drive; glides have two places. Then seconds and loudness.
VOICED: dict[str, tuple[list[tuple[int, int, int]], float, float]] = {
    "iy": ([(270, 2290, 3010)], 0.13, 1.0),
    "ih": ([(390, 1990, 2550)], 0.09, 1.0),
    "eh": ([(530, 1840, 2480)], 0.11, 1.0),
    "ae": ([(660, 1720, 2410)], 0.14, 1.0),
    "ah": ([(640, 1190, 2390)], 0.10, 1.0),
    "aa": ([(730, 1090, 2440)], 0.14, 1.0),
    "ao": ([(570, 840, 2410)], 0.14, 1.0),
    "uh": ([(440, 1020, 2240)], 0.09, 1.0),
    "uw": ([(300, 870, 2240)], 0.14, 1.0),
    "er": ([(490, 1350, 1690)], 0.14, 1.0),
    "ax": ([(500, 1400, 2400)], 0.06, 0.8),
    "ix": ([(420, 1850, 2500)], 0.06, 0.8),
    "axr": ([(480, 1400, 1750)], 0.08, 0.8),
    "ey": ([(480, 1900, 2500), (330, 2200, 2900)], 0.16, 1.0),
    "ay": ([(730, 1100, 2440), (390, 1990, 2550)], 0.18, 1.0),
    "ow": ([(540, 950, 2400), (380, 850, 2250)], 0.16, 1.0),
    "w": ([(300, 650, 2200)], 0.07, 0.6),
    "y": ([(270, 2250, 3000)], 0.06, 0.6),
    "r": ([(350, 1200, 1500)], 0.08, 0.6),
    "l": ([(370, 950, 2700)], 0.08, 0.6),
    "el": ([(430, 900, 2600)], 0.12, 0.7),
    "m": ([(250, 1000, 2200)], 0.08, 0.35),
    "n": ([(250, 1500, 2500)], 0.08, 0.35),
    "ng": ([(250, 2000, 2700)], 0.08, 0.35),
    "en": ([(280, 1550, 2500)], 0.12, 0.4),
}

# Middle and width in Hz of a band of noise, seconds, loudness, and the share of the vocal cords in the sound.
NOISY: dict[str, tuple[int, int, float, float, float]] = {
    "s": (3700, 500, 0.12, 0.25, 0.0),
    "z": (3600, 500, 0.09, 0.22, 0.4),
    "sh": (2500, 600, 0.12, 0.25, 0.0),
    "zh": (2400, 600, 0.09, 0.22, 0.4),
    "f": (2600, 1900, 0.10, 0.06, 0.0),
    "v": (2300, 1900, 0.07, 0.08, 0.5),
    "th": (3100, 1500, 0.10, 0.05, 0.0),
    "hh": (1500, 1300, 0.06, 0.08, 0.0),
    "t": (3300, 900, 0.04, 0.35, 0.0),
    "k": (1800, 500, 0.05, 0.35, 0.0),
    "p": (800, 700, 0.04, 0.30, 0.0),
    "d": (3000, 900, 0.025, 0.30, 0.4),
    "b": (700, 600, 0.025, 0.30, 0.5),
}

# What is (nearly) silent: seconds.
SILENT: dict[str, float] = {"h#": 0.08, "tcl": 0.05, "kcl": 0.05, "pcl": 0.05, "dcl": 0.04, "bcl": 0.04}


@dataclass(frozen=True)
class Voice:
    """Who speaks."""

    pitch: float  # Hz
    length: float  # of the mouth: formants are divided by it
    tempo: float  # phones are divided by it
    noise: float  # of the room, as a share of the loudest sound

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Voice:
        pitch = rng.uniform(90, 230)
        return cls(pitch, 1.1 - 0.2 * (pitch - 90) / 140 + rng.normal(0, 0.03), rng.uniform(0.8, 1.25), 0.003)


def speak(phones: list[str], voice: Voice, rng: np.random.Generator) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The sound, float in -1..1, and the first sample and the end of each phone."""
    frames = [max(2, round(_seconds(phone) * rng.uniform(0.75, 1.3) / voice.tempo * RATE / HOP)) for phone in phones]
    ends = np.cumsum(frames)
    targets = [_targets(phone, count, voice, rng) for phone, count in zip(phones, frames, strict=True)]
    voiced, noisy = (_glide(np.concatenate([pair[i] for pair in targets])) for i in (0, 1))
    count = int(ends[-1]) * HOP + FRAME
    pitch = voice.pitch * (1.06 - 0.12 * np.arange(count) / count) * rng.uniform(0.95, 1.05)
    cords = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0.0) * np.sqrt(RATE / pitch)
    sound = _filter(cords, voiced) + _filter(rng.normal(size=count), noisy)
    sound *= rng.uniform(0.5, 0.9) / np.abs(sound).max()
    sound += rng.normal(0, voice.noise, count)
    starts = np.r_[0, ends[:-1]] * HOP
    return np.clip(sound, -1, 1), list(zip(starts.tolist(), (ends * HOP).tolist(), strict=True))


def write_wav(path: Path, sound: np.ndarray) -> None:
    """One channel of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())


def _seconds(phone: str) -> float:
    if phone in VOICED:
        return VOICED[phone][1]
    return NOISY[phone][2] if phone in NOISY else SILENT[phone]


def _targets(phone: str, count: int, voice: Voice, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """For each frame of a phone the gain of each frequency, of the vocal cords' sound and of the noise."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    nothing = np.zeros((count, len(hertz)))
    if phone in VOICED:
        places, _, loudness = VOICED[phone]
        wanted = np.array(places) / voice.length * rng.normal(1, 0.03, (1, 3))
        at = np.linspace(0, len(places) - 1, count)
        formants = np.stack([np.interp(at, np.arange(len(places)), wanted[:, i]) for i in range(3)], axis=1)
        widths = np.array([80.0, 120.0, 180.0])
        peaks = 1 / (1 + ((hertz - formants[:, :, np.newaxis]) / widths[:, np.newaxis]) ** 2)
        return loudness * np.einsum("tfk,f->tk", peaks, [1.0, 0.5, 0.25]), nothing
    if phone in NOISY:
        middle, width, _, loudness, cords = NOISY[phone]
        band = loudness * np.exp(-(((hertz - middle / voice.length) / width) ** 2))
        hum = cords * np.exp(-((hertz / 300) ** 2))
        return nothing + hum, nothing + band
    return nothing, nothing


def _glide(gains: np.ndarray) -> np.ndarray:
    """Mouths move slowly: each frame is the mean of five around it."""
    padded = np.pad(gains, ((2, 2), (0, 0)), mode="edge")
    return np.mean([padded[i : i + len(gains)] for i in range(5)], axis=0)


def _filter(source: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Frames of the source, each multiplied by its gains in the spectrum, overlapped and added."""
    window = np.hanning(FRAME)
    sound = np.zeros(len(gains) * HOP + FRAME)
    starts = np.arange(len(gains)) * HOP
    pieces = source[starts[:, np.newaxis] + np.arange(FRAME)] * window
    shaped = np.fft.irfft(np.fft.rfft(pieces) * gains, n=FRAME)
    for start, piece in zip(starts, shaped, strict=True):
        sound[start : start + FRAME] += piece
    return sound
