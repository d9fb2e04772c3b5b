# SPDX-License-Identifier: Apache-2.0
"""Networks as safetensors files: written, read, and understood by the package that the format comes from."""

from __future__ import annotations

import copy
import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import transcription, write_data

import rnnlib_py as rnn
from rnnlib_py.data.normalisation import Scale

pytestmark = pytest.mark.usefixtures("folder")
NUMPY_TYPES = ("float16", "float32", "float64")
TEXT = {"license": "CC-BY-4.0", "attribution": "Müller, two\nlines"}


def make_network(precision: str = "float", **keys: Any) -> rnn.Network:
    config = rnn.Config({"task": "transcription", "hiddenSize": 3, "precision": precision, "randSeed": 5, **keys})
    return rnn.Network.build(config, rnn.DataHeader(1, 3, 0, ["a", "b", "c"]))


def make_regression() -> rnn.Network:
    network = rnn.Network.build(rnn.Config(task="regression", hiddenSize=2), rnn.DataHeader(1, 2, 1))
    scale = Scale(np.array([0.1, 1 / 3]), np.array([2.0, 0.0]))
    network.normalisation = {"inputs": scale, "targetPatterns": Scale(np.array([5.0]), np.array([1e-3]))}
    return network


def parts_of(path: str | Path) -> tuple[dict[str, Any], bytes]:
    """The header and the data, without anybody's help."""
    content = Path(path).read_bytes()
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def with_header(path: str, header: object) -> None:
    """Another header in front of the same data."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + parts_of(path)[1])


def assert_same_weights(one: rnn.Network, other: rnn.Network, dtype: str | None = None) -> None:
    assert list(one.weights) == list(other.weights)
    for name, weights in one.weights.items():
        expected = weights if dtype is None else weights.astype(dtype).astype(np.float64)
        assert np.array_equal(expected, other.weights[name]), name


# --- there and back ---


@pytest.mark.parametrize("precision", ["float", "double"])
@pytest.mark.parametrize("dtype", [*NUMPY_TYPES, None])
def test_round_trip(precision: str, dtype: Any) -> None:
    network = make_network(precision)
    network.save("x.safetensors", dtype=dtype)
    loaded = rnn.Network.load("x.safetensors")
    assert loaded.precision == network.precision
    assert_same_weights(network, loaded, dtype)
    assert loaded.header == network.header
    network.save("x.save")
    saved = rnn.Network.load("x.save")
    assert loaded.config == saved.config
    if dtype in (None, network.precision):
        inputs = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
        assert np.array_equal(loaded.predict(inputs)[0].outputs, network.predict(inputs)[0].outputs)


def test_bfloat16_is_the_upper_half_of_a_float() -> None:
    network = make_network()
    network.save("x.safetensors", dtype="bfloat16")
    header, data = parts_of("x.safetensors")
    numbers = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    loaded = rnn.Network.load("x.safetensors")
    assert header["bias_to_output"]["dtype"] == "BF16"
    assert np.array_equal(numbers, np.concatenate([w.reshape(-1) for w in loaded.weights.values()]).astype(np.float32))
    for name, weights in network.weights.items():
        assert np.allclose(weights, loaded.weights[name], rtol=2**-8, atol=0)


def test_normalisation_stays() -> None:
    network = make_regression()
    network.save("x.safetensors", dtype="float16")
    assert rnn.Network.load("x.safetensors").normalisation == network.normalisation


def test_file_objects() -> None:
    network = make_network()
    file = io.BytesIO()
    network.save(file, dtype="float32", metadata=TEXT)
    file.seek(0)
    loaded = rnn.Network.load(file)
    assert_same_weights(network, loaded)
    assert loaded.metadata == TEXT
    with Path("named.safetensors").open("wb") as named:
        network.save(named)
    assert parts_of("named.safetensors")[0]["__metadata__"]["rnnlib"] == "1"
    with Path("named.safetensors").open("rb") as named:
        assert_same_weights(network, rnn.Network.load(named))
    with Path("text.safetensors").open("w") as text, pytest.raises(rnn.ConfigError, match="binary mode"):
        network.save(text)
    with Path("named.safetensors").open(encoding="utf-8") as text, pytest.raises(rnn.FormatError, match="binary mode"):
        rnn.Network.load(text)
    plain = io.BytesIO()
    network.save(plain)
    assert plain.getvalue().startswith(b"trainer_format 1\n")


def test_metadata_stays_with_the_network() -> None:
    network = make_network()
    assert network.metadata == {}
    network.save("x.safetensors", metadata={**TEXT, "scores": "{}", "epochs": "3"})
    loaded = rnn.Network.load("x.safetensors")
    assert loaded.metadata == {**TEXT, "scores": "{}", "epochs": "3"}
    assert copy.deepcopy(loaded).metadata == pickle.loads(pickle.dumps(loaded)).metadata == loaded.metadata
    assert_same_weights(loaded, copy.copy(loaded))
    loaded.save("again.safetensors")  # its weights could be others by now: no scores
    assert rnn.Network.load("again.safetensors").metadata == TEXT
    loaded.save("again.safetensors", metadata={})
    assert rnn.Network.load("again.safetensors").metadata == {}
    loaded.save("x.save")
    assert rnn.Network.load("x.save").metadata == {}


def test_what_only_safetensors_files_have() -> None:
    network = make_network()
    for options in ({"dtype": "float16"}, {"metadata": {}}):
        with pytest.raises(rnn.ConfigError, match=r"x\.save: dtype and metadata are those of safetensors files"):
            network.save("x.save", **options)  # type: ignore[arg-type]
    with pytest.raises(rnn.ConfigError, match="float16, bfloat16, float32 or float64"):
        network.save("x.safetensors", dtype="half")  # type: ignore[arg-type]
    for metadata in ({"config": "x"}, {"labels": ""}, {"a": 1}, {1: "a"}, {"a": b"b"}, {"a": "\udc80"}):
        with pytest.raises(rnn.ConfigError, match="metadata"):
            network.save("x.safetensors", metadata=metadata)  # type: ignore[arg-type]
    assert not list(Path().glob("x.s*"))


def test_too_large_for_float16() -> None:
    network = make_network()
    network.set_weights({"bias_to_output": [0, 7e4, 0, 0]})
    with pytest.raises(rnn.NumericError, match="weight 1 of bias_to_output is 70000, but the largest float16 is 65504"):
        network.save("x.safetensors", dtype="float16")
    assert not Path("x.safetensors").exists()


# --- wherever a save is taken ---


def test_training_begins_with_it_and_knows_its_normalisation() -> None:
    network = make_network(trainFile="train.nc", totalEpochs=1)
    write_data(Path("train.nc"), transcription())
    network.save("x.safetensors", dtype="float16", metadata=TEXT)
    run = rnn.train(rnn.Config.read("x.safetensors", autosave=False))
    assert [epoch.epoch for epoch in run.history] == [1]
    warm = rnn.train(rnn.Config.read("x.config", warmStart="x.safetensors", totalEpochs=0, autosave=False))
    assert_same_weights(rnn.Network.load("x.safetensors"), warm.network)
    mean = rnn.average(["x.safetensors", "x.safetensors"])
    assert_same_weights(rnn.Network.load("x.safetensors"), mean)


def test_data_are_normalised_like_it() -> None:
    network = make_regression()
    network.save("x.safetensors")
    sequences = [{"inputs": np.ones((2, 2)), "target": np.ones((2, 1))}]
    rnn.write_netcdf("raw.nc", sequences, task="regression")
    rnn.normalise("raw.nc", like="x.safetensors")
    with rnn.Dataset.read("raw.nc", task="regression") as data:
        expected = network.normalisation["inputs"].apply(np.ones((2, 2)))
        assert np.allclose(data[0].inputs, expected)


# --- the format's own package ---


@pytest.mark.parametrize("dtype", NUMPY_TYPES)
def test_its_package_reads_ours(dtype: Any) -> None:
    package = pytest.importorskip("safetensors")
    network = make_network("double")
    network.save("x.safetensors", dtype=dtype, metadata=TEXT)
    with package.safe_open("x.safetensors", framework="np") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    assert set(tensors) == set(network.weights)
    for name, weights in network.weights.items():
        assert tensors[name].dtype == dtype
        assert tensors[name].shape == weights.shape
        assert np.array_equal(tensors[name], weights.astype(dtype))
    assert metadata["license"] == TEXT["license"]
    assert metadata["attribution"] == TEXT["attribution"]
    assert json.loads(metadata["labels"]) == ["a", "b", "c"]
    assert "\nhiddenSize 3\n" in metadata["config"]


@pytest.mark.parametrize("dtype", NUMPY_TYPES)
def test_we_read_its_packages(dtype: Any) -> None:
    package = pytest.importorskip("safetensors.numpy")
    network = make_network("double")
    network.save("x.safetensors", metadata=TEXT)
    metadata = parts_of("x.safetensors")[0]["__metadata__"]
    tensors = {name: weights.astype(dtype) for name, weights in network.weights.items()}
    package.save_file(tensors, "other.safetensors", metadata)
    loaded = rnn.Network.load("other.safetensors")
    assert_same_weights(network, loaded, dtype)
    assert loaded.metadata == TEXT
    package.save_file(tensors, "foreign.safetensors", {"format": "pt"})
    with pytest.raises(rnn.FormatError, match=r"foreign\.safetensors: is a safetensors file, but no network of rnnlib"):
        rnn.Network.load("foreign.safetensors")


# --- damaged ---


def test_damaged_files() -> None:
    make_network().save("x.safetensors", dtype="float16")
    whole = Path("x.safetensors").read_bytes()
    good, _ = parts_of("x.safetensors")

    def refused(header: object, message: str) -> None:
        with_header("x.safetensors", header)
        with pytest.raises(rnn.FormatError, match=message) as error:
            rnn.Network.load("x.safetensors")
        assert "x.safetensors" in str(error.value)
        Path("x.safetensors").write_bytes(whole)

    refused({n: t for n, t in good.items() if n != "__metadata__"}, "no network of rnnlib")
    moved = copy.deepcopy(good)
    moved["bias_to_output"]["data_offsets"] = [0, 8]
    refused(moved, "overlap another")
    flat = copy.deepcopy(good)
    flat["hidden_0_0_to_output"]["shape"] = [12]
    refused(flat, "hidden_0_0_to_output: expected the shape 4x3, found 12")
    renamed = {("nothing" if n == "bias_to_output" else n): t for n, t in good.items()}
    refused(renamed, "missing for bias_to_output")
    refused(json.dumps(good).encode()[:-1] + b" ", "expected")
    refused(b"\xff\xfe{}", "header")
    for size in (0, 5, 8, 20, len(whole) - 1):
        Path("x.safetensors").write_bytes(whole[:size])
        with pytest.raises(rnn.FormatError, match=r"x\.safetensors"):
            rnn.Network.load("x.safetensors")
    Path("x.safetensors").write_bytes(whole + b"\0")
    with pytest.raises(rnn.FormatError, match="bytes after the header"):
        rnn.Config.read("x.safetensors")
