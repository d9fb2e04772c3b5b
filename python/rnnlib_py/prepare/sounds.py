# SPDX-License-Identifier: Apache-2.0
"""Reading recordings of all kinds as one signal. soundfile is imported here only, and only when it is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.system.files import open_to_read

ENDINGS = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".sph")
RATES = range(1000, 768001)
_BLOCK = 2**16  # samples of all channels that are in memory beside the signal
_LOUDEST = 2.0  # samples are -1 to 1; filters may overshoot a little
_CLIPPED = 0.999  # of the loudest sample there can be
_QUIETEST = 1e-4  # -80 dB
# A chunk of samples that promises more than the file has; programs that write into pipes promise about 2^31 or 2^32.
_CUT_OFF = re.compile(r"^\s*(?:data|SSND)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
_UNKNOWN_SIZE = 0x7FFF0000


@dataclass(frozen=True, eq=False)
class Sound:
    """A recording that was read.

    Attributes
    ----------
    samples : ndarray
        float32 (n,), -1 to 1; n is at least 1.
    rate : int
        Samples per second.
    channels : int
        Of the file; `samples` are their mean.
    changes : list of str
        What was done to bring it to one signal, and what is odd about it.
    cut_off : str
        Not empty: the file ends before the end that it promises, in words.
    """

    samples: NDArray[np.float32]
    rate: int
    channels: int
    changes: list[str]
    cut_off: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_sound(path: str | os.PathLike[str], start: float = 0.0, end: float | None = None) -> Sound:
    """A recording, or a part of it, as one signal: the mean of its channels.

    Parameters
    ----------
    path
        The file.
    start, end
        Seconds; None: to the end of the file.

    Raises
    ------
    IoError
        A file that is missing or cannot be read.
    DataError
        One that is no recording, or holds no samples or such that are not finite.
    ConfigError
        soundfile is not installed.
    """
    with _opened(path) as opened:
        return _read(opened, path, start, end)


def read_rate(path: str | os.PathLike[str]) -> int | None:
    """Samples per second of a recording; None where it cannot be read. ConfigError without soundfile."""
    try:
        with _opened(path) as opened:
            return int(opened.samplerate)
    except (DataError, IoError):
        return None


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[Any]:
    """soundfile's object. Its library reads the file itself: an object of Python's would print a traceback wherever a
    damaged file makes it look before the beginning. On Windows it does not know the numbers of Python's open files."""
    with open_to_read(Path(path), "a recording") as file, _soundfile_errors(path):
        if os.fstat(file.fileno()).st_size == 0:
            raise DataError(f"{path}: the file is empty, expected a recording")
        source = os.fspath(path) if os.name == "nt" else file.fileno()
        with _soundfile().SoundFile(source, closefd=False) as opened:
            yield opened


def _read(opened: Any, path: str | os.PathLike[str], start: float, end: float | None) -> Sound:
    rate, channels, promised = int(opened.samplerate), int(opened.channels), int(opened.frames)
    if rate not in RATES:
        raise DataError(f"{path}: has {rate} samples per second, expected {RATES[0]:,} to {RATES[-1]:,}")
    first = round(start * rate)
    last = promised if end is None else round(end * rate)
    if first >= promised > 0 or first >= last > 0:
        length = f"the recording has {promised / rate:.3f} s"
        raise DataError(
            f"{path}: there is nothing from {start:g} s to {end if end is None else f'{end:g}'} s: {length}"
        )
    cut_off = _cut_off(opened.extra_info)
    if first > 0:
        opened.seek(first)
    wanted = last - first
    parts: list[NDArray[np.float32]] = []
    while wanted > 0:
        block = opened.read(min(wanted, max(1, _BLOCK // channels)), dtype="float32", always_2d=True)
        if len(block) == 0:
            break
        parts.append(mixed(block))
        wanted -= len(block)
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if len(samples) == 0:
        raise DataError(f"{path}: has 0 samples")
    if wanted > 1:
        missing = f"is cut off: expected {(len(samples) + wanted) / rate:.3f} s, found {len(samples) / rate:.3f} s"
        cut_off = cut_off or missing
    return sound_of(samples, channels, rate, str(path), cut_off)


def sound_of(samples: NDArray[np.float32], channels: int, rate: int, name: str, cut_off: str = "") -> Sound:
    """A recording of its samples (n,), the mean of its channels. DataError where a sample is not finite."""
    changes = _oddities(samples, channels, rate, name)
    loudest = float(np.abs(samples).max())
    if loudest > _LOUDEST:
        samples = samples / np.float32(loudest)
    return Sound(samples, rate, channels, changes, cut_off)


def mixed(block: NDArray[Any]) -> NDArray[np.float32]:
    """The mean [n] of channels [n, channels]; samples that are not finite are found later."""
    if block.shape[1] == 1:
        return block[:, 0].astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        mean: NDArray[np.float32] = block.mean(axis=1, dtype=np.float64).astype(np.float32)
    return mean


def _oddities(samples: NDArray[np.float32], channels: int, rate: int, name: str) -> list[str]:
    """What a user should know about a signal. DataError where a sample is not finite."""
    bad = ~np.isfinite(samples)
    if bad.any():
        raise DataError(
            f"{name}: has {int(bad.sum()):,} samples that are not finite (the first after "
            f"{int(np.argmax(bad)) / rate:.3f} s)"
        )
    changes = [] if channels == 1 else [f"has {channels} channels: their mean was taken"]
    sizes = np.abs(samples)
    loudest = float(sizes.max())
    if loudest == 0:
        changes.append("is silent: all its samples are 0")
    elif loudest < _QUIETEST:
        changes.append(f"is nearly silent (its loudest sample is {20 * np.log10(loudest):.0f} dB)")
    elif loudest > _LOUDEST:
        changes.append("has samples beyond -1 to 1: scaled down to it")
    elif _is_clipped(sizes):
        changes.append("is clipped: its loudest samples are cut off")
    return changes


def _is_clipped(sizes: NDArray[np.float32]) -> bool:
    """Whether samples stand at the limit, three in a row, more often than once in 10,000."""
    at_limit = sizes >= _CLIPPED
    runs = at_limit[2:] & at_limit[1:-1] & at_limit[:-2]
    return bool(runs.sum() > len(sizes) / 10_000)


def _cut_off(info: str) -> str:
    """What libsndfile says of a chunk of samples that is shorter than its header says."""
    found = _CUT_OFF.search(info)
    if found is None:
        return ""
    promised, there = int(found[1]), int(found[2])
    if promised >= _UNKNOWN_SIZE or promised <= there:
        return ""
    return f"is cut off: its header promises {promised:,} bytes of samples, it has {there:,}"


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:  # OSError: its library, libsndfile
        raise ConfigError(f"reading recordings needs soundfile ({error}): pip install 'rnnlib-py[audio]'") from None
    return soundfile


@contextmanager
def _soundfile_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Damaged files make soundfile raise exceptions of several kinds."""
    library = _soundfile()
    try:
        yield
    except (DataError, ConfigError):
        raise
    except library.LibsndfileError as error:
        if "not recognised" in error.error_string or "unimplemented format" in error.error_string:
            raise DataError(f"{path}: is no recording of a known format, or damaged") from None
        raise DataError(f"{path}: cannot be read as a recording: {error.error_string.rstrip('.')}") from None
    except Exception as error:
        raise DataError(f"{path}: cannot be read as a recording: {error}") from error
