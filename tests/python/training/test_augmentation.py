# SPDX-License-Identifier: Apache-2.0
"""Augmentation as a user meets it: keys of a config, tests that stay as they are, interrupted runs, the picture."""

from pathlib import Path

import numpy as np
import pytest
from tiny import images, run_cli, unsealed, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.inspect.check import check

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> rnn.Config:
    monkeypatch.chdir(tmp_path)
    write_data(Path("images.nc"), images(count=6, width=24, height=12))
    values = {"hiddenSize": 3, "inputBlock": "2,3", "trainFile": "images.nc", "valFile": "images.nc"}
    return rnn.Config.read(write_config(Path("x.config"), totalEpochs=2, learnRate=1e-3, **values))


def trained(config: rnn.Config, **keys: object) -> rnn.Run:
    changed = config.copy()
    for name, value in keys.items():
        changed[name] = value
    return rnn.train(changed)


def errors(run: rnn.Run, name: str) -> list[float]:
    return [epoch[name]["ctcError"] for epoch in run.history]


def test_only_training_sees_changed_sequences(config: rnn.Config) -> None:
    plain = trained(config, learnRate=0)
    changed = trained(config, learnRate=0, augment="images")
    assert errors(changed, "validation") == errors(plain, "validation")
    assert len({*errors(changed, "train"), errors(plain, "train")[0]}) == 3  # every epoch has its own


def test_key_none_and_strengths_of_zero_change_no_bit(config: rnn.Config) -> None:
    plain = trained(config).network.weights
    for keys in ({"augment": "none"}, {"augmentShear": 0, "augmentNoise": 0}):
        assert all((plain[name] == values).all() for name, values in trained(config, **keys).network.weights.items())
    assert any((plain[name] != v).any() for name, v in trained(config, augmentShear=0.5).network.weights.items())


def test_resumed_runs_end_as_if_never_stopped(config: rnn.Config) -> None:
    keys = {"augment": "images", "autosave": True, "threads": 2}
    whole = trained(config, totalEpochs=3, **keys)
    first = trained(config, totalEpochs=1, threads=1, augment="images", autosave=True)
    assert first.last_save is not None
    rest = rnn.train(rnn.Config.read(first.last_save, totalEpochs=3))
    assert all((values == rest.network.weights[name]).all() for name, values in whole.network.weights.items())
    assert rest.last_save is not None
    assert "augment images" in unsealed(rest.last_save.read_text())
    # The key may change when a run goes on.
    off = rnn.train(rnn.Config.read(first.last_save, totalEpochs=2, augment="none"))
    assert errors(off, "train")[0] != errors(whole, "train")[1]


def test_data_that_cannot_be_augmented_so(config: rnn.Config, capsys: Capture) -> None:
    write_data(Path("line.nc"))
    line = write_config(Path("line.config"), trainFile="line.nc", augment="images")
    assert run_cli("train", line) == 2
    expected = (
        "augment images (augmentShear 0.2) is for images, data of 2 dimensions, and for pen strokes, whose columns "
        "augmentColumns names; the data have 1"
    )
    assert expected in capsys.readouterr().err
    assert check(rnn.Config.read(line)).errors == [expected]
    assert check(config).errors == []
    with pytest.raises(rnn.ConfigError, match=r"augmentShear must be a number >= 0, <= 2; found \"3\""):
        rnn.Config(augmentShear=3)


def test_images_of_several_channels() -> None:
    colours = np.zeros((30, 10, 3), dtype=np.float32)
    colours[...] = (1, 2, 3)  # a blank page
    changed = _core.augment(rnn.Config(augmentShear=0.5, augmentElastic=0.1, augmentCutout=0.3).core, colours, 5)
    assert changed.shape[1:] == (10, 3)
    assert (changed == (1, 2, 3)).all()  # what comes from outside is ground of its channel


@pytest.mark.usefixtures("config")
def test_picture(capsys: Capture) -> None:
    pytest.importorskip("matplotlib")
    assert run_cli("plot-augmentation", "x.config", "--augment=images", "--samples=4", "-o", "a.png") == 0
    assert run_cli("plot-augmentation", "images.nc", "--sequence=2", "-o", "b.png", "--augmentShear=0.5") == 0
    assert run_cli("plot-augmentation", "images.nc", "-o", "c.png") == 0
    assert all(Path(name).stat().st_size > 1000 for name in ("a.png", "b.png", "c.png"))
    capsys.readouterr()
    assert run_cli("plot-augmentation", "x.config") == 2
    assert "no augmentation is switched on" in capsys.readouterr().err
    assert run_cli("plot-augmentation", "images.nc", "--sequence=6") == 2
    assert "sequence is 6, expected 0 to 5: images.nc has 6" in capsys.readouterr().err
    inputs = images(width=24, height=12)[0]["inputs"]
    figure = rnn.plot_augmentation(rnn.Config(augment="images"), inputs, samples=20)
    shown = [axes.get_images()[0].get_array() for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 21
    assert shown[0].shape == (12, 24)
    assert len({values.tobytes() for values in shown}) == 21
    with pytest.raises(rnn.ConfigError, match="0 samples"):
        rnn.plot_augmentation(rnn.Config(augment="images"), inputs, samples=0)


def test_signals_and_strokes() -> None:
    signal = np.random.default_rng(1).normal(size=(80, 20)).astype(np.float32)
    slower = _core.augment(rnn.Config(augmentSpeed=0.5).core, signal, 3)
    assert slower.shape != signal.shape
    assert slower.shape[1] == 20
    strokes = np.stack([np.arange(9), np.ones(9), np.arange(9) == 8], axis=1).astype(np.float32)
    slanted = _core.augment(rnn.Config(augmentShear=1, augmentColumns="1,0").core, strokes, 3)
    assert (slanted[:, [0, 2]] == strokes[:, [0, 2]]).all()
    by = (slanted[1:, 1] - 1) / strokes[1:, 0]
    assert by == pytest.approx(np.full(8, by[0]))
    assert by[0] != 0


@pytest.mark.parametrize(("inputs", "drawn"), [(12, "images"), (3, "lines")])
def test_picture_of_one_dimension(inputs: int, drawn: str) -> None:
    pytest.importorskip("matplotlib")
    values = np.random.default_rng(1).normal(size=(50, inputs))
    figure = rnn.plot_augmentation(rnn.Config(augment="signals"), values, samples=5)
    shown = [len(getattr(axes, drawn)) for axes in figure.axes if axes.get_visible()]
    assert shown == [1 if drawn == "images" else 3] * 6
