# SPDX-License-Identifier: Apache-2.0
"""Config, Network and predictions from Python."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from tiny import LABELS, framewise, images, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.model.decoding import BoundDecoder

pytestmark = pytest.mark.usefixtures("folder")


def data() -> rnn.Dataset:
    return rnn.Dataset.read("train.nc", task="transcription")


def network(precision: str = "float64", **values: object) -> rnn.Network:
    return rnn.Network.build(rnn.Config.read("x.config", **values), data().header, precision=precision)


# --- Config ---


def test_config_values_have_their_types() -> None:
    config = rnn.Config(
        {"task": "transcription", "hiddenSize": [2, 10], "hiddenBlock": [[3, 4]], "learnRate": 1e-3, "autosave": True}
    )
    assert config["hiddenSize"] == [2, 10]
    assert config["hiddenBlock"] == [[3, 4]]
    assert config["learnRate"] == 1e-3
    assert config["autosave"] is True
    assert config["momentum"] == 0.9  # its default
    assert "momentum" not in config
    assert "task" in config
    assert "hiddenBlock 3,4\n" in config.text()


def test_config_lists_of_lists_are_separated_by_semicolons() -> None:
    assert "hiddenBlock 3,4;2,4\n" in rnn.Config(hiddenBlock=[[3, 4], [2, 4]]).text()


def test_config_changes() -> None:
    config = rnn.Config.read("x.config", learnRate=0.5)
    assert config["learnRate"] == 0.5
    config["learnRate"] = 0.25
    assert config["learnRate"] == 0.25
    del config["learnRate"]
    assert config["learnRate"] == 1e-4
    assert rnn.Config.read("x.config", learnRate=None)["learnRate"] == 1e-4


def test_config_copy_is_independent() -> None:
    config = rnn.Config.read("x.config")
    other = config.copy()
    other["hiddenSize"] = 9
    assert config["hiddenSize"] == [3]


@pytest.mark.parametrize("name", ["learnrat", "hiddensize"])
def test_config_unknown_key_names_the_nearest(name: str) -> None:
    nearest = {"learnrat": "learnRate", "hiddensize": "hiddenSize"}[name]
    for attempt in (lambda: rnn.Config({name: 1}), lambda: rnn.Config()[name]):
        with pytest.raises(rnn.ConfigError, match=nearest):
            attempt()


def test_config_without_a_value_or_default() -> None:
    with pytest.raises(rnn.ConfigError, match="task"):
        rnn.Config()["task"]
    assert rnn.Config().get("task", "none") == "none"
    assert rnn.Config()["batchLearn"] is False
    assert rnn.Config(optimiser="rprop")["batchLearn"] is True


# --- Network ---


def test_starting_weights_come_from_the_seed() -> None:
    one, two, three = network(), network(), network(randSeed=8)
    assert all(np.array_equal(one.weights[name], two.weights[name]) for name in one.weights)
    assert any(not np.array_equal(one.weights[name], three.weights[name]) for name in one.weights)
    largest = max(np.abs(w).max() for w in network(initWeightRange=0.5).weights.values())
    assert 0.3 < largest <= 0.5


def test_seed_0_is_from_the_clock() -> None:
    assert any(
        not np.array_equal(a, b)
        for a, b in zip(network(randSeed=0).weights.values(), network(randSeed=0).weights.values(), strict=True)
    )


def test_weights_have_shapes() -> None:
    weights = network().weights
    assert weights["input_to_hidden_0_0"].shape == (12, 3)  # 4 units of each of 3 blocks, 3 inputs
    assert weights["hidden_0_0_to_output"].shape == (4, 3)  # labels and the blank
    assert weights["bias_to_output"].shape == (4,)
    assert weights["hidden_0_0_peepholes"].shape == (9,)


def test_set_weights() -> None:
    net = network()
    before = net.weights
    net.set_weights({"bias_to_output": [1, 2, 3, 4]})
    assert net.weights["bias_to_output"].tolist() == [1, 2, 3, 4]
    assert np.array_equal(net.weights["input_to_hidden_0_0"], before["input_to_hidden_0_0"])
    net.set_weights(before)
    assert net.weights["bias_to_output"].tolist() == before["bias_to_output"].tolist()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"bias_to_nothing": [1.0]}, "unknown connection 'bias_to_nothing'"),
        ({"bias_to_output": [1.0]}, "takes 4 x 1 weights"),
        ({"hidden_0_0_to_output": np.zeros((3, 4))}, "takes 4 x 3 weights"),
    ],
)
def test_set_weights_refuses_what_does_not_fit(weights: dict[str, object], message: str) -> None:
    with pytest.raises(rnn.DataError, match=message):
        network().set_weights(weights)  # type: ignore[arg-type]


def test_set_weights_refuses_nan() -> None:
    with pytest.raises(rnn.NumericError):
        network().set_weights({"bias_to_output": [1, 2, float("nan"), 4]})


def test_set_weights_of_a_shared_connection() -> None:
    net = network(symmetry=True)
    assert "input_to_hidden_0_0" not in net.weights
    with pytest.raises(rnn.DataError, match="shares those of input_to_hidden_0_1"):
        net.set_weights({"input_to_hidden_0_0": np.zeros((12, 3))})


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_save_and_load_keep_every_bit(precision: str) -> None:
    net = network(precision)
    net.save("y.save")
    loaded = rnn.Network.load("y.save", precision=precision)
    assert loaded.precision == precision
    assert list(loaded.weights) == list(net.weights)
    assert all(np.array_equal(loaded.weights[name], net.weights[name]) for name in net.weights)
    assert list(loaded.header.labels) == LABELS
    assert loaded.evaluate(data()) == net.evaluate(data())


def test_precision_comes_from_the_config_unless_given() -> None:
    header = data().header
    assert rnn.Network.build(rnn.Config.read("x.config", precision="double"), header).precision == "float64"
    assert rnn.Network.build(rnn.Config.read("x.config"), header).precision == "float32"
    with pytest.raises(rnn.ConfigError, match="float16"):
        rnn.Network.build(rnn.Config.read("x.config"), header, precision="float16")


def test_many_batches_are_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network()
    whole, (error, gradient) = net.evaluate(data()), net.gradient(data())
    monkeypatch.setattr("rnnlib_py.data.batching.MAX_POINTS", 13)
    assert net.evaluate(data()) == pytest.approx(whole, rel=1e-12)
    assert net.evaluate(list(data())) == pytest.approx(whole, rel=1e-12)
    cut_error, cut_gradient = net.gradient(data())
    assert cut_error == pytest.approx(error, rel=1e-12)
    for name, values in gradient.items():
        np.testing.assert_allclose(cut_gradient[name], values, rtol=1e-9, atol=1e-12)


def test_threads_do_not_change_results() -> None:
    net = network("float32")
    assert net.evaluate(data(), threads=1) == net.evaluate(data(), threads=2)
    one, two = net.gradient(data(), threads=1), net.gradient(data(), threads=2)
    assert one[0] == two[0]
    assert all(np.array_equal(one[1][name], two[1][name]) for name in one[1])
    with pytest.raises(rnn.ConfigError, match="threads is 0"):
        net.evaluate(data(), threads=0)


def test_gradient_points_downhill() -> None:
    net = network()
    error, gradient = net.gradient(data())
    assert {name: g.shape for name, g in gradient.items()} == {name: w.shape for name, w in net.weights.items()}
    step = 1e-6
    net.set_weights({name: w - step * gradient[name] for name, w in net.weights.items()})
    squares = sum(float((g**2).sum()) for g in gradient.values())
    assert (error - net.gradient(data())[0]) / step == pytest.approx(squares, rel=1e-3)


def test_trace_has_every_layer() -> None:
    net, sequence = network(), data()[0]
    trace = net.trace(sequence)
    assert trace["hidden_0_0_outputActivations"].shape == (12, 3)
    assert trace["output_outputActivations"].shape == (12, 4)
    np.testing.assert_allclose(trace["output_outputActivations"].sum(axis=1), 1, rtol=1e-12)
    with pytest.raises(rnn.DataError, match=r"dataset\[i\]"):
        net.trace(data())  # type: ignore[arg-type]


def test_check_gradient_reports() -> None:
    report = network().check_gradient(data()[0])
    assert report.passed
    assert {c.name for c in report.connections} == set(network().weights)
    assert "passed" in str(report)
    hopeless = network().check_gradient(data()[0], perturbation=0.5, significant_figures=12)
    assert not hopeless
    assert "mismatch: " in str(hopeless)


def test_data_that_do_not_fit_the_network() -> None:
    write_data(Path("other.nc"), labels=["a", "b", "c", "d"])
    other = rnn.Dataset.read("other.nc", task="transcription")
    with pytest.raises(rnn.DataError, match=r"other\.nc does not match the network"):
        network().evaluate(other)
    write_data(Path("images.nc"), images())
    with pytest.raises(rnn.DataError, match="numDims is 2, expected 1"):
        network().evaluate(rnn.Dataset.read("images.nc", task="transcription"))


def test_skipped_targets_are_warned_about() -> None:
    sequences = transcription()
    sequences[2] = {"inputs": np.zeros((3, 3)), "target": ["a", "a", "b"], "tag": "short"}
    write_data(Path("short.nc"), sequences)
    with pytest.warns(rnn.SkippedTargetWarning, match="sequence short: its target needs 4 steps, .* has 3"):
        network().evaluate(rnn.Dataset.read("short.nc", task="transcription"))


# --- predictions ---


def test_predict_transcription() -> None:
    found = network().predict(data())
    assert [p.tag for p in found] == [f"seq{i}" for i in range(6)]
    for p in found:
        best = p.outputs.argmax(axis=1)
        path = [k for i, k in enumerate(best) if k != 3 and (i == 0 or best[i - 1] != k)]
        assert p.indices.tolist() == path
        assert p.labels == [LABELS[k] for k in path]
        record = p.record()
        assert list(record) == ["tag", "labels", "positions", "input_positions", "confidences"]
        assert (record["tag"], record["labels"]) == (p.tag, p.labels)
        for k, (first, last), confidence in zip(path, record["positions"], record["confidences"], strict=True):
            assert (best[first : last + 1] == k).all()
            assert confidence == pytest.approx(p.outputs[first : last + 1, k].max(), abs=1e-6)
        assert record["input_positions"] == record["positions"]  # without blocks
        assert p.readings == []


def test_the_temperature_of_the_config_changes_confidences_only() -> None:
    own, flat = network(), network(temperature=2)
    for a, b in zip(own.predict(data()), flat.predict(data()), strict=True):
        assert a.labels == b.labels
        assert (a.outputs == b.outputs).all()
        assert (a.confidences > b.confidences).all()
    again = pickle.loads(pickle.dumps(flat))
    assert again.predict(data())[0].confidences.tolist() == flat.predict(data())[0].confidences.tolist()


def test_a_class_has_a_confidence() -> None:
    (found, *_) = task_network("classification", framewise(), LABELS)
    assert found.confidences.shape == found.indices.shape
    assert found.confidences.tolist() == found.outputs.max(axis=1).tolist()


def test_a_decoder_is_for_transcription_only() -> None:
    class BestPath:
        def bind(self, labels: list[str]) -> BoundDecoder:
            assert labels == LABELS
            return BoundDecoder(_core.BestPathDecoder(2.0))

    for given, own in zip(network().predict(data(), decoder=BestPath()), network().predict(data()), strict=True):
        assert given.labels == own.labels
        assert (given.confidences < own.confidences).all()
    loaded = rnn.Dataset([(np.zeros((4, 2)), [0.0])], task="sequence_regression")
    regression = rnn.Network.build(rnn.Config(task="sequence_regression", hiddenSize=2, randSeed=1), loaded.header)
    with pytest.raises(rnn.ConfigError, match="task sequence_regression takes no decoder; expected transcription"):
        regression.predict(loaded, decoder=BoundDecoder(_core.BestPathDecoder()))


def task_network(task: str, sequences: list[dict[str, object]], labels: list[str] | None) -> list[rnn.Prediction]:
    rnn.write_netcdf("task.nc", sequences, labels, task=task)
    loaded = rnn.Dataset.read("task.nc", task=task)
    return rnn.Network.build(rnn.Config(task=task, hiddenSize=2, randSeed=1), loaded.header).predict(loaded)


def test_predict_classification() -> None:
    for p in task_network("classification", framewise(), LABELS):
        assert p.indices.shape == (8,)
        assert p.indices.tolist() == p.outputs.argmax(axis=1).tolist()
        assert p.record()["classes"] == [LABELS[k] for k in p.indices]


def test_predict_two_classes_from_one_unit() -> None:
    for p in task_network("classification", framewise(), ["no", "yes"]):
        assert p.outputs.shape == (8, 1)
        assert p.labels == ["yes" if y > 0.5 else "no" for y in p.outputs[:, 0]]


def test_predict_sequence_classification() -> None:
    sequences = [{"inputs": np.ones((3, 4, 1)) * i, "target": i} for i in range(3)]
    found = task_network("sequence_classification", sequences, LABELS)
    assert [p.tag for p in found] == ["#0", "#1", "#2"]
    assert all(p.record()["class"] == LABELS[int(p.outputs.argmax())] for p in found)


@pytest.mark.parametrize(("task", "shape"), [("regression", (5, 2)), ("sequence_regression", (2,))])
def test_predict_regression(task: str, shape: tuple[int, ...]) -> None:
    (p,) = task_network(task, [{"inputs": np.ones((5, 1)), "target": np.ones(shape), "tag": "r"}], None)
    assert p.outputs.shape[-1] == 2
    assert p.labels == []
    assert p.record() == {"tag": "r", "values": p.outputs.tolist()}


def test_two_dimensional_classes_are_nested_like_the_image() -> None:
    sequences = [{"inputs": np.ones((3, 2, 1)), "target": np.zeros((3, 2), dtype=int)}]
    (p,) = task_network("classification", sequences, LABELS)
    assert np.shape(p.record()["classes"]) == (3, 2)


def test_layers_and_memory() -> None:
    net = network()
    assert sum(layer.num_weights for layer in net.layers) == net.num_weights
    assert net.output_shape((12,)) == (12,)
    assert net.memory((100,))["train"] > net.memory((10,))["train"] > 0


def test_a_config_is_no_network() -> None:
    with pytest.raises(rnn.ConfigError, match="not a save"):
        rnn.Network.load("x.config")


def test_unavailable_tasks() -> None:
    with pytest.raises(rnn.ConfigError, match="not available"):
        rnn.Network.build(rnn.Config.read("x.config", task="prediction"), data().header)
