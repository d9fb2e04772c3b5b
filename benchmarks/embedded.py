# SPDX-License-Identifier: Apache-2.0
"""What a network costs that is built into a program: examples/cpp_embed, linked statically, without threads.

    python benchmarks/embedded.py [FOLDER]

builds it in FOLDER (default build/embedded) and prints its size and libraries, the time to start and read one image,
the memory of that, the time per image, and how long a save of a million weights takes to load. Needs cmake, a C++
compiler and, for the last, rnnlib_py. Linux.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "cpp_embed"
MANY = 1000
REPEATS = 15


def run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def build(folder: Path) -> Path:
    """The program; the library is compiled in sections, so that the linker leaves out what is not called."""
    prefix = folder / "prefix"
    flags = "-DCMAKE_CXX_FLAGS=-ffunction-sections -fdata-sections"
    library = ("-DRNNLIB_THREADS=OFF", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DCMAKE_BUILD_TYPE=Release", flags)
    run("cmake", "-S", ROOT / "cpp", "-B", folder / "library", *library)
    run("cmake", "--build", folder / "library", "--target", "install")
    run("cmake", "-S", EXAMPLE, "-B", folder / "program", f"-DCMAKE_PREFIX_PATH={prefix}", "-DSTATIC_PROGRAM=ON", flags)
    run("cmake", "--build", folder / "program")
    return folder / "program" / "cpp_embed"


def seconds(*command: object) -> float:
    """The median of the time from start to end."""
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        run(*command)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


# A child's peak begins with that of the process it is forked from: so from a small one.
PEAK_MEMORY = """
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char** argv) {
  struct rusage usage;
  if (argc > 1 && fork() == 0) { freopen("/dev/null", "w", stdout); execv(argv[1], argv + 1); _exit(1); }
  wait(0);
  getrusage(RUSAGE_CHILDREN, &usage);
  printf("%ld", usage.ru_maxrss);
}
"""


def peak_memory(folder: Path, *command: object) -> int:
    """Bytes."""
    source, program = folder / "peak_memory.c", folder / "peak_memory"
    source.write_text(PEAK_MEMORY)
    run("cc", "-static", "-w", source, "-o", program)
    return int(run(program, *command)) * 1024


def million_weights(folder: Path) -> Path | None:
    """A save of a network with a million weights."""
    try:
        import rnnlib_py as rnn
    except ImportError:
        return None
    config = rnn.Config({"task": "transcription", "hiddenSize": 300, "randSeed": 1})
    network = rnn.Network.build(config, rnn.DataHeader(1, 100, 0, [f"label{i}" for i in range(60)]))
    path = folder / "million.save"
    network.save(path)
    print(f"save of {network.num_weights} weights: {path.stat().st_size / 1e6:.1f} MB", end="")
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        rnn.Network.load(path)
        times.append(time.perf_counter() - begin)
    print(f", loads in {statistics.median(times):.3f} s")
    return path


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "embedded").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    program = build(folder)
    stripped = folder / "stripped"
    shutil.copy(program, stripped)
    run("strip", stripped)
    ldd = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    print(f"program: {stripped.stat().st_size / 1e6:.2f} MB; ldd: {(ldd.stdout + ldd.stderr).strip()}")

    save, image = EXAMPLE / "digits.save", EXAMPLE / "line1.pgm"
    nothing = seconds("true")
    one = seconds(stripped, save, image)
    many = seconds(stripped, save, *[image] * (MANY + 1))
    print(
        f"an empty process: {1e3 * nothing:.1f} ms; start, load {save.stat().st_size / 1e3:.0f} kB and ",
        end="read one image:",
    )
    print(f" {1e3 * one:.1f} ms; each further image: {1e3 * (many - one) / MANY:.3f} ms")
    print(f"memory at most: {peak_memory(folder, stripped, save, image) / 2**20:.1f} MiB")
    million_weights(folder)


if __name__ == "__main__":
    main()
