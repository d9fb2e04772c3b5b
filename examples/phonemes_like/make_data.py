# SPDX-License-Identifier: Apache-2.0
"""Makes data files of phone sequences: of TIMIT, or of sentences of a synthetic voice in TIMIT's form.

python make_data.py [--data TIMIT/TRAIN] [-o OUT] [--quick]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from rnnlib_py import prepare

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "spoken_digits"))

from voice import RATE, Voice, speak, write_wav  # noqa: E402

# Syllables are an onset, a vowel and a coda. Stops are said as a closure and a burst, or, as in TIMIT, as the closure
# alone at the end of a syllable. Reduced vowels are common, as in English.
ONSETS = ["", "s", "z", "sh", "zh", "f", "v", "th", "hh", "w", "y", "r", "l", "m", "n"]
ONSETS += ["tcl t", "kcl k", "pcl p", "dcl d", "bcl b", "s tcl t", "tcl t r", "pcl p l", "kcl k l", "f r", "bcl b r"]
VOWELS = ["iy", "ih", "eh", "ae", "ah", "aa", "ao", "uh", "uw", "er", "ax", "ix", "axr", "ey", "ay", "ow", "ix", "ax"]
CODAS = ["", "", "", "s", "z", "m", "n", "ng", "l", "tcl", "kcl", "dcl", "n dcl", "s tcl t", "kcl s"]
ENDINGS = ["", "", "el", "en"]


def sentence(rng: np.random.Generator) -> list[str]:
    """Phones of 4 to 9 syllables, now and then with a pause between them, and silence around them."""
    phones = ["h#"]
    for _ in range(rng.integers(4, 10)):
        for choices in (ONSETS, VOWELS, CODAS):
            phones += choices[rng.integers(len(choices))].split()
        if rng.random() < 0.1:
            phones.append("h#")
    phones += ENDINGS[rng.integers(len(ENDINGS))].split()
    return phones if phones[-1] == "h#" else [*phones, "h#"]


def synthesise(folder: Path, speakers: int, sentences: int) -> None:
    """A folder for each speaker with SX1.WAV and SX1.PHN, whose lines are first sample, end and phone."""
    rng = np.random.default_rng(1)
    for speaker in range(speakers):
        home = folder / f"SPK{speaker:03}"
        home.mkdir(parents=True, exist_ok=True)
        voice = Voice.draw(rng)
        for number in range(1, sentences + 1):
            phones = sentence(rng)
            sound, places = speak(phones, voice, rng)
            write_wav(home / f"SX{number}.WAV", sound)
            lines = [f"{first} {end} {phone}\n" for (first, end), phone in zip(places, phones, strict=True)]
            (home / f"SX{number}.PHN").write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of TIMIT: a folder for each speaker with .WAV and .PHN")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few sentences, to try the commands")
    options = parser.parse_args(arguments)
    recordings = options.data
    if recordings is None:
        recordings = options.output / "sentences"
        synthesise(recordings, *((5, 2) if options.quick else (60, 10)))
        print(f"sentences of a synthetic voice at {RATE} samples per second are in {recordings}")
    prepare.audio(
        recordings, options.output, task="transcription", labels="phones", label_map=HERE / "61to39.txt",
        features="mfcc", by_group="folder", force=True, progress=None if options.quick else sys.stderr,
    )  # fmt: skip


if __name__ == "__main__":
    main()
