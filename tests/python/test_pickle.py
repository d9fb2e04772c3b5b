# SPDX-License-Identifier: Apache-2.0
"""pickle, copy and other processes: what comes out is what went in."""

from __future__ import annotations

import copy
import io
import multiprocessing
import pickle
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, images, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py.runner import Runner

Copy = Callable[[Any], Any]
pytestmark = pytest.mark.usefixtures("folder")

WAYS: dict[str, Copy] = {
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),
    "oldest protocol": lambda thing: pickle.loads(pickle.dumps(thing, protocol=2)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}
EACH_WAY = pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)


def network(precision: str = "float32", **config: Any) -> rnn.Network:
    header = rnn.DataHeader(1, 3, 0, [*LABELS, "é, ü", "␣"])
    values = {"task": "transcription", "hiddenSize": 3, "randSeed": 4, **config}
    return rnn.Network.build(rnn.Config(values), header, precision)


def same_networks(a: rnn.Network, b: rnn.Network) -> bool:
    """Bit for bit: weights, outputs, description and normalisation."""
    x = rnn.Sequence(np.linspace(-1, 1, 30).reshape(10, 3))
    return (
        a.core is not b.core
        and a.precision == b.precision
        and a.header == b.header
        and a.config == b.config
        and a.normalisation == b.normalisation
        and all(np.array_equal(a.weights[name], b.weights[name]) for name in a.weights | b.weights)
        and a.predict(x, raw=False)[0].outputs.tobytes() == b.predict(x, raw=False)[0].outputs.tobytes()
    )


@EACH_WAY
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_network(how: Copy, precision: str) -> None:
    one = network(precision)
    weights = one.weights
    weights["bias_to_output"][:2] = np.nextafter(np.float32(1), 2), np.float32(1e-30)
    if precision == "float64":
        weights["bias_to_output"][:2] = np.nextafter(1, 2), 1e-300
    one.set_weights(weights)
    two = how(one)
    assert same_networks(one, two)
    two.set_weights({"bias_to_output": np.zeros_like(weights["bias_to_output"])})
    assert np.array_equal(one.weights["bias_to_output"], weights["bias_to_output"])  # the copy has its own


@EACH_WAY
def test_network_of_a_save_with_normalisation(how: Copy) -> None:
    rnn.normalise(["train.nc"])
    run = rnn.train({"task": "transcription", "trainFile": "train.nc", "hiddenSize": 2, "totalEpochs": 1})
    run.network.save("n.save")
    one = rnn.Network.load("n.save", "float64")
    two = how(one)
    assert one.normalisation
    assert same_networks(one, two)
    assert two.config.path == Path("n.save")
    assert two.config.save is not None  # training can go on from the copy's config


@EACH_WAY
def test_config(how: Copy) -> None:
    one = rnn.Config.read("x.config", learnRate=0.125)
    two = how(one)
    assert two == one
    assert (two.path, two.overridden, two.save) == (one.path, one.overridden, None)
    two["learnRate"] = 0.5
    assert one["learnRate"] == 0.125


def test_config_of_a_save_goes_on_like_the_save(tmp_path: Path) -> None:
    rnn.train(rnn.Config.read("x.config", autosave=True, optimiser="adam", totalEpochs=1))
    (save,) = tmp_path.glob("*.last.save")
    configs = [rnn.Config.read(save, totalEpochs=2, autosave=False) for _ in range(2)]
    configs[1] = pickle.loads(pickle.dumps(configs[1]))
    first, second = (rnn.train(config).network.weights for config in configs)
    assert all(np.array_equal(first[name], second[name]) for name in first)


