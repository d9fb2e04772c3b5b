# SPDX-License-Identifier: Apache-2.0
"""Makes data files of spoken digits: of recordings, or of a synthetic voice where there are none.

python make_data.py [--data RECORDINGS] [-o OUT] [--quick]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from voice import Voice, speak, write_wav

from rnnlib_py import prepare

DIGITS = ["z iy r ow", "w ah n", "t uw", "th r iy", "f ao r", "f ay v", "s ih k s", "s eh v ah n", "ey t", "n ay n"]
CLOSURES = {"t": "tcl", "k": "kcl"}  # the silence before a burst


def phones_of(digit: int) -> list[str]:
    """With the silence around the word, and that of its stops."""
    said = ["h#"]
    for phone in DIGITS[digit].split():
        said += [CLOSURES[phone], phone] if phone in CLOSURES else [phone]
    return [*said, "h#"]


def synthesise(folder: Path, speakers: int, repetitions: int) -> None:
    """Recordings named as those of the Free Spoken Digit Dataset: 7_speaker03_12.wav."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    for speaker in range(speakers):
        voice = Voice.draw(rng)
        for digit in range(10):
            for index in range(repetitions):
                sound, _ = speak(phones_of(digit), voice, rng)
                write_wav(folder / f"{digit}_speaker{speaker:02}_{index}.wav", sound)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of recordings with names such as 7_jackson_12.wav")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few recordings, to try the commands")
    options = parser.parse_args(arguments)
    recordings, group = options.data, r"\d+$"  # of real recordings the index: the same speakers are in all sets
    if recordings is None:
        recordings, group = options.output / "recordings", r"speaker\d+"
        synthesise(recordings, *((5, 2) if options.quick else (25, 8)))
    prepare.audio(
        recordings, options.output, task="sequence_classification", label_from=r"^\d", by_group=group,
        force=True, progress=None if options.quick else sys.stderr,
    )  # fmt: skip


if __name__ == "__main__":
    main()
