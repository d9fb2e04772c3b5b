# SPDX-License-Identifier: Apache-2.0
"""What the configs that `prepare` writes have in common: their form, and how long is trained with what steps."""

from __future__ import annotations

import math

_FEW = 1000  # sequences


def learning_keys(
    sequences: int,
    updates: int,
    epochs: tuple[int, int],
    batch: int | None = None,
    learn_rate: str = "3e-3",
) -> dict[str, str]:
    """The keys of the optimiser and of how long is trained, with their values.

    Parameters
    ----------
    sequences
        In the training set.
    updates
        That learning takes.
    epochs
        Least and most.
    batch
        Sequences of an update; None: 16, or 8 where there are less than 1000 sequences.
    learn_rate
        As the key has it.
    """
    batch = batch or (8 if sequences < _FEW else 16)
    of_an_epoch = math.ceil(sequences / batch)
    count = min(max(math.ceil(updates / of_an_epoch), epochs[0]), epochs[1])
    return {
        "optimiser": "adam",
        "learnRate": learn_rate,
        "seqsPerWeightUpdate": str(batch),
        "maxGradientNorm": "100",
        "learnRateSchedule": "cosine",
        "warmupUpdates": str(min(100, of_an_epoch)),
        "totalEpochs": str(count),
        "maxTestsNoBest": str(count),
    }


def starter_config(
    about: str,
    task: str,
    files: dict[str, str],
    layers: list[str],
    sequences: int,
    updates: int,
    epochs: tuple[int, int],
    learn_rate: str = "3e-3",
) -> str:
    """The text of a config.

    Parameters
    ----------
    about
        The data, in words, for the first line.
    task
        Of the data files.
    files
        "train" and "val" -> the names of their files, for those there are.
    layers
        Lines about the network and its regularisation.
    sequences
        In the training set.
    updates
        That learning takes. Each is made after 16 sequences, or 8 where there are less than 1000.
    epochs
        Least and most.
    learn_rate
        As the key has it.
    """
    text = [
        f"# Made by `rnnlib-py prepare` for {about}.",
        f"task {task}",
        *(f"{key}File {name}" for key, name in files.items()),
        "",
        *layers,
        "",
        *(f"{key} {value}" for key, value in learning_keys(sequences, updates, epochs, learn_rate=learn_rate).items()),
        "randSeed 1",
        "autosave true",
    ]
    return "".join(f"{line}\n" for line in text)