@EACH_WAY
def test_data_set_of_files(tmp_path: Path, how: Copy) -> None:
    write_data(tmp_path / "b.nc", transcription(3, seed=2))
    one = rnn.Dataset.read(["train.nc", "b.nc"], task="transcription", data_fraction=0.7, budget_bytes=0)
    one[0]  # opens the first file
    two = how(one)
    assert two.paths == ["train.nc", "b.nc"]
    assert len(two) == len(one) == 4 + 2
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(a.inputs, b.inputs)
        assert a.target.tolist() == b.target.tolist()
        assert a.tag == b.tag
    assert two.read_many([0])[0].inputs is not one.read_many([0])[0].inputs


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    stored = pickle.dumps(rnn.Dataset.read("train.nc", task="transcription"))
    write_data(tmp_path / "train.nc", transcription(2))
    with pytest.raises(rnn.DataError, match=r"train\.nc: the file holds other sequences than when"):
        pickle.loads(stored)
    (tmp_path / "train.nc").unlink()
    with pytest.raises(rnn.IoError, match=r"train\.nc: no such file"):
        pickle.loads(stored)


@EACH_WAY
def test_data_set_without_targets_and_as_a_network_sees_it(tmp_path: Path, how: Copy) -> None:
    bare = how(rnn.Dataset.read("train.nc", task="transcription", targets=False))
    assert bare[0].target is None
    data = rnn.Dataset.read("train.nc", task="transcription")
    write_data(tmp_path / "n.nc", transcription(seed=1))
    rnn.normalise(["n.nc"])
    scale = rnn.Dataset.read("n.nc", task="transcription").normalisation
    seen, changed = data.normalised(scale)
    assert changed
    assert np.array_equal(how(seen)[1].inputs, seen[1].inputs)
    assert not np.array_equal(seen[1].inputs, data[1].inputs)


@EACH_WAY
def test_data_set_of_arrays(how: Copy) -> None:
    one = rnn.Dataset(images(), task="transcription", labels=LABELS)
    two = how(one)
    assert two.header == one.header
    assert [s.tag for s in two] == [s.tag for s in one]
    assert all(np.array_equal(a.inputs, b.inputs) for a, b in zip(one, two, strict=True))


@EACH_WAY
def test_data_set_files(how: Copy) -> None:
    one = rnn.DatasetFiles(["train.nc", "train.nc"], "transcription")
    one.dataset(1)
    two = how(one)
    assert len(two) == len(one) == 12
    assert [len(data) for data in two.datasets()] == [6, 6]
    two.close()
    one.close()


@EACH_WAY
def test_header_and_random(how: Copy) -> None:
    header = rnn.DataHeader(2, 3, 4, ["a", "ü"])
    copied = how(header)
    assert copied == header
    assert (copied.num_dims, copied.input_size, copied.target_size, copied.labels) == (2, 3, 4, ["a", "ü"])
    copied.num_dims = 1
    assert copied != header
    random = rnn.Random(7)
    random.normal()
    again = how(random)
    assert [again.next() for _ in range(3)] == [random.next() for _ in range(3)]


@EACH_WAY
def test_results(how: Copy) -> None:
    run = rnn.train(rnn.Config.read("x.config", autosave=True))
    two = how(run)
    assert two.epoch == 2
    assert two.history == run.history
    assert two.best == run.best
    assert two.stopped == run.stopped
    assert two.config == run.config
    assert (two.log_path, two.last_save, two.best_saves) == (run.log_path, run.last_save, run.best_saves)
    assert how is copy.copy or same_networks(two.network, run.network)
    data = rnn.Dataset.read("train.nc", task="transcription")
    for found in (run.network.predict(data)[0], data[0]):
        copied = how(found)
        assert all(np.array_equal(getattr(copied, name), getattr(found, name)) for name in found.__dataclass_fields__)
    check = run.network.check_gradient(data[0])
    assert str(how(check)) == str(check)
    summary = how(rnn.describe(data))
    assert summary.label_counts == rnn.describe(data).label_counts
    report = rnn.check(rnn.Config.read("x.config"))
    assert str(how(report)) == str(report)


@pytest.mark.parametrize("error", [rnn.ConfigError("x"), rnn.DataError("y"), rnn.IoError("z"), rnn.NumericError("n")])
def test_errors(error: rnn.Error) -> None:
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error)
    assert str(copied) == str(error)


