# SPDX-License-Identifier: Apache-2.0
"""Made data for decoders: a language of 50,000 words, lines of it, and outputs like those of a trained network."""

from __future__ import annotations

import json
import string
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rnnlib_py as rnn

LABELS = [*string.ascii_letters, *string.digits, *".,;:!?'\"()-&/+*=%", "␣"]  # 80
POINTS = 200
WORDS = 50_000
SUCCESSORS = 20  # that a word mostly has

Array = NDArray[np.float64]


class Language:
    """Words with frequencies like those of a natural language, each with favourites that follow it."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        letters = 1 / np.arange(1, 27) ** 0.8
        words: set[str] = set()
        while len(words) < WORDS:
            length = int(np.clip(random.gamma(6, 1.1), 1, 16))
            word = "".join(random.choice(list(string.ascii_lowercase), length, p=letters / letters.sum()))
            words.add(word.capitalize() if random.random() < 0.2 else word)
        self.words = sorted(words)
        random.shuffle(self.words)
        frequencies = 1 / (np.arange(WORDS) + 3)
        self.cumulated = np.cumsum(frequencies / frequencies.sum())
        self.successors = self._sample((WORDS, SUCCESSORS))

    def _sample(self, shape: tuple[int, ...]) -> NDArray[np.int64]:
        return np.minimum(np.searchsorted(self.cumulated, self.random.random(shape)), WORDS - 1)

    def line(self, letters: int) -> list[str]:
        """Words of about so many letters, with the blanks between them."""
        word = int(self._sample((1,))[0])
        line = [word]
        while sum(len(self.words[w]) + 1 for w in line) < letters:
            is_favourite = self.random.random() < 0.7
            choice = (
                self.successors[word, int(self.random.integers(SUCCESSORS))] if is_favourite else self._sample((1,))[0]
            )
            word = int(choice)
            line.append(word)
        return [self.words[w] for w in line]


def peaky_outputs(labels: list[int], random: np.random.Generator) -> Array:
    """Outputs [points, units]: blanks, and spikes of one to three points; now and then a wrong label is larger."""
    blank = len(LABELS)
    net = random.normal(0, 1.2, (POINTS, blank + 1))
    net[:, blank] += 11 + random.normal(0, 1, POINTS)
    places = np.linspace(3, POINTS - 4, len(labels)) + random.uniform(-0.8, 0.8, len(labels))
    for label, place in zip(labels, places.astype(int), strict=True):
        doubt = random.choice([0.0, 3.0, 9.0], p=[0.85, 0.09, 0.06])  # how near another label is
        net[place, blank] -= 9 - doubt / 3
        net[place, label] += 12 - doubt * random.uniform(0.2, 0.6)
        net[place, (label * 7 + int(random.integers(3))) % blank] += 5 + doubt * random.uniform(0.1, 0.55)
        if random.random() < 0.6:
            net[place + 1, blank] -= 4
            net[place + 1, label] += 6
    return _softmax(net)


def flat_outputs(labels: list[int], random: np.random.Generator) -> Array:
    """The worst case: as of a network that has hardly learned anything, but where the labels are."""
    net = random.normal(0, 1, (POINTS, len(LABELS) + 1))
    net[:, len(LABELS)] += 2
    net[np.linspace(3, POINTS - 4, len(labels)).astype(int), labels] += 3
    return _softmax(net)


def _softmax(net: Array) -> Array:
    outputs: Array = np.exp(net - net.max(axis=1, keepdims=True))
    return outputs / outputs.sum(axis=1, keepdims=True)


def make_data(folder: Path, sequences: int) -> None:
    """Writes labels.json, words.txt, lm.arpa, texts.json, peaky.npy and flat.npy."""
    random = np.random.default_rng(1)
    language = Language(random)
    (folder / "labels.json").write_text(json.dumps(LABELS), encoding="utf-8")
    (folder / "words.txt").write_text("\n".join(language.words) + "\n", encoding="utf-8")
    with (folder / "text.txt").open("w", encoding="utf-8") as file:
        file.writelines(" ".join(language.line(60)) + "\n" for _ in range(40_000))
    rnn.make_lm(folder / "text.txt", folder / "lm.arpa", units="words", order=3)
    texts = [" ".join(language.line(36)) for _ in range(sequences)]
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    indices = {label: i for i, label in enumerate(LABELS)}
    for name, make in (("peaky", peaky_outputs), ("flat", flat_outputs)):
        outputs = [make([indices[c] for c in text.replace(" ", "␣")], random) for text in texts]
        np.save(folder / f"{name}.npy", np.array(outputs))
