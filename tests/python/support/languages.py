# SPDX-License-Identifier: Apache-2.0
"""Dictionaries and language models over the labels of `tiny`, and a network that reads what its inputs say."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import rnnlib_py as rnn

LABELS = ["a", "b", "c", "␣"]
WORDS = "ab a b\ncab c a b\nba b a\n"
# Over words: "ba" is far more probable than "ab".
WORD_MODEL = "\\data\\\nngram 1=5\n\n\\1-grams:\n-1\t</s>\n-99\t<s>\n-3\tab\n-3\tcab\n-0.01\tba\n\n\\end\\\n"
# Over labels: after "a" there is nearly always "c".
LABEL_MODEL = (
    "\\data\\\nngram 1=6\nngram 2=1\n\n\\1-grams:\n-1\t</s>\n-99\t<s>\t0\n-0.6\ta\t-2\n-0.6\tb\t0\n-0.6\tc\t0\n"
    "-0.6\t␣\t0\n\n\\2-grams:\n-0.004\ta c\n\n\\end\\\n"
)


def write_language_files(folder: Path) -> None:
    """words.txt, words.arpa and labels.arpa."""
    for name, text in (("words.txt", WORDS), ("words.arpa", WORD_MODEL), ("labels.arpa", LABEL_MODEL)):
        (folder / name).write_text(text, encoding="utf-8")


def copying_network(**keys: object) -> rnn.Network:
    """A network whose outputs are a softmax of its five inputs: one for each label, one for the blank."""
    config = rnn.Config(
        {
            "task": "transcription",
            "hiddenSize": 5,
            "hiddenType": "identity",
            "recurrent": False,
            "bidirectional": False,
            "initWeightRange": 0,
            **keys,
        }
    )
    network = rnn.Network.build(config, rnn.DataHeader(1, 5, 0, LABELS))
    network.set_weights({name: np.eye(5) for name, weights in network.weights.items() if weights.ndim == 2})
    return network


def outputs_of(points: list[dict[str, float]]) -> np.ndarray:
    """Inputs (points, 5) for which the outputs have these probabilities; what is left goes to the blank ("")."""
    rows = []
    for point in points:
        row = [point.get(name, 1e-6) for name in LABELS]
        rows.append([*row, point.get("", max(1e-6, 1 - sum(row)))])
    return np.log(np.array(rows))
