# SPDX-License-Identifier: Apache-2.0
"""The module for browsers gives what the engine gives, in Node.js; test_page.py tests it in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden_cases import CASES
from web_module import MODULE, NO_MODULE, ROOT

import rnnlib_py as rnn
from rnnlib_py.data.normalisation import Scale
from rnnlib_py.prepare.images import read_picture
from rnnlib_py.prepare.line_image import inputs_of_picture
from rnnlib_py.prepare.line_recipe import LineRecipe

NODE = shutil.which("node")
EXAMPLE = ROOT / "docs" / "_static" / "reader" / "fraktur.png"

pytestmark = [
    pytest.mark.skipif(not (MODULE / "engine.wasm").exists(), reason=NO_MODULE),
    pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
]


def ask(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of run_networks.mjs."""
    assert NODE is not None
    text = json.dumps({"module": str(MODULE), "requests": requests})
    script = Path(__file__).with_name("run_networks.mjs")
    done = subprocess.run([NODE, script], input=text, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["version"] == rnn.__version__
    answers: list[dict[str, Any]] = found["answers"]
    return answers


def test_golden_networks_give_the_same_outputs() -> None:
    requests, expected = [], []
    for case in CASES:
        save = case.folder / "initial.save"
        network = rnn.Network.load(save, precision="float32")
        for sequence in case.data():
            shape = sequence.inputs.shape[:-1]
            requests.append({"path": str(save), "inputs": sequence.inputs.ravel().tolist(), "shape": shape})
            expected.append(network.predict([sequence], raw=False)[0])
    assert len(expected) > 50
    for request, prediction, found in zip(requests, expected, ask(*requests), strict=True):
        outputs = np.reshape(found["prediction"]["outputs"], prediction.outputs.shape)
        np.testing.assert_allclose(outputs, prediction.outputs, atol=1e-5, rtol=1e-5, err_msg=request["path"])


@pytest.mark.parametrize("form", ["grey", "RGBA"])
def test_a_line_of_print_is_read_as_by_the_command(form: str) -> None:
    network = rnn.Network.load_model("fraktur")
    grey = read_picture(EXAMPLE).grey
    pixels = grey if form == "grey" else np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    channels = 1 if form == "grey" else 4
    image = {"data": pixels.ravel().tolist(), "width": grey.shape[1], "height": grey.shape[0], "channels": channels}
    (found,) = ask({"path": str(ROOT / "models" / "fraktur.safetensors"), "image": image})
    line = network.read(EXAMPLE)
    assert found["text"] == line.text
    assert line.text.startswith("Brüssel! — Wenige")
    recipe = LineRecipe.from_json(network.recipe, "fraktur")
    np.testing.assert_array_equal(found["input"], inputs_of_picture(grey, recipe).ravel())
    prediction, expected = found["prediction"], line.prediction
    np.testing.assert_allclose(np.reshape(prediction["outputs"], expected.outputs.shape), expected.outputs, atol=1e-5)
    np.testing.assert_allclose(prediction["confidences"], expected.confidences, atol=1e-5)
    assert [tuple(p.values()) for p in prediction["positions"]] == [tuple(p) for p in expected.positions]
    about = found["about"]
    assert (about["task"], about["numDims"], about["inputSize"]) == ("transcription", 2, 1)
    assert about["labels"] == network.header.labels
    assert about["recipe"] == {"kind": "lines", "rightToLeft": False}
    # Where characters were read, in the image's own pixels, from left to right.
    lefts = [character["left"] for character in found["characters"]]
    assert lefts == sorted(lefts)
    assert 0.9 * grey.shape[1] < lefts[-1] < grey.shape[1]


def test_raw_inputs_are_normalised_as_the_training_data_were(tmp_path: Path) -> None:
    config = rnn.Config({"task": "classification", "hiddenSize": 3, "randSeed": 3, "initWeightRange": 1})
    network = rnn.Network.build(config, rnn.DataHeader(1, 2, 0, ["a", "b"]))
    network.normalisation = {"inputs": Scale(np.array([1000.0, -3.0]), np.array([17.0, 0.3]))}
    network.save(tmp_path / "a.safetensors")
    inputs = np.random.default_rng(1).normal([1000, -3], [17, 0.3], (9, 2)).astype(np.float32)
    path = str(tmp_path / "a.safetensors")
    (found,) = ask({"path": path, "inputs": inputs.ravel().tolist(), "shape": [len(inputs)], "raw": True})
    assert found["about"]["isNormalised"]
    assert found["about"]["recipe"] is None
    outputs = network.predict([inputs], raw=True)[0].outputs
    np.testing.assert_allclose(found["prediction"]["outputs"], outputs.ravel(), atol=1e-5)
    assert found["prediction"]["confidences"] == found["prediction"]["positions"] == []


def test_what_is_wrong_is_an_error_with_the_engines_words() -> None:
    fraktur, digits, spoken = (
        str(ROOT / "models" / f"{name}.safetensors") for name in ("fraktur", "digits", "spoken_digits")
    )
    image = {"data": [255] * 12, "width": 3, "height": 3, "channels": 1}
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"path": "x", "bytes": [1, 2, 3]}, "config", "x"),
        ({"path": "x", "bytes": list(Path(fraktur).read_bytes()[:5000])}, "format", "x"),
        ({"path": fraktur, "inputs": [0.0] * 6, "shape": [2, 2]}, "data", "inputs have 6 points, the shape is"),
        ({"path": fraktur, "inputs": [0.0] * 6, "shape": [6]}, "data", "1 dimensions, the network 2"),
        ({"path": spoken, "inputs": [0.0] * 81, "shape": [2]}, "data", "81 inputs are no points of 40 inputs each"),
        ({"path": fraktur, "inputs": [0.0], "shape": [1, 1], "again": True}, "argument", "freed"),
        ({"path": fraktur, "image": {**image, "width": 2}}, "data", "2 x 3 pixels, expected at least 3 x 3"),
        ({"path": fraktur, "image": {**image, "height": 9}}, "data", "too few"),
        ({"path": digits, "image": image}, "config", "recipe"),
        ({"path": fraktur, "image": {"data": [0] * 90_000, "width": 30_000, "height": 3}}, "data", "expected at most"),
    ]
    answers = ask(*(request for request, _, _ in cases))
    for (_, status, words), found in zip(cases, answers, strict=True):
        assert found["error"]["name"] == "RnnlibError", found
        assert (found["error"]["status"], words in found["error"]["message"]) == (status, True), found


def test_the_module_is_small_and_complete() -> None:
    files = {path.name: path.stat().st_size for path in MODULE.iterdir()}
    assert set(files) == {"engine.wasm", "rnnlib.js", "rnnlib.d.ts", "memory.js"}
    assert sum(files.values()) < 1_500_000
    for name in ("rnnlib.js", "rnnlib.d.ts", "memory.js"):
        assert (MODULE / name).read_bytes() == (ROOT / "web" / name).read_bytes(), "ci/wasm.sh renews it"


def test_the_types_name_what_the_module_has() -> None:
    types = (ROOT / "web" / "rnnlib.d.ts").read_text(encoding="utf-8")
    code = (ROOT / "web" / "rnnlib.js").read_text(encoding="utf-8")
    members = set(re.findall(r"^  (?:readonly )?(\w+)[(?:]", types, flags=re.MULTILINE))
    assert {"network", "read", "predict", "outputs", "isNormalised"} <= members
    assert not [name for name in members - {"source"} if not re.search(rf"\b{name}\b", code)]
