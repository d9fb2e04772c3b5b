# SPDX-License-Identifier: Apache-2.0
"""What a reading takes in headless Chromium, by the module of ci/wasm.sh, and natively on one thread: turn by turn, the
shortest and the median of all.

Usage: python benchmarks/browser.py [--rounds 10]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "python" / folder) for folder in ("support", "web")]

from chromium import Chromium  # noqa: E402
from test_page import READER, make_site  # noqa: E402
from web_module import served  # noqa: E402

import rnnlib_py as rnn  # noqa: E402
from rnnlib_py.prepare.images import read_picture  # noqa: E402

EACH = 5  # readings of a turn
LOAD = """(async () => {
  const { loadEngine } = await import("./_static/rnnlib/rnnlib.js");
  const { pixelsOf } = await import("./_static/reader/image.js");
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  const begin = performance.now();
  const engine = await loadEngine();
  window.starting = performance.now() - begin;
  window.network = engine.network(await bytes("_static/models/%s.safetensors"));
  window.image = await pixelsOf(new File([await bytes("_static/%s")], "a.png"));
  return network.read(image).text;
})()"""
READ = f"""Array.from({{ length: {EACH} }}, () => {{
  const begin = performance.now();
  network.read(image);
  return performance.now() - begin;
}})"""


def native(network: rnn.Network, picture: Path) -> list[float]:
    """Milliseconds of readings; the image is decoded already, as in the browser."""
    grey = read_picture(picture).grey
    times = []
    for _ in range(EACH):
        begin = time.perf_counter()
        network.read(grey, threads=1)
        times.append(1000 * (time.perf_counter() - begin))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "site").mkdir()
        with served(make_site(folder / "site", with_module=True)) as address, Chromium(folder) as browser:
            for name in ("drawn_digits", "fraktur"):
                picture = READER / f"{name}.png"
                browser.open(f"{address}/try.html")
                network = rnn.Network.load_model(name)
                text = browser.evaluate(LOAD % (name, f"reader/{picture.name}"))
                assert text == network.read(picture).text
                times: tuple[list[float], list[float]] = ([], [])
                for _ in range(rounds):
                    times[0].extend(browser.evaluate(READ))
                    times[1].extend(native(network, picture))
                print(f"{name}: {text}; the engine starts in {browser.evaluate('starting'):.0f} ms")
                for where, found in zip(("Chromium", "native"), times, strict=True):
                    print(f"  {where}: shortest {min(found):.2f} ms, median {statistics.median(found):.2f} ms")
                print(f"  ratio {min(times[0]) / min(times[1]):.1f}")


if __name__ == "__main__":
    main()
