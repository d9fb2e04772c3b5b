# SPDX-License-Identifier: Apache-2.0
"""`rnnlib-py demo`: learns to read lines of handwritten digits, and shows how well it does."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path

from rnnlib_py.config import Config
from rnnlib_py.data import Dataset
from rnnlib_py.demo.data import CONFIG_NAME, write_folder
from rnnlib_py.demo.lines import HEIGHT, Line
from rnnlib_py.demo.pictures import save_picture
from rnnlib_py.model.network import Network
from rnnlib_py.training.run import Run
from rnnlib_py.training.train import train

NEEDED = {"sklearn": "scikit-learn", "matplotlib": "matplotlib"}
SHOWN = 12  # test lines in the picture
WRONG_SHOWN = 5  # wrong ones in the text


def main(argv: list[str]) -> int:
    """Runs the demo with these arguments; returns the exit status. Errors of the run are raised (rnnlib_py.Error)."""
    arguments = _parser().parse_args(argv)
    missing = [package for module, package in NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        _say_error(f"the demo needs {' and '.join(missing)}: pip install 'rnnlib-py[demo]'")
        return 1
    outdir: Path = arguments.outdir
    try:
        outdir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say_error(f"{outdir}: cannot be made: {error.strerror}")
        return 1
    _run(outdir, arguments.quick, arguments.epochs, arguments.threads, arguments.seed)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rnnlib-py demo",
        description="Trains a 2D multidimensional LSTM with CTC on lines of handwritten digits; shows what it reads.",
    )
    parser.add_argument("--outdir", type=Path, default=Path("demo_output"), metavar="DIR", help="default: %(default)s")
    parser.add_argument(
        "--epochs", type=_positive, metavar="N", help="how long to train; default: the config's totalEpochs"
    )
    parser.add_argument(
        "--threads",
        type=_positive,
        metavar="N",
        help="default: RNNLIB_NUM_THREADS, else the cores this process may use",
    )
    parser.add_argument(
        "--seed", type=_positive, metavar="N", help="of the first weights and the order; default: the config's"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few lines, two epochs: shows that it runs, learns nothing"
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, found {text!r}")
    return int(text)


def _run(outdir: Path, quick: bool, epochs: int | None, threads: int | None, seed: int | None) -> None:
    begin = time.perf_counter()
    lines = write_folder(outdir, quick)
    counts = ", ".join(f"{name} {len(composed)}" for name, composed in lines.items())
    _say(f"Lines of 3 to 7 real handwritten digits, {HEIGHT} pixels high, no digit in two sets: {counts}.")
    config = Config.read(outdir / CONFIG_NAME)
    epochs = epochs or (2 if quick else None)
    for name, value in (("totalEpochs", epochs), ("threads", threads), ("randSeed", seed)):
        if value is not None:
            config[name] = value
    _say(f"Training a 2D multidimensional LSTM with CTC on {outdir / 'train.nc'}, {config['totalEpochs']} epochs.")
    run = train(config, progress=sys.stderr if sys.stderr.isatty() else None, on_epoch=_show_epoch)

    best = run.best_saves["labelError"]
    network = Network.load(best)
    data = Dataset.read(outdir / "test.nc", task="transcription")
    errors = network.evaluate(data)
    outputs = ["".join(prediction.labels) for prediction in network.predict(data)]
    picture = outdir / "digit_lines.png"
    title = f"The first {SHOWN} test lines and what was read. Test label error {_percent(errors['labelError'])}"
    save_picture(picture, lines["test"][:SHOWN], outputs[:SHOWN], title)

    _show_lines(lines["test"], outputs)
    _say(f"network of epoch {run.best['labelError'].epoch} (best on the validation set): {best}")
    _say(f"picture: {picture}")
    _say(f"lines read without any error: {_percent(1 - errors['seqError'])}")
    _say(f"test label error: {_percent(errors['labelError'])}    ({time.perf_counter() - begin:.0f} s in all)")


def _show_epoch(run: Run) -> None:
    epoch = run.history[-1]
    rates = "   ".join(f"{name} {_percent(errors['labelError']):>7}" for name, errors in epoch.errors.items())
    _say(f"epoch {epoch.epoch:3}  {epoch.seconds:5.1f} s   label error: {rates}")


def _show_lines(lines: list[Line], outputs: list[str]) -> None:
    """The first few test lines, and the first wrong ones."""
    wrong = [i for i, line in enumerate(lines) if line.text != outputs[i]][:WRONG_SHOWN]
    _say("\nSome test lines\n  number  target    output")
    for i in [*range(5), *(i for i in wrong if i >= 5)]:
        mark = "" if lines[i].text == outputs[i] else "wrong"
        _say(f"  {i:6}  {lines[i].text:8}  {outputs[i]:8}  {mark}".rstrip())
    _say("")


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _say_error(text: str) -> None:
    print(f"rnnlib-py demo: error: {text}", file=sys.stderr)  # noqa: T201
