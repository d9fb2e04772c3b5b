# SPDX-License-Identifier: Apache-2.0
"""Speeds, times left, and how they and other numbers are written."""

from __future__ import annotations

import io

import numpy as np
import pytest

from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.memory import peak_memory
from rnnlib_py.system.units import bytes_text, clock_text, plain
from rnnlib_py.training import progress
from rnnlib_py.training.throughput import Throughput


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_position_within_an_epoch() -> None:
    clock = Clock()
    throughput = Throughput(3, clock)
    throughput.begin_epoch(1, 10)
    throughput.begin_batch(4, 400)
    assert throughput.at(0).epoch_left is None
    clock.now += 2
    half = throughput.at(2)
    assert (half.sequences_per_second, half.points_per_second, half.epoch_left) == (1, 100, 8)
    assert half.run_left == 8 + 2 * 10  # epochs 2 and 3 at this rate
    clock.now += 2
    assert throughput.at(4).points_per_second == 100
    throughput.begin_batch(6, 60)
    clock.now += 6
    end = throughput.at(10)
    assert (end.done, end.total, end.points_per_second, end.epoch_left) == (10, 10, 46, 0)


def test_time_left_counts_the_tests_of_the_other_sets() -> None:
    clock = Clock()
    throughput = Throughput(5, clock)
    for epoch in (1, 2):
        throughput.begin_epoch(epoch, 10)
        throughput.begin_batch(10, 10)
        clock.now += 20 + 4  # four of them testing
        throughput.end_epoch(20)
    assert throughput.seconds_left() == 3 * 24
    throughput.begin_epoch(3, 10)
    clock.now += 10
    position = throughput.at(5)
    assert position.epoch_left == 10
    assert position.run_left == 10 + 4 + 2 * 24


def test_without_a_limit_nothing_is_said_of_the_run() -> None:
    clock = Clock()
    throughput = Throughput(None, clock)
    throughput.begin_epoch(1, 2)
    clock.now += 1
    assert throughput.at(1).run_left is None
    throughput.end_epoch(1)
    assert throughput.seconds_left() is None


def test_an_epoch_that_was_begun_before_a_save() -> None:
    clock = Clock()
    throughput = Throughput(2, clock)
    throughput.begin_epoch(1, 10, done=6)
    throughput.begin_batch(4, 40)
    clock.now += 2
    position = throughput.at(8)
    assert (position.sequences_per_second, position.points_per_second, position.epoch_left) == (1, 10, 2)
    clock.now += 2
    throughput.end_epoch(4)
    assert throughput.seconds_left() == 10  # a whole epoch, not the four sequences of this one


def test_only_recent_epochs_count() -> None:
    clock = Clock()
    throughput = Throughput(11, clock)
    for epoch in range(1, 11):
        throughput.begin_epoch(epoch, 1)
        seconds = 100 if epoch <= 5 else 1
        clock.now += seconds
        throughput.end_epoch(seconds)
    assert throughput.seconds_left() == 1


def test_lines_of_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    monkeypatch.setattr(progress, "peak_memory", lambda: 3 << 20)
    clock = Clock()
    throughput = Throughput(2, clock)
    stream = io.StringIO()
    shown = progress.make_progress(stream)
    shown.start(1, 10)
    throughput.begin_epoch(1, 10)
    throughput.begin_batch(10, 2000)
    clock.now += 90
    shown.update(throughput.at(0), [])
    assert stream.getvalue() == ""
    shown.update(throughput.at(3), [])
    shown.stop()
    assert stream.getvalue() == (
        "epoch 1: 3 of 10 sequences, 0.0333 sequences/s, 6.67 points/s, 3:30 left (run 8:30), 3 MiB\n"
    )


def test_parts_of_a_bar_that_do_not_fit_are_left_out_whole() -> None:
    parts = ["0:12 left", "", "ctcError 3", "47 sequences/s"]
    assert progress._joined(parts, 100) == "0:12 left, ctcError 3, 47 sequences/s"
    assert progress._joined(parts, 36) == "0:12 left, ctcError 3"
    assert progress._joined(parts, 3) == ""


def test_peak_memory_grows_with_what_is_used() -> None:
    before = peak_memory()
    assert before is not None
    assert 1e7 < before < 1e11
    block = np.ones(before // 8 + (1 << 22))  # as much again as everything so far
    after = peak_memory()
    assert after is not None
    assert after >= block.nbytes


def test_speeds_of_an_epoch() -> None:
    work = EpochWork(4.0, 8, 1000, 3_000_000)
    assert work.seconds_per_sequence == 0.5
    assert work.sequences_per_second == 2
    assert work.points_per_second == 250
    assert work.million_weight_ops_per_second == 3 * 3 * 250


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.1, "2.1"),
        (8535.674, "8535.67"),
        (123456789.0, "123456789"),
        (1e16, "10000000000000000"),
        (0.00000123456789, "0.00000123457"),
        (0.0, "0"),
        (-0.25, "-0.25"),
        (100.0, "100"),
        (float("inf"), "inf"),
    ],
)
def test_plain_numbers(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.6, "1:00"), (754, "12:34"), (3723, "1:02:03"), (172800, "2 days 0 h"), (277200, "3 days 5 h")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"), [(5, "5 B"), (1010, "1010 B"), (1536, "1.5 KiB"), (85 << 20, "85 MiB"), (3 << 40, "3072 GiB")]
)
def test_bytes(size: int, text: str) -> None:
    assert bytes_text(size) == text
