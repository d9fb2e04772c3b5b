# SPDX-License-Identifier: Apache-2.0
"""The package in a Jupyter kernel: bars, pictures, interruption."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from kernel import Kernel, shown
from tiny import write_config, write_data

WITHOUT_WIDGETS = """
import importlib.util
_find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "ipywidgets" else _find_spec(name, *rest)
"""
WITH_WIDGETS = "importlib.util.find_spec = _find_spec"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Starting one takes two seconds. It has a network of two epochs, `run`."""
    folder = tmp_path_factory.mktemp("notebook")
    write_data(folder / "train.nc")
    write_config(folder / "x.config")
    made = Kernel(folder)
    try:
        assert made.run("import sys, rnnlib_py as rnn\nrun = rnn.train('x.config')") == []
        yield made
    finally:
        made.close()


def bar_of(found: list[tuple[str, Any]]) -> tuple[str, int, int, str]:
    """The one bar that a cell has shown, as HTML: text before it, value, end, text after it."""
    assert [kind for kind, _ in found] == ["display_data"]
    match = re.fullmatch(r'(.*) <progress value="(\d+)" max="(\d+)"></progress> (.*)', found[0][1]["data"]["text/html"])
    assert match is not None
    return match[1], int(match[2]), int(match[3]), html.unescape(match[4])


def test_a_run_has_one_bar(kernel: Kernel) -> None:
    kernel.run(WITHOUT_WIDGETS)
    found = kernel.run("run = rnn.train('x.config', progress=True)")
    before, done, total, after = bar_of(found)
    assert (before, done, total) == ("epoch 2/2", 12, 12)
    assert after.startswith("2 epochs; best ctcError ")
    found = kernel.run(
        "_ = rnn.train(rnn.Config.read('x.config', totalEpochs=5), progress=sys.stdout, on_epoch=lambda _: False)"
    )
    assert bar_of(found)[:3] == ("epoch 1/5", 6, 30)
    found = kernel.run(
        "_ = rnn.train(rnn.Config.read('x.config', totalEpochs=-1), progress=True, on_epoch=lambda r: r.epoch < 3)"
    )
    assert bar_of(found)[:3] == ("epoch 3", 6, 6)
    kernel.run(WITH_WIDGETS)


STATES = """
import ipywidgets
states = [model["state"] for model in ipywidgets.Widget.get_manager_state()["state"].values()]
bars = [(s["value"], s["max"], s["bar_style"]) for s in states if s["_model_name"] == "FloatProgressModel"]
bars
"""


def test_the_bar_of_tqdm(kernel: Kernel) -> None:
    found = kernel.run("_ = rnn.train('x.config', progress=True)")
    assert [kind for kind, _ in found] == ["display_data"]
    assert "application/vnd.jupyter.widget-view+json" in found[0][1]["data"]
    assert kernel.value(STATES)["text/plain"] == "[(12.0, 12.0, 'success')]"
    found = kernel.run("rnn.train('x.config', progress=True, on_epoch=lambda _: 1 / 0)")
    assert [kind for kind, _ in found] == ["display_data", "error"]
    assert kernel.value(STATES)["text/plain"].endswith("'danger')]")


def test_a_run_without_an_epoch_has_no_bar(kernel: Kernel) -> None:
    assert kernel.run("_ = rnn.train(rnn.Config.read('x.config', totalEpochs=0), progress=True)") == []
    assert kernel.run("_ = rnn.train('x.config', progress=False)") == []


def test_a_figure_is_shown_once(kernel: Kernel) -> None:
    for before in ("", "import matplotlib.pyplot as plt\n"):
        data = kernel.value(f"{before}rnn.plot_errors(run)")
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert kernel.run("figure = rnn.plot_errors(run)") == []


def test_tables(kernel: Kernel) -> None:
    for code in ("run", "run.network", "run.config", "run.to_frame()", "run.history[0]"):
        assert "<table" in kernel.value(code)["text/html"]


def test_interruption_leaves_the_run(kernel: Kernel) -> None:
    kernel.run(WITHOUT_WIDGETS)
    kernel.run("config = rnn.Config.read('x.config', totalEpochs=10**9)")
    begun = kernel.begin("endless = rnn.train(config, output_dir='out', progress=True)")
    messages: list[tuple[str, Any]] = []
    for message in kernel.messages(begun):
        messages.append(message)
        if len([kind for kind, _ in messages if kind == "update_display_data"]) == 3:
            kernel.interrupt()
    kernel.run(WITH_WIDGETS)
    (_, bar), (kind, error) = shown(messages)
    assert (kind, error["ename"]) == ("error", "TrainingInterrupted")
    assert "epochs; best ctcError" in bar["data"]["text/html"]
    assert kernel.run("stopped = sys.last_value.run\nassert stopped.epoch == len(stopped.history) > 0") == []
    predict = "data = rnn.Dataset.read('train.nc', 'transcription')\nassert len(stopped.network.predict(data)) == 6"
    assert kernel.run(predict) == []
    assert "image/png" in kernel.value("rnn.plot_errors(stopped)")
    resume = "more = rnn.train(config, output_dir='out', resume=True, on_epoch=lambda _: False)"
    assert kernel.run(f"{resume}\nassert more.epoch > stopped.epoch") == []


def test_preparing_shows_a_bar(kernel: Kernel) -> None:
    kernel.run(WITHOUT_WIDGETS)
    kernel.run("from rnnlib_py.prepare.progress import with_progress")
    found = kernel.run("assert list(with_progress([1, 2, 3], True, 'lines')) == [1, 2, 3]")
    assert bar_of(found) == ("lines", 3, 3, "3/3")
    found = kernel.run("for item in with_progress([1, 2, 3], True, 'lines'):\n    if item == 2:\n        break")
    assert bar_of(found) == ("lines", 1, 3, "1/3")
    assert kernel.run("assert list(with_progress([], True, 'lines')) == []") == []
    kernel.run(WITH_WIDGETS)
