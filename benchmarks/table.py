# SPDX-License-Identifier: Apache-2.0
"""What a run measured: a row per workload, mode, update size, number of threads and installation; as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

REFERENCE_RATE = 42e9  # multiply-accumulates per second of the machine that mdlstm_2d_bench is compared on


@dataclass
class Row:
    """What was measured, a number per round in each list. Times are per sequence, cpu_seconds those of all threads;
    `rates` are multiply-accumulates per second of a product, measured just before."""

    workload: str
    mode: str  # "train" or "predict"
    sequences: int  # per update or call
    threads: int
    installation: str
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    rates: list[float | None] = field(default_factory=list)
    multiply_accumulates: int | None = None  # per sequence
    memory_base: int | None = None  # bytes after the import
    memory_peak: int | None = None  # bytes

    def key(self) -> tuple[str, str, int, int]:
        """The same for rows that do the same with another installation."""
        return self.workload, self.mode, self.sequences, self.threads

    def multiply_accumulates_per_second(self) -> float | None:
        return self.multiply_accumulates / median(self.seconds) if self.multiply_accumulates else None

    def fraction_of_peak(self) -> float | None:
        """Multiply-accumulates per second over the peak GEMM rate."""
        products = self.products()
        return self.multiply_accumulates / median(products) if self.multiply_accumulates and products else None

    def products(self) -> list[float]:
        """Multiply-accumulates that a product of large matrices does in the time of a sequence, in each round."""
        return [seconds * rate for seconds, rate in zip(self.seconds, self.rates, strict=True) if rate]

    def as_json(self) -> dict[str, Any]:
        figures = {
            "seconds_median": median(self.seconds),
            "seconds_min": min(self.seconds),
            "multiply_accumulates_per_second": self.multiply_accumulates_per_second(),
            "fraction_of_peak": self.fraction_of_peak(),
        }
        return {**asdict(self), **figures}


def times_faster(row: Row, other: Row) -> float:
    """Than another row of the same run: the median of the rounds' ratios."""
    return median(theirs / ours for ours, theirs in zip(row.seconds, other.seconds, strict=False))


def _number(value: float | None) -> str:
    """Three significant digits, or a dash."""
    if not value:
        return "-"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def _aligned(lines: Sequence[Sequence[str]], left: int) -> list[str]:
    """Columns, the first `left` of them aligned to the left."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]


def text_table(rows: Sequence[Row], baseline: Sequence[Row] = ()) -> list[str]:
    """A line per row. The columns are explained in README.md."""
    first = rows[0].installation
    of_first = {row.key(): row for row in rows if row.installation == first}
    one_thread = {(*row.key()[:3], row.installation): row for row in rows if row.threads == 1}
    several = any(row.installation != first for row in rows)
    head = ["workload", "mode", "engine", "seqs", "threads"]
    head += ["ms/seq", "cpu ms", "GMAC/s", "of peak", "MB", "base", "vs 1 thr"]
    head += [f"vs {first}"] if several else []
    head += ["vs file"] if baseline else []
    lines = [head]
    for row in rows:
        single = one_thread.get((*row.key()[:3], row.installation))
        line = [row.workload, row.mode, row.installation, str(row.sequences), str(row.threads)]
        line += [
            _number(1e3 * median(row.seconds)),
            _number(1e3 * median(row.cpu_seconds)),
            _number(_scaled(row.multiply_accumulates_per_second(), 1e9)),
            _number(row.fraction_of_peak()),
            _number(_scaled(row.memory_peak, 2**20)),
            _number(_scaled(row.memory_base, 2**20)),
            _number(times_faster(row, single) if single else None),
        ]
        if several:
            line.append(_number(times_faster(row, of_first[row.key()]) if row.key() in of_first else None))
        if baseline:
            line.append(_number(_faster_than_file(row, baseline)))
        lines.append(line)
    return _aligned(lines, 3)


def _faster_than_file(row: Row, baseline: Sequence[Row]) -> float | None:
    """Medians compared: with the file's row of the same installation, else with its first of the same key."""
    same = [other for other in baseline if other.key() == row.key()]
    same.sort(key=lambda other: other.installation != row.installation)
    return median(same[0].seconds) / median(row.seconds) if same else None


def reference_lines(rows: Sequence[Row]) -> list[str]:
    """mdlstm_2d_bench as a machine with the reference rate would do it."""
    lines = []
    for row in rows:
        if row.workload == "mdlstm_2d_bench" and row.mode == "train" and row.sequences == 16 and row.products():
            time = 16e3 * median(row.seconds)
            scaled = 16e3 * median(row.products()) / REFERENCE_RATE
            lines.append(
                f"mdlstm_2d_bench, {row.installation}, {row.threads} thread(s): an update of 16 images takes "
                f"{time:.0f} ms; scaled to {REFERENCE_RATE / 1e9:.0f} GMAC/s {scaled:.0f} ms"
            )
    return lines


def rate_lines(rows: Sequence[Row]) -> list[str]:
    """The peak GEMM rates that the rows were compared with: median and spread."""
    names: dict[tuple[float, ...], list[str]] = {}  # engines without a rate of their own share another's
    for name in dict.fromkeys(row.installation for row in rows):
        rates = tuple(rate / 1e9 for row in rows if row.installation == name for rate in row.rates if rate)
        names.setdefault(rates, []).append(name)
    return [
        f"product of 1024 x 1024 floats, one thread, for {', '.join(users)}: {median(rates):.1f} GMAC/s "
        f"({min(rates):.1f} to {max(rates):.1f}, {len(rates)} times)"
        for rates, users in names.items()
        if rates
    ]
