# SPDX-License-Identifier: Apache-2.0
"""Times training and prediction, several installations side by side. README.md says how, and what the columns mean."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from installation import Installation, WorkerError, WorkerProcess
from table import Row, rate_lines, reference_lines, text_table
from workloads import DEFAULT, WORKLOADS

# What took this many seconds is not repeated more than LEAST_ROUNDS times.
LONG = 20.0
LEAST_ROUNDS = 3
RATE_SECONDS = 0.1

Variant = tuple[str, int, int]  # mode, sequences per update or call, threads


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--workload", action="append", choices=list(WORKLOADS), help="may be repeated; default: all")
    add("--mode", action="append", choices=["train", "predict"], help="default: both")
    add("--threads", type=_numbers, default=[1, 2], metavar="N,...", help="default: 1,2")
    add("--sequences", type=_numbers, default=[1, 16], metavar="N,...", help="per update; default: 1,16")
    add("--rounds", type=int, default=6, help="measurements of each row; default: 6")
    add("--seconds", type=float, default=0.3, help="least length of a measurement; default: 0.3")
    add("--quick", action="store_true", help="one round of one update each: shows that it works")
    add(
        "--python",
        action="append",
        type=Installation.parse,
        metavar="[NAME=]PYTHON[,VAR=VALUE...]",
        help="an installation to time, with variables for its environment; may be repeated; default: this Python's",
    )
    add(
        "--against",
        type=Installation.parse_torch,
        metavar="torch[=PYTHON[,VAR=VALUE...]]",
        help="also time PyTorch, this Python's or another's, on the 1D workloads",
    )
    add("--busy", type=int, default=0, metavar="N", help="keep N other programs computing meanwhile")
    add("--no-memory", action="store_true", help="leave out the runs that measure memory")
    add("--baseline", type=Path, metavar="FILE", help="JSON of an earlier run to compare with")
    add("--output", type=Path, metavar="FILE", help="write JSON there and the table beside it, as .txt")
    options = parser.parse_args(arguments)
    if any(n < 1 or 16 % n for n in options.sequences):
        parser.error("--sequences: expected divisors of 16, the number of sequences in a set")
    if min(options.threads) < 1 or options.rounds < 1:
        parser.error("--threads and --rounds: expected at least 1")
    if options.quick:
        options.rounds, options.seconds = 1, 0.0
    return options


@contextlib.contextmanager
def busy_programs(count: int) -> Iterator[None]:
    """Programs that compute all the time; they end with this one."""
    loop = f"import os\nwhile os.getppid() == {os.getpid()}:\n    sum(range(10000))"
    programs = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(count)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def time_rounds(workers: Sequence[WorkerProcess], rows: dict[tuple[Variant, str], Row], options: Any) -> None:
    """Fills in seconds and rates. A round takes every variant once, with all installations one after another; every
    other round takes them in the opposite order."""
    variants = list(dict.fromkeys(variant for variant, _ in rows))
    spent = dict.fromkeys(variants, 0.0)
    for number in range(options.rounds):
        for variant in variants:
            if number >= LEAST_ROUNDS and spent[variant] > LONG:
                continue
            begin = time.perf_counter()
            rates = [worker.call("product_rate", seconds=RATE_SECONDS) for worker in workers]
            known = [rate for rate in rates if rate]
            pairs = list(zip(workers, rates, strict=True))
            for worker, rate in pairs if number % 2 == 0 else reversed(pairs):
                mode, sequences, threads = variant
                row = rows[variant, worker.installation.name]
                seconds, cpu_seconds = worker.call(
                    "time", mode=mode, threads=threads, sequences=sequences, seconds=options.seconds
                )
                row.seconds.append(seconds)
                row.cpu_seconds.append(cpu_seconds)
                row.rates.append(rate or (known[0] if known else None))
            spent[variant] += time.perf_counter() - begin


def measure_memory(installation: Installation, row: Row) -> None:
    with installation.start(row.workload) as worker:
        used = worker.call("memory", mode=row.mode, threads=row.threads, sequences=row.sequences)
    row.memory_base, row.memory_peak = used["base"], used["peak"]


def run_workload(name: str, installations: Sequence[Installation], options: Any) -> tuple[list[Row], dict[str, Any]]:
    """All rows of a workload, and what the workers say of themselves."""
    taking_part = [i for i in installations if not i.is_torch or len(WORKLOADS[name].shape) == 1]
    variants = list(itertools.product(options.mode or ["train", "predict"], options.sequences, options.threads))
    rows = {(v, i.name): Row(name, *v, i.name) for v in variants for i in taking_part}
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(installation.start(name)) for installation in taking_part]
        descriptions = {worker.installation.name: worker.call("describe") for worker in workers}
        operations: dict[str, int] = {}
        for worker in workers:
            operations |= worker.call("multiply_accumulates") or {}
        time_rounds(workers, rows, options)
    for (_, installation_name), row in rows.items():
        row.multiply_accumulates = operations.get(row.mode)
        if not options.no_memory:
            measure_memory(next(i for i in taking_part if i.name == installation_name), row)
    return list(rows.values()), descriptions


def machine() -> dict[str, Any]:
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    return {"system": platform.system(), "architecture": platform.machine(), "processor": cpu, "cores": os.cpu_count()}


def read_rows(path: Path) -> list[Row]:
    """The rows of a run's JSON."""
    names = {field.name for field in fields(Row)}
    document = json.loads(path.read_text(encoding="utf-8"))
    return [Row(**{name: value for name, value in row.items() if name in names}) for row in document["rows"]]


def report(rows: Sequence[Row], descriptions: dict[str, Any], options: Any, baseline: Sequence[Row]) -> str:
    where = machine()
    head = [f"{where['processor']}, {where['cores']} cores, {where['system']}; {options.busy} other programs computing"]
    head += [f"{name}: {', '.join(f'{k} {v}' for k, v in about.items())}" for name, about in descriptions.items()]
    parts = [[*head, *rate_lines(rows)], text_table(rows, baseline), reference_lines(rows)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    installations: list[Installation] = options.python or [Installation("rnnlib-py")]
    installations += [options.against] if options.against else []
    for installation in installations:
        if problem := installation.problem():
            print(f"{installation.name}: {problem}", file=sys.stderr)
            return 1
    baseline = read_rows(options.baseline) if options.baseline else []
    rows: list[Row] = []
    descriptions: dict[str, Any] = {}
    with busy_programs(options.busy):
        for name in options.workload or DEFAULT:
            print(f"{name}: {WORKLOADS[name].about}", file=sys.stderr)
            try:
                more, about = run_workload(name, installations, options)
            except WorkerError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
            rows += more
            descriptions |= about
    text = report(rows, descriptions, options, baseline)
    print(text, end="")
    if options.output:
        document = {
            "machine": machine(),
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "options": {"rounds": options.rounds, "seconds": options.seconds, "busy": options.busy},
            "installations": descriptions,
            "rows": [row.as_json() for row in rows],
        }
        options.output.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        options.output.with_suffix(".txt").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
