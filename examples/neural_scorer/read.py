# SPDX-License-Identifier: Apache-2.0
"""Reads the test signals in four ways: best path, beam search alone, with n-grams, and with the network that was
trained on texts. Prints the shares of wrong labels and lines of each.

Usage: python read.py READER.save LANGUAGE.save TEXTS.txt TEST.nc
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import rnnlib_py as rnn

WIDTH = 32


def main(reader_save: str, language_save: str, texts: str, test: str) -> None:
    reader = rnn.Network.load(reader_save)
    arpa = Path(tempfile.mkdtemp()) / "characters.arpa"
    rnn.make_lm(texts, arpa, order=5, units="characters")
    language = rnn.NetworkScorer(language_save, weight=0.7, label_bonus=0.7)
    decoders: dict[str, rnn.Beam | None] = {
        "best path": None,
        "beam search": rnn.Beam(WIDTH),
        "with 5-grams": rnn.Beam(WIDTH, lm=arpa, lm_weight=0.7, word_bonus=0.7),
        "with the network": rnn.Beam(WIDTH, scorer=language),
    }
    with rnn.Dataset.read(test, task="transcription") as data:
        for name, decoder in decoders.items():
            errors = reader.evaluate(data, decoder=decoder)
            labels, lines = 100 * errors["labelError"], 100 * errors["seqError"]
            print(f"{name:<18} {labels:5.2f} % of the labels, {lines:5.1f} % of the lines")


if __name__ == "__main__":
    main(*sys.argv[1:])
