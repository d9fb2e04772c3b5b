# SPDX-License-Identifier: Apache-2.0
"""What an ONNX model of a network is called, takes, gives and says, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx_models import SHAPES, TOLERANCE, build, difference, largest_difference, random_inputs, session

import rnnlib_py as rnn
from rnnlib_py.data.normalisation import Scale
from rnnlib_py.integrations.onnx import OLDEST_OPSET, convert, export
from rnnlib_py.integrations.onnx_graph import registry
from rnnlib_py.integrations.onnx_graph.cells.registry import CELLS

ZOO = {  # name -> the shape of an input, as its recipe makes them
    "digits": (28, 28),
    "fraktur": (150, 48),
    "handwriting_french": (150, 48),
    "handwriting_peraire": (150, 48),
    "pen_digits": (60,),
    "spoken_digits": (60,),
}


def normalised(task: str = "regression") -> rnn.Network:
    network = build(1, task=task)
    scales = {"inputs": Scale(np.array([1000.0, -2.0, 0.0]), np.array([3.0, 0.5, 0.0]))}
    if task == "regression":
        scales["targetPatterns"] = Scale(np.array([5.0, -7.0]), np.array([2.0, 0.0]))
    network.normalisation = scales
    return network


def texts(model: onnx.ModelProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in model.metadata_props}


# --- inputs and outputs ---


def test_names_and_shapes() -> None:
    running = session(convert(build(2, hiddenSize="3,4", hiddenBlock="2,2")))
    assert [(one.name, one.shape) for one in running.get_inputs()] == [("inputs", ["batch", "size_0", "size_1", 3])]
    assert [(one.name, one.type) for one in running.get_overridable_initializers()] == [("sizes", "tensor(int64)")]
    outputs = [(one.name, one.shape) for one in running.get_outputs()]
    assert outputs == [("outputs", ["batch", "output_size_0", 4]), ("output_sizes", ["batch", 1])]


def test_an_output_of_one_point_has_no_sizes() -> None:
    running = session(convert(build(2, task="sequence_classification")))
    assert [(one.name, one.shape) for one in running.get_outputs()] == [("outputs", ["batch", 3])]


def test_sizes_beyond_the_array_end_with_it() -> None:
    running = session(convert(build(1)))
    (inputs,) = random_inputs([(5,)])
    found = [running.run(None, {"inputs": inputs[None], **more}) for more in ({}, {"sizes": np.array([[9]])})]
    assert all(np.array_equal(one, other) for one, other in zip(*found, strict=True))
    assert found[0][1].tolist() == [[5]]


def test_columns_of_another_height_are_an_error() -> None:
    running = session(convert(build(2, levelDims=1, joinRows="concat", joinHeight=4)))
    running.run(None, {"inputs": random_inputs([(3, 4)])[0][None]})
    with pytest.raises(Exception, match="input_join"):
        running.run(None, {"inputs": random_inputs([(3, 5)])[0][None]})


# --- normalisation ---


@pytest.mark.parametrize("task", ["regression", "classification"])
@pytest.mark.parametrize("raw", [True, False])
def test_normalisation_is_part_of_the_model(task: str, raw: bool) -> None:
    network = normalised(task)
    assert largest_difference(network, random_inputs(SHAPES[1]), raw=raw) < TOLERANCE


def test_normalised_inputs_are_the_engines_bit_for_bit() -> None:
    """A large mean would take the digits away in float."""
    network = normalised("classification")
    inputs = random_inputs([(50,)])[0] + np.float32(1000)
    exact = network.normalisation["inputs"].apply(inputs)
    raw, plain = (session(convert(network, raw=raw)) for raw in (True, False))
    assert np.array_equal(raw.run(None, {"inputs": inputs[None]})[0], plain.run(None, {"inputs": exact[None]})[0])


# --- weights ---


def test_weights_of_half_precision() -> None:
    network = build(2, hiddenSize="8,30", hiddenBlock="2,2", subsampleSize=20)
    whole, half = convert(network), convert(network, dtype="float16")
    assert half.ByteSize() < 0.6 * whole.ByteSize()
    inputs = random_inputs([(9, 7)])
    wanted = network.predict(inputs)[0].outputs
    network.set_weights({name: weights.astype(np.float16) for name, weights in network.weights.items()})
    rounded = network.predict(inputs)[0].outputs
    found = session(half).run(None, {"inputs": inputs[0][None]})[0][0]
    assert difference(found, rounded) < TOLERANCE < difference(found, wanted)


def test_a_network_of_double_precision_becomes_float() -> None:
    network = build(1, precision="double")
    assert network.precision == "float64"
    assert largest_difference(network, random_inputs(SHAPES[1])) < TOLERANCE


@pytest.mark.parametrize("name", ZOO)
def test_networks_of_the_zoo(name: str) -> None:
    network = rnn.Network.load_model(name)
    shape = ZOO[name]
    inputs = random_inputs([shape], network.header.input_size)
    inputs += [np.abs(np.cumsum(one, axis=0) / 10) for one in inputs]  # smooth, as measured data are
    if len(shape) == 1:
        inputs.append(inputs[1][: shape[0] // 2])
    assert largest_difference(network, inputs) < TOLERANCE


# --- metadata ---


def test_metadata(tmp_path: Path) -> None:
    network = build(1)
    network.recipe = '{"kind": "x"}'
    network.save(tmp_path / "x.safetensors", metadata={"license": "CC-BY-4.0", "scores": "{}", "epochs": "3"})
    model = convert(rnn.Network.load(tmp_path / "x.safetensors"))
    found = texts(model)
    assert json.loads(found.pop("labels")) == ["a", "b", "c"]
    assert found == {
        "task": "transcription", "blank": "3", "recipe": '{"kind": "x"}', "license": "CC-BY-4.0",
        "rnnlib_version": rnn.__version__,
    }  # fmt: skip
    assert (model.producer_name, model.producer_version) == ("rnnlib-py", rnn.__version__)
    assert texts(convert(network, metadata={"author": "me"}))["author"] == "me"


def test_metadata_of_regression() -> None:
    found = texts(convert(normalised()))
    assert {"labels", "blank"}.isdisjoint(found)
    assert found["inputMeans"] == "1000.0 -2.0 0.0" and found["targetPatternsStds"] == "2.0 0.0"


def test_metadata_has_names_of_its_own() -> None:
    with pytest.raises(rnn.ConfigError, match=r"metadata 'task': the file itself uses this name"):
        convert(build(1), metadata={"task": "mine"})


# --- what is refused ---


def test_operator_sets() -> None:
    with pytest.raises(rnn.ConfigError, match=rf"operator set 9 is too old: .* need {OLDEST_OPSET} to \d+"):
        convert(build(1), opset=9)
    with pytest.raises(rnn.ConfigError, match=rf"operator set 999 is not known to onnx .*{OLDEST_OPSET} to \d+"):
        convert(build(1), opset=999)
    model = convert(build(1), opset=OLDEST_OPSET)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", OLDEST_OPSET)]
    assert model.ir_version == onnx.helper.find_min_ir_version_for(model.opset_import)


def test_weights_that_do_not_fit() -> None:
    network = build(1)
    network.set_weights({"bias_to_output": [1.0, -1e5, 0.0, 0.0]})
    assert convert(network) is not None
    with pytest.raises(rnn.NumericError, match=r"a weight of bias_to_output is 100000 in size: float16 ends at 65504"):
        convert(network, dtype="float16")
    with pytest.raises(rnn.ConfigError, match=r"dtype 'float64': .* are float16 or float32"):
        convert(network, dtype="float64")  # type: ignore[arg-type]


def test_layers_that_cannot_be_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build(1, hiddenSize="3,4", hiddenBlock=2, subsampleSize=4)
    monkeypatch.delitem(registry.LAYERS, "subsample")
    with pytest.raises(rnn.ConfigError, match=r"layer subsample_0: layers of the kind subsample cannot be exported"):
        convert(network)
    monkeypatch.delitem(CELLS, "lstm")
    with pytest.raises(rnn.ConfigError, match=r"layer hidden_0_0: units of the type lstm cannot be exported"):
        convert(network)


def test_onnx_is_an_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(rnn.ConfigError, match=r"writing ONNX files needs onnx \(.*\): pip install 'rnnlib-py\[onnx\]'"):
        export(build(1), tmp_path / "x.onnx")
    assert not list(tmp_path.iterdir())


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, rnnlib_py, rnnlib_py.cli; print([name for name in sys.modules if 'onnx' in name])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_file_is_written_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.onnx"
    export(build(1), path)
    content = path.read_bytes()
    with pytest.raises(rnn.ConfigError):
        export(build(1), path, opset=3)
    assert path.read_bytes() == content
    assert [one.name for one in onnxruntime.InferenceSession(content).get_inputs()] == ["inputs"]
    with pytest.raises(rnn.IoError):
        export(build(1), tmp_path / "missing" / "x.onnx")
