# SPDX-License-Identifier: Apache-2.0
"""Damaged saves, and saves that cannot be written: a clear error, nothing lost."""

from __future__ import annotations

import re
import resource
from pathlib import Path

import pytest
from tiny import left_behind, run_cli, start_cli, unsealed, write_config

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def make_save() -> Path:
    run = rnn.train(rnn.Config.read("x.config", autosave=True))
    assert run.last_save is not None
    return run.last_save.rename("net.save")


def edit(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, unsealed(path.read_text()), count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text)


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r"^weightContainer_bias_to_output_weights .*\n", "", ["bias_to_output"]),
        (r"^(weightContainer_bias_to_output_weights) 4", r"\1 5", ["bias_to_output", "5"]),
        (r"^(weightContainer_bias_to_output_weights) 4 (.*)$", r"\1 5 \2 1", ["bias_to_output"]),
        (r"^(weightContainer_bias_to_output_weights 4) \S+", r"\1 heavy", ["bias_to_output", "heavy"]),
        (r"^(weightContainer_bias_to_output_weights 4) \S+", r"\1 nan", ["bias_to_output"]),
        (r"^weightContainer_bias_to_output_weights", "weightContainer_bias_to_nowhere_weights", ["bias_to_"]),
        (r"^trainer_epoch .*$", "trainer_epoch three", ["trainer_epoch", "three"]),
        (r"^trainer_random .*$", "trainer_random 12", ["12"]),
        (r"^trainer_best_ctcError .*$", 'trainer_best_ctcError {"epoch":', ["trainer_best_ctcError"]),
    ],
)
def test_damaged_saves(pattern: str, replacement: str, words: list[str], capsys: Capture) -> None:
    save = make_save()
    edit(save, pattern, replacement)
    left = left_behind(Path())
    assert run_cli("train", save, "--totalEpochs=3") == 1
    error = capsys.readouterr().err
    assert error.startswith("rnnlib-py: error: ")
    assert all(word in error for word in words)
    assert left_behind(Path()) == left


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.9, 0.999])
def test_save_cut_short_anywhere(part: float, capsys: Capture) -> None:
    save = make_save()
    text = save.read_text()
    save.write_text(text[: int(part * len(text))])
    for command in ("train", "test", "info"):
        assert run_cli(command, save) in (1, 2)
        assert "rnnlib-py: error: " in capsys.readouterr().err


def test_empty_save(capsys: Capture) -> None:
    Path("net.save").write_text("")
    assert run_cli("train", "net.save") == 1
    assert "net.save" in capsys.readouterr().err


# --- writing ---


def test_folder_that_cannot_be_written_is_found_before_training(capsys: Capture) -> None:
    """The data are found in the current folder; the config's own folder takes no files (also for root)."""
    config = rnn.Config.read("x.config", autosave=True)
    config.path = Path("/proc/self/x.config")
    with pytest.raises(rnn.IoError, match=r"/proc/self: cannot write files in this folder"):
        rnn.train(config, on_epoch=lambda _: pytest.fail("training has begun"))
    save = make_save()
    capsys.readouterr()
    assert run_cli("predict", save, "train.nc", "-o", "x.config/out.jsonl") == 1
    assert "x.config: cannot write" in capsys.readouterr().err


def limit_file_size(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_disk_full_while_saving_keeps_the_save_before() -> None:
    """Files may grow to half the size of a save, which the log does not reach."""
    save = make_save()
    before = save.read_bytes()
    limit = len(before) // 2
    config = write_config(Path("y.config"), autosave=True)
    process = start_cli("train", config, before=lambda: limit_file_size(limit))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(r"rnnlib-py: error: y@\S+\.best_\w+\.save: cannot be written: File too large\n", err)
    assert save.read_bytes() == before
    assert not list(Path().glob("*rnnlib-tmp*"))
    assert not list(Path().glob("y@*.save"))


def test_a_save_that_cannot_be_replaced_stays() -> None:
    """The .last.save of epoch 1 is still whole when that of epoch 2 cannot be written."""
    run_names = []

    def fill_disk(run: rnn.Run) -> None:
        run_names.append((run.last_save, (run.last_save or Path()).read_bytes()))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(rnn.IoError):
            rnn.train(rnn.Config.read("x.config", autosave=True, totalEpochs=5), on_epoch=fill_disk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    ((path, content),) = run_names
    assert path is not None
    assert path.read_bytes() == content
    assert rnn.Config.read(path).save is not None
