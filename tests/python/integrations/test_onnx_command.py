# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export to ONNX files."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import onnxruntime
import pytest
from onnx_models import TOLERANCE, difference
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def save() -> Path:
    run = rnn.train(rnn.Config.read("x.config", autosave=True, valFile="train.nc"))
    assert run.last_save is not None
    return run.last_save.rename("x.save")


def texts(name: str) -> dict[str, str]:
    return {entry.key: entry.value for entry in onnx.load(name).metadata_props}


def test_export_and_use(capsys: Capture) -> None:
    source = save()
    capsys.readouterr()
    assert run_cli("export", source, "-o", "x.onnx", "--metadata", "license=CC-BY-4.0") == 0
    size = Path("x.onnx").stat().st_size
    assert capsys.readouterr().out == f"x.onnx: {size} bytes, of {source.stat().st_size}\n"
    found = texts("x.onnx")
    assert (found["license"], found["task"], found["epochs"]) == ("CC-BY-4.0", "transcription", "2")
    assert list(json.loads(found["scores"])) == ["train", "validation"]

    running = onnxruntime.InferenceSession("x.onnx")
    data = rnn.Dataset.read("train.nc", task="transcription")
    for sequence, prediction in zip(data, rnn.Network.load(source).predict(data), strict=True):
        assert difference(running.run(None, {"inputs": sequence.inputs[None]})[0][0], prediction.outputs) < TOLERANCE


def test_a_trained_network_by_its_name() -> None:
    assert run_cli("export", "--model", "digits", "-o", "named.onnx") == 0
    path = next(model.path for model in rnn.models() if model.name == "digits")
    assert run_cli("export", path, "-o", "x.onnx") == 0
    assert Path("named.onnx").read_bytes() == Path("x.onnx").read_bytes()


def test_options(capsys: Capture) -> None:
    source = save()
    assert run_cli("export", source, "-o", "x.onnx", "--opset", 13, "--dtype", "float16") == 0
    model = onnx.load("x.onnx")
    assert model.opset_import[0].version == 13
    assert any(one.data_type == onnx.TensorProto.FLOAT16 for one in model.graph.initializer)
    assert run_cli("export", "x.onnx", "-o", "y.onnx") != 0
    capsys.readouterr()
    for arguments, status, message in (
        (["-o", "y.onnx", "--opset", 9], 2, "operator set 9 is too old"),
        (["-o", "y.onnx", "--dtype", "float64"], 2, "dtype 'float64'"),
        (["-o", "y.safetensors", "--opset", 17], 2, "--opset is for ONNX files"),
        (["-o", "y.other"], 2, "an ONNX file (-o NAME.onnx)"),
    ):
        assert run_cli("export", source, *arguments) == status
        assert message in capsys.readouterr().err
    assert run_cli("export", "x.config", "-o", "y.onnx") == 2
    assert "it has no weights" in capsys.readouterr().err
    assert not list(Path().glob("y.*"))
