# SPDX-License-Identifier: Apache-2.0
"""Makes sentences of a small grammar, and "signals" of some of them: two noisy points per character, in which pairs of
characters look nearly alike. Writes reader_*.nc (signals with their texts), language_*.nc (texts alone) and texts.txt.

Usage: python make_data.py [FOLDER]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np

import rnnlib_py as rnn

SPACE, END = "␣", "</s>"
NOUNS = ["sailor", "baker", "farmer", "teacher", "painter", "doctor", "singer", "driver"]
VERBS = ["see", "hear", "follow", "thank", "paint", "watch", "remember", "greet"]
ADJECTIVES = ["old", "young", "tired", "happy", "famous", "quiet", "clever", "strong"]
PLACES = ["in the garden", "near the river", "at the market", "behind the house", "on the bridge"]
NOISE = 2.0


def sentence(source: random.Random) -> str:
    """The verb agrees with its subject, which may be far away: "the singers behind the house greet a tired baker"."""
    many = source.random() < 0.5
    subject = source.choice(NOUNS) + ("s" if many else "")
    verb = source.choice(VERBS)
    parts = ["the" if many else source.choice(["the", "a"])]
    parts += [source.choice(ADJECTIVES)] if source.random() < 0.4 else []
    parts += [subject]
    parts += [source.choice(PLACES)] if source.random() < 0.5 else []
    parts += [verb if many else f"{verb}{'es' if verb.endswith('ch') else 's'}"]
    parts += [source.choice(["the", "a"])]
    parts += [source.choice(ADJECTIVES)] if source.random() < 0.4 else []
    return " ".join([*parts, source.choice(NOUNS)])


def signal(text: list[str], shapes: dict[str, np.ndarray], source: np.random.Generator) -> np.ndarray:
    points = np.repeat([shapes[label] for label in text], 2, axis=0)
    return (points + source.normal(0, NOISE, points.shape)).astype(np.float32)


def next_labels(text: list[str], labels: list[str]) -> tuple[np.ndarray, list[str]]:
    """Each point of the inputs stands for the label before, the first one for the end of another text."""
    numbers = [labels.index(label) for label in [END, *text]]
    return np.eye(len(labels), dtype=np.float32)[numbers], [*text, END]


def main(folder: Path) -> None:
    source, noise = random.Random(1), np.random.default_rng(1)
    texts = [rnn.characters(sentence(source)) for _ in range(4000)]
    labels = sorted({label for text in texts for label in text})
    shapes = {}
    for i, label in enumerate(labels):  # every second one is like the one before
        other = list(shapes.values())[-1] if i % 2 else noise.normal(0, 1.5, 8)
        shapes[label] = other + noise.normal(0, 0.5, 8)
    parts = {"train": texts[:600], "val": texts[600:700], "test": texts[700:900]}
    for name, part in parts.items():
        pairs = [(signal(text, shapes, noise), text) for text in part]
        rnn.write_netcdf(folder / f"reader_{name}.nc", pairs, labels, task="transcription")
    # No text of the test set is among those that the language models learn from.
    known = {tuple(text) for text in parts["test"]}
    free = [text for text in texts[900:] if tuple(text) not in known]
    outputs = [*labels, END]
    for name, part in {"train": free[:-200], "val": free[-200:]}.items():
        pairs = [next_labels(text, outputs) for text in part]
        rnn.write_netcdf(folder / f"language_{name}.nc", pairs, outputs, task="classification")
    lines = ["".join(text).replace(SPACE, " ") for text in free[:-200]]
    (folder / "texts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
