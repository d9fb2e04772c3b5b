# SPDX-License-Identifier: Apache-2.0
"""Processes that train a network together, here as threads: what MPI does is in tests/python/integrations."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thread_ranks import ThreadRanks, on_ranks
from tiny import LABELS, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.training.agreement import Contents, check_same_place, check_same_work
from rnnlib_py.training.ranks import RankError, Ranks, RanksLostError

pytestmark = pytest.mark.usefixtures("folder")


def config_of(**values: object) -> rnn.Config:
    write_data(Path("many.nc"), transcription(count=50))
    return rnn.Config.read(write_config(Path("many.config"), trainFile="many.nc", valFile="train.nc", **values))


def changed(config: rnn.Config, **values: object) -> rnn.Config:
    config = config.copy()
    for name, value in values.items():
        config[name] = value
    return config


@pytest.mark.parametrize("values", [{"optimiser": "adam", "seqsPerWeightUpdate": 20}, {"optimiser": "rprop"}])
def test_ranks_come_to_the_bits_of_one_process(values: dict[str, object]) -> None:
    config = config_of(**values)
    alone = rnn.train(config)
    runs: list[Any] = on_ranks(3, lambda ranks: rnn.train(config, ranks=ranks, threads=1 + ranks.rank))
    for run in runs:
        np.testing.assert_array_equal(run.network.core.weights(), alone.network.core.weights())
        assert [epoch.errors for epoch in run.history] == [epoch.errors for epoch in alone.history]


def test_one_rank_writes(capsys: pytest.CaptureFixture[str]) -> None:
    config = config_of(seqsPerWeightUpdate=20)
    rnn.train(config, output_dir="alone")
    runs: list[Any] = on_ranks(2, lambda ranks: rnn.train(config, output_dir="run", ranks=ranks))
    assert [run.last_save for run in runs] == [Path("run/last.save")] * 2
    for name in ("last.save", "best.save"):
        assert Path("run", name).read_bytes() == Path("alone", name).read_bytes()
    log = Path("run/log.txt").read_text()
    assert log.count("epoch 1 ") == Path("alone/log.txt").read_text().count("epoch 1 ")
    assert "2 ranks share the sequences of an update" in log
    assert capsys.readouterr().out == ""


def test_small_updates_are_warned_of() -> None:
    config = config_of(seqsPerWeightUpdate=2)
    on_ranks(3, lambda ranks: rnn.train(config, output_dir="run", ranks=ranks))
    assert "so that 1 of the 3 ranks have nothing to do" in Path("run/log.txt").read_text()


def test_an_answer_of_one_callback_ends_all() -> None:
    config = config_of(totalEpochs=20)
    runs: list[Any] = on_ranks(
        2, lambda ranks: rnn.train(config, ranks=ranks, on_epoch=lambda run: ranks.rank == 0 or run.epoch < 3)
    )
    assert [(run.epoch, run.stopped) for run in runs] == [(3, "stopped by the caller")] * 2


def test_the_time_limit_of_one_ends_all() -> None:
    config = config_of(totalEpochs=-1, maxTestsNoBest=0)

    def work(ranks: ThreadRanks) -> rnn.Run:
        return rnn.train(config, output_dir="run", ranks=ranks, time_limit=0.3 if ranks.rank == 1 else 1000)

    runs: list[Any] = on_ranks(2, work)
    assert runs[0].epoch == runs[1].epoch
    assert "reached" in runs[1].stopped
    again: list[Any] = on_ranks(
        3, lambda ranks: rnn.train("run/last.save", output_dir="run", resume=True, time_limit=0.1, ranks=ranks)
    )
    assert again[0].epoch >= runs[0].epoch
    np.testing.assert_array_equal(again[0].network.core.weights(), again[2].network.core.weights())


def test_an_error_of_one_rank_ends_all_with_its_text() -> None:
    config = config_of()

    def work(ranks: ThreadRanks) -> rnn.Run:
        def fail(run: rnn.Run) -> None:
            if ranks.rank == 1 and run.epoch == 1:
                raise RuntimeError("the disk of rank 1 is full")

        return rnn.train(config, ranks=ranks, on_epoch=fail)

    found = on_ranks(3, work)
    assert isinstance(found[1], RuntimeError)
    for error in (found[0], found[2]):
        assert isinstance(error, RankError)
        assert str(error) == "rank 1: the disk of rank 1 is full"


def test_a_file_that_one_rank_does_not_see() -> None:
    config = config_of()
    configs = [changed(config, trainFile="no.nc"), config]
    found = on_ranks(2, lambda ranks: rnn.train(configs[ranks.rank], ranks=ranks))
    assert isinstance(found[0], rnn.IoError)
    assert isinstance(found[1], RankError)
    assert "no.nc" in str(found[1])


@pytest.mark.parametrize(
    ("other", "kind", "text"),
    [
        ({"hiddenSize": 5}, ConfigError, "hiddenSize is 3 on rank 0 ("),
        ({"momentum": 0.5}, ConfigError, "momentum is not given on rank 0 ("),
        ({"trainFile": "others.nc"}, ConfigError, "many.nc on rank 0 ("),
    ],
)
def test_different_configs_are_refused_before_the_first_epoch(
    other: dict[str, object], kind: type[Exception], text: str
) -> None:
    write_data(Path("others.nc"), transcription(count=50, seed=1))
    configs = [config_of(), changed(config_of(), **other)]
    found = on_ranks(2, lambda ranks: rnn.train(configs[ranks.rank], output_dir="run", ranks=ranks))
    for error in found:
        assert isinstance(error, kind)
        assert text in str(error)
        assert "on rank 1 (" in str(error)
    assert not Path("run").exists()


def test_different_data_are_refused() -> None:
    """A number in the last sequence, which no sample of them would show."""
    sequences = [transcription(count=200) for _ in range(2)]
    sequences[1][150]["inputs"][3, 1] += 1e-3
    data = [rnn.Dataset(s, labels=LABELS, task="transcription") for s in sequences]
    config = {"task": "transcription", "hiddenSize": 3, "totalEpochs": 1}
    found = on_ranks(2, lambda ranks: rnn.train(config, train=data[ranks.rank], ranks=ranks))
    for error in found:
        assert isinstance(error, DataError)
        assert "the train set is 200 sequences with contents " in str(error)


def test_ranks_of_different_programs_are_refused() -> None:
    config = rnn.Config.read("x.config")

    class Other(Ranks):
        size = 2

        def exchange(self, own: Any) -> list[Any]:
            return [own, (own[0], {**own[1], "the instruction set": "avx2-ish"})]

    with pytest.raises(ConfigError, match=r"avx2-ish on rank 1 .*RNNLIB_ISA=baseline"):
        check_same_work(Other(), config, {})
    check_same_work(Ranks(), config, {"train": Contents()})


def test_ranks_in_different_places_are_refused() -> None:
    networks = [rnn.train("x.config").network for _ in range(2)]
    networks[1].core.set_weights(networks[1].core.weights() + 1)
    found = on_ranks(2, lambda ranks: check_same_place(ranks, networks[ranks.rank], "epoch 1"))
    for error in found:
        assert isinstance(error, DataError)
        assert "the hash of the weights is " in str(error)


def test_a_seed_of_the_clock_is_that_of_rank_0() -> None:
    config = config_of(randSeed=0)
    runs: list[Any] = on_ranks(2, lambda ranks: rnn.train(config, ranks=ranks))
    np.testing.assert_array_equal(runs[0].network.core.weights(), runs[1].network.core.weights())


def test_a_deserted_rank_saves_after_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others went in the middle of the epoch: what had been trained is in the save."""
    interrupts = []
    enter = Interrupt.__enter__
    monkeypatch.setattr(Interrupt, "__enter__", lambda self: interrupts.append(self) or enter(self))

    class Deserted(Ranks):
        size = 2
        epochs = 0

        @property
        def group(self) -> Any:
            return self

        exchanges = 0

        def exchange(self, own: Any) -> list[Any]:
            return [own, own]

        def exchange_bytes(self, own: bytes) -> list[bytes]:
            self.exchanges += 1
            if self.exchanges > 12:
                assert self.while_waiting is not None
                self.while_waiting(1.0)  # no signal came
                assert not Path("run/last.save").exists()
                interrupts[0].number = signal.SIGTERM
                self.while_waiting(1.0)
                self.while_waiting(100.0)
            return [own, b"\0"]

        def send(self, values: memoryview) -> None: ...
        def receive(self, values: memoryview) -> None: ...
        def broadcast(self, values: memoryview, root: int) -> None: ...

    config = config_of(seqsPerWeightUpdate=16)
    write_data(Path("many.nc"), transcription(count=400))
    with pytest.raises(RanksLostError, match="have not answered"):
        rnn.train(config, output_dir="run", ranks=Deserted())
    save = Path("run/last.save").read_text()
    assert "trainer_epochUnderWay" in save
