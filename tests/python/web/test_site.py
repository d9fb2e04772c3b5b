# SPDX-License-Identifier: Apache-2.0
"""What belongs together in the page docs/try.md, its network and the site."""

from __future__ import annotations

import json
import re
import subprocess

from web_module import ROOT

READER = ROOT / "docs" / "_static" / "reader"


def number(path: str, name: str) -> float:
    """The value of a constant in a script."""
    (value,) = re.findall(rf"^(?:const )?{name} = ([\d.]+)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    return float(value)


def test_the_site_takes_along_the_networks_that_the_page_loads() -> None:
    code = (READER / "read_lines.js").read_text(encoding="utf-8") + (READER / "draw_digits.js").read_text(
        encoding="utf-8"
    )
    loaded = set(re.findall(r'^  \["(\w+)", ', code, re.MULTILINE)) | set(re.findall(r'MODEL = "(\w+)"', code))
    (names,) = re.findall(r"READER_MODELS = \((.*)\)", (ROOT / "docs" / "conf.py").read_text(encoding="utf-8"))
    assert loaded == set(re.findall(r'"(\w+)"', names)) == {"drawn_digits", "fraktur"}
    assert all((ROOT / "models" / f"{name}.safetensors").exists() for name in loaded)
    assert all((READER / f"{name}.png").exists() for name in loaded), "their examples"


def test_digits_are_drawn_on_the_page_as_in_the_training_data() -> None:
    drawing, page = "examples/drawn_digits/draw.py", "docs/_static/reader/strokes.js"
    for name in ("HEIGHT", "MARGIN"):
        assert number(drawing, name) == number(page, name)
    low, high = map(float, re.findall(r"pen = rng.uniform\(([\d.]+), ([\d.]+)\)", (ROOT / drawing).read_text())[0])
    assert low < number(page, "PEN") < high


def test_every_file_that_scripts_import_is_there() -> None:
    for script in READER.glob("*.js"):
        names = re.findall(r'(?:from |new URL\()"(?:\./)?([\w.]+)"', script.read_text(encoding="utf-8"))
        assert not [name for name in names if not (READER / name).exists()], script.name


def test_the_preset_is_that_of_the_script() -> None:
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    (wasm,) = (preset for preset in presets["configurePresets"] if preset["name"] == "wasm")
    assert wasm["binaryDir"].endswith("build/wasm")
    assert wasm["cacheVariables"]["RNNLIB_WEB"] == "ON"


def test_without_emscripten_the_module_is_left_out_with_a_reason() -> None:
    tools = {"PATH": "/nonexistent"}
    command = ["/bin/bash", "ci/wasm.sh"]
    if_possible, needed = (
        subprocess.run([*command, *more], cwd=ROOT, env=tools, capture_output=True, text=True, check=False)
        for more in (["--if-possible"], [])
    )
    assert (if_possible.returncode, needed.returncode) == (0, 1)
    assert "is left out: emscripten (emcmake) is not installed" in if_possible.stdout
