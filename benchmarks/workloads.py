# SPDX-License-Identifier: Apache-2.0
"""The problems that are timed: random data with the sizes of real ones, and a network for each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# Every network is trained in the same way: small steps, so that its weights stay what they are.
TRAINING = {"hiddenType": "lstm", "optimiser": "steepest", "learnRate": "1e-5", "momentum": "0.9", "randSeed": "1"}


@dataclass(frozen=True)
class Workload:
    """Sequences of one size: `shape` of their points (x first), inputs per point, labels per target."""

    name: str
    about: str
    task: str
    shape: tuple[int, ...]
    input_size: int
    num_labels: int
    target_length: int
    network: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> dict[str, str]:
        return {"task": self.task, **TRAINING, **self.network}

    @property
    def labels(self) -> list[str]:
        return [f"l{i}" for i in range(self.num_labels)]

    def inputs(self, count: int) -> list[NDArray[np.float32]]:
        """`count` arrays [*shape, input_size], standard normal; the same ones every time."""
        rng = np.random.default_rng(7)
        return [rng.standard_normal((*self.shape, self.input_size), dtype=np.float32) for _ in range(count)]

    def targets(self, count: int) -> list[NDArray[np.int32]]:
        """`count` arrays [target_length]; the same ones every time."""
        rng = np.random.default_rng(8)
        return [rng.integers(0, self.num_labels, self.target_length, dtype=np.int32) for _ in range(count)]


_ALL = [
    Workload(
        "speech_1d",
        "phonemes, one bidirectional level",
        "transcription",
        (300,),
        26,
        61,
        40,
        {"hiddenSize": "100"},
    ),
    Workload(
        "speech_1d_wide",
        "the same, wide enough to be bound by matrix products",
        "transcription",
        (300,),
        26,
        61,
        40,
        {"hiddenSize": "250,250"},
    ),
    Workload(
        "online_1d",
        "online handwriting, three levels",
        "transcription",
        (600,),
        4,
        60,
        12,
        {"hiddenSize": "20,60,180", "subsampleSize": "20,60", "hiddenBlock": "2;2"},
    ),
    Workload(
        "arabic_2d",
        "offline handwriting, three narrow levels",
        "transcription",
        (320, 120),
        1,
        120,
        8,
        {"inputBlock": "3,4", "hiddenSize": "2,10,50", "subsampleSize": "6,20", "hiddenBlock": "3,4;2,4"},
    ),
    Workload(
        "digits_2d",
        "single digits, pixel by pixel",
        "sequence_classification",
        (28, 28),
        1,
        10,
        1,
        {"hiddenSize": "25"},
    ),
    Workload(
        "lines_2d",
        "lines of text, three wide levels",
        "transcription",
        (1000, 64),
        1,
        80,
        40,
        {"inputBlock": "2,2", "hiddenSize": "16,32,96", "subsampleSize": "24,64", "hiddenBlock": "2,2;2,2"},
    ),
    Workload(
        "video_3d",
        "short films, two levels",
        "sequence_classification",
        (20, 40, 40),
        1,
        6,
        1,
        {"inputBlock": "1,2,2", "hiddenSize": "4,8", "subsampleSize": "8", "hiddenBlock": "2,2,2"},
    ),
    Workload(
        "mdlstm_2d_bench",
        "one 2D level with 16 inputs and 4 x 16 units on images of 32 x 128",
        "sequence_classification",
        (128, 32),
        16,
        2,
        1,
        {"hiddenSize": "16"},
    ),
    Workload(
        "tiny_2d",
        "a trial of this program; not among those run by default",
        "transcription",
        (12, 6),
        1,
        4,
        2,
        {"inputBlock": "2,2", "hiddenSize": "2,3", "subsampleSize": "2", "hiddenBlock": "1,2"},
    ),
]

WORKLOADS = {workload.name: workload for workload in _ALL}
DEFAULT = [name for name in WORKLOADS if name != "tiny_2d"]
