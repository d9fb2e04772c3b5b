# SPDX-License-Identifier: Apache-2.0
"""Error over wall time on text lines, beside PyTorch and kraken: python benchmarks/time_to_accuracy.py FOLDER -o OUT.

`rnnlib-py prepare lines` makes the data files and the config. PyTorch trains a network of the same sizes on the same
bytes (torch_lines.py); kraken trains with its own command, `ketos train`, on the same lines as images. They run one
after another on the same processors. OUT/times.json has what was measured, OUT/times.png the picture; programs that are
not asked for again keep what OUT/times.json has of them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.plot.figure import new_figure, save_figure

WORKER = Path(__file__).with_name("torch_lines.py")
Curve = list[dict[str, float]]  # seconds since the start, and the validation set's label error, after each epoch
IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
INK = 76.5  # bytes per unit of input: LineRecipe.scale


def network_of(config: rnn.Config, labels: int) -> dict[str, Any]:
    """The network of a starter config, in words that torch_lines.py understands."""
    count = config["hiddenType"].count("conv")
    return {
        "convolutions": config["hiddenSize"][:count],
        "pools": config["poolSize"],
        "lstm": config["hiddenSize"][count:],
        "dropout": config["dropout"],
        "labels": labels,
        "batch": config["seqsPerWeightUpdate"],
        "learn_rate": config["learnRate"],
        "warm_updates": config["warmupUpdates"],
        "epochs": config["totalEpochs"],
    }


def export(data: rnn.Dataset, path: Path) -> None:
    """The set as arrays of bytes, for programs that cannot read data files."""
    images = [np.rint((s.inputs[:, :, 0] + 0.5) * INK).astype(np.uint8) for s in data]
    targets = [s.target for s in data]
    np.savez(
        path,
        pixels=np.concatenate(images),
        widths=[len(image) for image in images],
        targets=np.concatenate(targets),
        lengths=[len(target) for target in targets],
    )


def run_rnnlib(data: Path, output: Path, minutes: float, threads: int, keys: list[str]) -> Curve:
    run = output / "rnnlib"
    command = [sys.executable, "-m", "rnnlib_py", "train", str(data / "lines.config"), "-o", str(run), "--force"]
    start = time.time()
    wait(subprocess.Popen([*command, f"--threads={threads}", *keys], stdout=subprocess.DEVNULL), minutes)
    curve = []
    for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "epoch":
            seconds = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp() - start
            curve.append({"seconds": seconds, "error": event["errors"]["validation"]["labelError"]})
    return curve


def run_torch(python: str, data: Path, output: Path, minutes: float, threads: int) -> Curve:
    folder = output / "torch"
    folder.mkdir(exist_ok=True)
    sets = {name: rnn.Dataset.read(data / f"{name}.nc", task="transcription") for name in ("train", "val")}
    for name, dataset in sets.items():
        export(dataset, folder / f"{name}.npz")
    sizes = network_of(rnn.Config.read(data / "lines.config"), len(sets["train"].header.labels))
    (folder / "network.json").write_text(json.dumps(sizes), encoding="utf-8")
    with (folder / "curve.jsonl").open("w", encoding="utf-8") as curve:
        wait(
            subprocess.Popen([python, str(WORKER), str(folder), str(minutes), str(threads)], stdout=curve), minutes + 1
        )
    return [json.loads(line) for line in (folder / "curve.jsonl").read_text(encoding="utf-8").splitlines()]


def run_kraken(ketos: str, images: dict[str, list[Path]], output: Path, minutes: float, threads: int) -> Curve:
    folder = output / "kraken"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("checkpoint_*"):
        old.unlink()
    for name, paths in images.items():
        (folder / f"{name}.txt").write_text("".join(f"{path.resolve()}\n" for path in paths), encoding="utf-8")
    command = [
        ketos,
        "--device",
        "cpu",
        "--threads",
        str(threads),
        "--workers",
        "1",
        "train",
        "-f",
        "path",
        "-q",
        "fixed",
    ]
    command += ["-N", "1000", "-t", str(folder / "train.txt"), "-e", str(folder / "val.txt"), "-o", str(folder)]
    start = time.time()
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        wait(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT), minutes)
    found = [(re.match(r"checkpoint_\d+-([\d.]+)\.ckpt", path.name), path) for path in folder.iterdir()]
    curve = [{"seconds": path.stat().st_mtime - start, "error": 1 - float(m[1])} for m, path in found if m]
    return sorted(curve, key=lambda point: point["seconds"])


def wait(process: subprocess.Popen[bytes], minutes: float) -> None:
    """Until the process ends by itself or the time is over."""
    try:
        if process.wait(timeout=60 * minutes) != 0:
            raise SystemExit(f"{process.args!r} failed")
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def images_of(folder: Path, tags: list[str]) -> list[Path]:
    """The images of lines, for kraken: each needs its text beside it, `a.png` and `a.gt.txt`."""
    images = {
        path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*") if path.suffix in IMAGES
    }
    for tag in tags:
        if tag not in images or not (folder / f"{tag}.gt.txt").exists():
            raise SystemExit(f"{folder}: no image with a .gt.txt for the line {tag}")
    return [images[tag] for tag in tags]


def draw(curves: dict[str, Curve], title: str, path: Path) -> None:
    figure = new_figure(7, 4.2)
    axes = figure.subplots()
    for name, curve in curves.items():
        minutes = [point["seconds"] / 60 for point in curve]
        axes.plot(minutes, [100 * point["error"] for point in curve], marker=".", label=name)
    axes.set(xlabel="minutes", ylabel="label error of the validation set, %", yscale="log", title=title)
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    save_figure(figure, path)


def table(curves: dict[str, Curve]) -> str:
    """A row for each program: when it was below some errors, and the best it reached."""
    levels = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
    head = [f"{100 * level:g} %" for level in levels]
    rows = [["minutes until below", *head, "best", "epochs", "minutes"]]
    for name, curve in curves.items():
        below = [next((p["seconds"] / 60 for p in curve if p["error"] <= level), None) for level in levels]
        cells = ["-" if minutes is None else f"{minutes:.1f}" for minutes in below]
        best = f"{100 * min(p['error'] for p in curve):.2f} %" if curve else "no epoch"
        rows.append([name, *cells, best, str(len(curve)), f"{curve[-1]['seconds'] / 60:.1f}" if curve else "-"])
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="line images with texts beside them: a.png, a.gt.txt")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--against", action="append", default=[], metavar="torch|kraken[=PROGRAM]",
                        help="PROGRAM: a Python with PyTorch, or kraken's `ketos`")  # fmt: skip
    parser.add_argument("--without-rnnlib", action="store_true", help="keep what was measured of it before")
    parser.add_argument("--by-group", help="as `prepare lines` has it")
    parser.add_argument("--minutes", type=float, default=20, help="for each program at most")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--name", default="rnnlib-py", help="of rnnlib-py's curve")
    parser.add_argument("--set", action="append", default=[], metavar="--KEY=VALUE", help="more keys for rnnlib-py")
    options = parser.parse_args()
    data, times = options.output / "data", options.output / "times.json"
    if not (data / "train.nc").exists():
        rnn.prepare.lines(options.folder, data, fractions=(0.9, 0.1), by_group=options.by_group, progress=sys.stderr)
    curves: dict[str, Curve] = json.loads(times.read_text(encoding="utf-8")) if times.exists() else {}
    limits = (options.minutes, options.threads)
    if not options.without_rnnlib:
        curves[options.name] = run_rnnlib(data, options.output, *limits, options.set)
    for program in options.against:
        name, _, path = program.partition("=")
        if name == "torch":
            curves["PyTorch"] = run_torch(path or sys.executable, data, options.output, *limits)
        elif name == "kraken":
            sets = {n: rnn.Dataset.read(data / f"{n}.nc", task="transcription") for n in ("train", "val")}
            images = {n: images_of(options.folder, [s.tag for s in dataset]) for n, dataset in sets.items()}
            curves["kraken"] = run_kraken(path or "ketos", images, options.output, *limits)
        else:
            parser.error(f"--against {program}: expected torch or kraken")
    times.write_text(json.dumps(curves, indent=1), encoding="utf-8")
    draw(curves, f"{options.folder.name}, {options.threads} threads", options.output / "times.png")
    print(table(curves))


if __name__ == "__main__":
    main()