@EACH_WAY
def test_what_cannot_be_copied_says_why(how: Copy) -> None:
    one = network(bidirectional=False)
    with pytest.raises(TypeError, match=r"a Stream holds a sequence under way and cannot be pickled or copied; pickle"):
        how(one.stream())
    with pytest.raises(TypeError, match="a Runner cannot be pickled or copied; pickle its Network"):
        how(Runner(one))
    trainer = rnn._core.Trainer(one.core, one.config.core)  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="a Trainer belongs to the network it trains and cannot be pickled or copied"):
        how(trainer)


def weights_of(one: rnn.Network) -> bytes:
    return one.weights["bias_to_output"].tobytes()


def lengths(data: rnn.Dataset) -> list[int]:
    return [len(sequence.inputs) for sequence in data]


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_other_processes(method: str) -> None:
    context = multiprocessing.get_context(method)
    one = network()
    with context.Pool(1) as pool:
        assert pool.map(weights_of, [one]) == [weights_of(one)]
        assert pool.map(lengths, [rnn.Dataset.read("train.nc", task="transcription")]) == [[12] * 6]
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        assert executor.submit(weights_of, one).result() == weights_of(one)


def test_joblib() -> None:
    joblib = pytest.importorskip("joblib", reason="comes with scikit-learn, which the demo needs")
    one = network()
    (found,) = joblib.Parallel(n_jobs=2)([joblib.delayed(weights_of)(one)])
    assert found == weights_of(one)


# --- file objects ---


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_save_and_load_file_objects(tmp_path: Path, precision: str) -> None:
    one = network(precision)
    one.save(tmp_path / "n.save")
    expected = (tmp_path / "n.save").read_bytes()
    binary, text = io.BytesIO(), io.StringIO()
    one.save(binary)
    one.save(text)
    assert binary.getvalue() == text.getvalue().encode() == expected
    binary.seek(0)
    text.seek(0)
    assert same_networks(rnn.Network.load(binary, precision), rnn.Network.load(text, precision))
    for mode in ("w+b", "w+"):
        with tempfile.TemporaryFile(mode, **({} if "b" in mode else {"encoding": "utf-8"})) as file:
            one.save(file)
            file.seek(0)
            assert np.array_equal(
                rnn.Network.load(file, precision).weights["bias_to_output"], one.weights["bias_to_output"]
            )
    with (tmp_path / "raw.save").open("wb", buffering=0) as raw:
        one.save(raw)
    assert (tmp_path / "raw.save").read_bytes() == expected
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        with archive.open("n.save", "w") as member:
            one.save(member)
        with archive.open("n.save") as member:
            assert rnn.Network.load(member, precision).num_weights == one.num_weights


class OnlyHalf(io.RawIOBase):
    """A file that takes a few bytes at a time, as pipes and sockets do."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.content += bytes(data[:1000])
        return min(len(data), 1000)


def test_short_writes_go_on() -> None:
    half, whole = OnlyHalf(), io.BytesIO()
    network().save(half)
    network().save(whole)
    assert half.content == whole.getvalue()


def test_wrong_file_objects(tmp_path: Path) -> None:
    with pytest.raises(rnn.FormatError, match="the file object: is of no known kind"):
        rnn.Network.load(io.BytesIO(b"\xff\xfe"))
    with pytest.raises(rnn.ConfigError, match="the file object"):
        rnn.Network.load(io.StringIO("hiddenSize x"))
    with pytest.raises(rnn.ConfigError, match="not a save"):
        rnn.Network.load(io.StringIO("task transcription"))
    with pytest.raises(rnn.IoError, match="cannot be written"), (tmp_path / "r").open("w+") as file:
        file.close()
        with Path(tmp_path / "r").open("rb") as only_reading:
            network().save(only_reading)
    with (
        (tmp_path / "latin").open("w", encoding="ascii") as ascii_only,
        pytest.raises(rnn.ConfigError, match=r"latin: cannot hold the label names .* open it in binary mode"),
    ):
        network().save(ascii_only)
    for wrong in (3, None):
        with pytest.raises(TypeError, match=f"expected a path or a file object, found {type(wrong).__name__}"):
            network().save(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"expected a path or a file object, found {type(wrong).__name__}"):
            rnn.Network.load(wrong)  # type: ignore[arg-type]
