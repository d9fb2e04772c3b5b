# SPDX-License-Identifier: Apache-2.0
"""The examples that make data: their quick sets, real data as they read it, and the configs that train on them."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import rnnlib_py as rnn

EXAMPLES = Path(__file__).parents[3] / "examples"
Load = Callable[[str], ModuleType]


@pytest.fixture
def load() -> Iterator[Load]:
    """Imports an example's script as Python runs it: with its folder on the path."""
    path, modules = list(sys.path), set(sys.modules)

    def import_script(name: str) -> ModuleType:
        file = EXAMPLES / name / "make_data.py"
        sys.path.insert(0, str(file.parent))
        spec = importlib.util.spec_from_file_location(f"make_{name}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield import_script
    sys.path[:] = path
    for name in {"voice"} & (set(sys.modules) - modules):
        del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "config", "label"),
    [
        ("arabic_like", "arabic_like", "و"),
        ("arabic_like", "convolution", "و"),
        ("digits_2d", "digits_2d", "7"),
        ("digits_2d", "convolution", "7"),
        ("pen_digits", "pen_digits", "7"),
        ("phonemes_like", "phonemes_like", "iy"),
        ("spoken_digits", "spoken_digits", "7"),
        ("time_series", "time_series", "eight"),
    ],
)
def test_configs_train_on_the_quick_data(load: Load, tmp_path: Path, name: str, config: str, label: str) -> None:
    load(name).main(["--quick", "-o", str(tmp_path)])
    keys = rnn.Config.read(EXAMPLES / name / f"{config}.config")
    for key, value in {"autosave": False, "totalEpochs": 3, "warmupUpdates": 0, "seqsPerWeightUpdate": 1}.items():
        keys[key] = value
    for name in ("train", "val"):
        keys[f"{name}File"] = str(tmp_path / f"{name}.nc")
    run = rnn.train(keys, threads=1)
    criterion = next(iter(run.history[0]["train"]))
    assert run.history[2]["train"][criterion] < run.history[0]["train"][criterion]
    assert label in run.network.header.labels


def read(path: Path) -> rnn.Dataset:
    return rnn.Dataset.read(path, task="sequence_classification")


def test_digits_of_mnist_files(load: Load, tmp_path: Path) -> None:
    script = load("digits_2d")
    images = np.zeros((12, 28, 28), np.uint8)
    images[:, 3, 20] = 255  # row 3, column 20
    (tmp_path / script.LABELS).write_bytes(bytes(8) + bytes(range(10)) + bytes(2))
    with gzip.open(tmp_path / f"{script.IMAGES}.gz", "wb") as file:
        file.write(bytes(16) + images.tobytes())
    script.main(["--data", str(tmp_path), "-o", str(tmp_path / "out")])
    with read(tmp_path / "out" / "train.nc") as train, read(tmp_path / "out" / "val.nc") as validation:
        assert (len(train), len(validation)) == (10, 2)
        assert [sequence.target for sequence in train] == list(range(10))
        assert np.unravel_index(train[0].inputs.argmax(), (28, 28)) == (20, 3)


def arrays(folder: Path, **values: np.ndarray) -> None:
    """A train.npz of 20 sequences of 12 rows with three columns."""
    rows = np.random.default_rng(1).integers(0, 500, (240, 3))
    rows[:, 2] = np.arange(240) % 12 // 6
    np.savez(folder / "train.npz", offsets=np.arange(0, 241, 12), labels=np.arange(20) % 2, points=rows, **values)


def test_real_pen_digits(load: Load, tmp_path: Path) -> None:
    arrays(tmp_path, writers=np.arange(20) // 2)
    load("pen_digits").main(["--data", str(tmp_path), "-o", str(tmp_path / "out")])
    with read(tmp_path / "out" / "train.nc") as train, read(tmp_path / "out" / "val.nc") as validation:
        assert train.header.labels == ["0", "1"]
        assert len(train) == 16
        assert len(validation) == 2  # a writer


def test_real_series(load: Load, tmp_path: Path) -> None:
    arrays(tmp_path, data=np.random.default_rng(1).normal(size=(240, 4)))
    load("time_series").main(["--data", str(tmp_path), "-o", str(tmp_path / "out")])
    with read(tmp_path / "out" / "train.nc") as train:
        assert train.header.labels == ["speaker0", "speaker1"]
        assert set(map(tuple, train.shapes)) == {(12,)}
        assert train.header.input_size == 4


def test_arabic_letters_are_joined(load: Load) -> None:
    script = load("arabic_like")
    # Lam and alef are one shape, and alef and waw are not joined to what follows them, to their left.
    assert script.shape("سلام", script.shapes()) == "\ufee1\ufefc\ufeb3"
    assert script.shape("دوز", script.shapes()) == "\ufeaf\ufeed\ufea9"


def test_phones_are_where_the_voice_says(load: Load) -> None:
    load("spoken_digits")
    voice = sys.modules["voice"]
    rng = np.random.default_rng(1)
    sound, places = voice.speak(["h#", "aa", "tcl", "s", "h#"], voice.Voice(120.0, 1.0, 1.0, 0.0), rng)
    assert [first for first, _ in places[1:]] == [end for _, end in places[:-1]]
    middles = {phone: (first + end) // 2 for phone, (first, end) in zip("_ats.", places, strict=True)}
    power = {phone: np.square(sound[at - 30 : at + 30]).mean() for phone, at in middles.items()}
    assert power["a"] > 30 * power["t"]
    assert power["a"] > 30 * power["_"]
    first, end = places[3]
    spectrum = np.abs(np.fft.rfft(sound[first:end]))
    assert spectrum.argmax() * voice.RATE / (end - first) > 3000  # the hiss of s


def test_fonts_have_all_arabic_shapes(load: Load) -> None:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    script = load("arabic_like")
    table = script.shapes()
    needed = {ord(shape) for name in script.NAMES for shape in script.shape(name, table)}
    for font in script.FONTS:
        assert needed <= set(FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", font))).get_charmap())
