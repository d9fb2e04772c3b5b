# SPDX-License-Identifier: Apache-2.0
"""Makes data files of pictures of single digits: of MNIST, or of those that come with scikit-learn.

python make_data.py [--data FOLDER] [-o OUT] [--quick]
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import numpy as np

import rnnlib_py as rnn

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def read_idx(path: Path, header: int) -> np.ndarray:
    """The bytes of an IDX file, plain or packed, after its header."""
    packed = path.with_name(path.name + ".gz")
    data = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    return np.frombuffer(data, np.uint8, offset=header)


def mnist(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """The 60,000 images for training in their order, (count, 28, 28), and their labels."""
    if (folder / "mnist_train.npz").exists():
        with np.load(folder / "mnist_train.npz") as data:
            return data["images"], data["labels"]
    return read_idx(folder / IMAGES, 16).reshape(-1, 28, 28), read_idx(folder / LABELS, 8)


def small_digits() -> tuple[np.ndarray, np.ndarray]:
    """1,797 images of 8 x 8 pixels, (count, 8, 8) from 0 to 255, and their labels."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return (digits.images * (255 / 16)).astype(np.uint8), digits.target


def write(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Networks see x first, ink positive, and a mean near 0 and a standard deviation near 1."""
    inputs = ((images.transpose(0, 2, 1)[..., np.newaxis] / 255.0 - 0.2) / 0.35).astype(np.float32)
    sequences = [
        {"inputs": x, "target": int(y), "tag": f"{path.stem}-{number:05}"}
        for number, (x, y) in enumerate(zip(inputs, labels, strict=True))
    ]
    rnn.write_netcdf(path, sequences, labels="0123456789", task="sequence_classification", compression=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help=f"a folder with {IMAGES} and {LABELS}, packed (.gz) or not")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few digits, to try the commands")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    images, labels = small_digits() if options.data is None else mnist(options.data)
    if options.quick:
        images, labels = images[:60], labels[:60]
    # The last sixth is for validation, as is customary with MNIST: its last 10,000 images.
    start = len(images) * 5 // 6
    write(options.output / "train.nc", images[:start], labels[:start])
    write(options.output / "val.nc", images[start:], labels[start:])
    print(f"{start} digits for training and {len(images) - start} for validation are in {options.output}")


if __name__ == "__main__":
    main()
