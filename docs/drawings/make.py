# SPDX-License-Identifier: Apache-2.0
"""Draws the pictures of docs/concepts.md: `python docs/drawings/make.py` writes the .svg files beside this one.

Each picture brings its own background and follows the reader's light or dark mode.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

STYLE = """
.paper { fill: #ffffff; stroke: #d0d7de }
.cell { fill: #f3f4f6; stroke: #8b949e }
.weak { fill: #dbeafe; stroke: #3b82f6 }
.strong { fill: #3b82f6; stroke: #1d4ed8 }
.line { fill: none; stroke: #57606a; stroke-width: 1.5 }
.arrow { fill: none; stroke: #c2410c; stroke-width: 2.5; marker-end: url(#tip) }
.tip { fill: #c2410c }
text { fill: #1f2328; font: 13px sans-serif; text-anchor: middle }
.end { text-anchor: end }
.small { font-size: 11px }
.title { font-weight: bold }
.on { fill: #ffffff }
@media (prefers-color-scheme: dark) {
.paper { fill: #161b22; stroke: #30363d }
.cell { fill: #21262d; stroke: #6e7681 }
.weak { fill: #1e3a5f; stroke: #60a5fa }
.strong { fill: #2563eb; stroke: #93c5fd }
.line { stroke: #8b949e }
.arrow { stroke: #fb923c }
.tip { fill: #fb923c }
text { fill: #e6edf3 }
}
"""
SIZE = 26  # of a point


def svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="4.5" markerHeight="4.5" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        f'<rect class="paper" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>\n{body}\n</svg>\n'
    )


def text(x: float, y: float, content: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{content}</text>'


def box(x: float, y: float, width: float, height: float, kind: str = "cell") -> str:
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3"/>'


def path(points: str, kind: str) -> str:
    return f'<path class="{kind}" d="{points}"/>'


def caption(x: float, y: float, *lines: str) -> list[str]:
    return [text(x, y + 16 * i, line, "small") for i, line in enumerate(lines)]


def grid(
    x: float, y: float, columns: int, rows: int, size: float = SIZE, kinds: dict[tuple[int, int], str] | None = None
) -> list[str]:
    """Points of an image, x to the right, y down; kinds: of single points."""
    return [
        box(x + i * size + 1, y + j * size + 1, size - 2, size - 2, (kinds or {}).get((i, j), "cell"))
        for j in range(rows)
        for i in range(columns)
    ]


def dimensions() -> str:
    parts = [text(150, 28, "one dimension: a signal", "title"), text(455, 28, "two dimensions: an image", "title")]
    parts += grid(40, 70, 8, 1)
    parts += [path("M40 125 H245", "arrow"), text(145, 146, "dimension 0: time")]
    parts += grid(370, 70, 7, 4, kinds={(2, 1): "strong"})
    parts += [path("M370 56 H548", "arrow"), text(575, 60, "x")]
    parts += [path("M356 70 V172", "arrow"), text(356, 192, "y")]
    parts += [
        text(461, 200, "inputs[x, y] = inputs[2, 1]", "small"),
        text(461, 216, "dimension 0 is x, 1 is y", "small"),
    ]
    return svg(620, 232, "Dimensions of a signal and of an image", parts)


def directions() -> str:
    """Where the hidden layers of a level come from."""
    parts = [text(110, 28, "1D: two directions", "title"), text(410, 28, "2D: four directions", "title")]
    for row, (name, arrow, here, seen) in enumerate(
        (("-1", "M196 {y} H34", 3, range(4, 6)), ("+1", "M24 {y} H186", 3, range(3)))
    ):
        y = 60 + row * 90
        kinds = {(i, 0): "weak" for i in seen} | {(here, 0): "strong"}
        parts += grid(32, y, 6, 1, kinds=kinds)
        parts += [
            path(arrow.format(y=y + SIZE + 14), "arrow"),
            text(110, y + SIZE + 34, name, "small"),
        ]
    for index, (dx, dy) in enumerate(((-1, -1), (-1, 1), (1, -1), (1, 1))):
        left, top = 250 + index % 2 * 175, 52 + index // 2 * 110
        here = (2, 1)
        seen = [(i, j) for i in range(5) for j in range(3) if (here[0] - i) * dx >= 0 and (here[1] - j) * dy >= 0]
        parts += grid(left, top, 5, 3, 24, dict.fromkeys(seen, "weak") | {here: "strong"})
        x = left + (0 if dx > 0 else 120)
        y = top + (0 if dy > 0 else 72)
        parts += [path(f"M{x - 9 * dx} {y - 9 * dy} l{26 * dx} {26 * dy}", "arrow")]
        parts += [text(left + 60, top + 90, f"{dx:+d},{dy:+d}", "small")]
    light = "Strong blue: a point. Weak blue: what its cell has seen, the points between it and the corner"
    parts += caption(300, 286, light, "where its direction begins. All directions together see everything.")
    return svg(600, 318, "Directions of a level", parts)


def waves() -> str:
    """Which points are computed together."""
    parts = []
    for left, dx, title in ((40, 1, "direction +1,+1"), (330, -1, "direction -1,+1")):
        parts.append(text(left + 104, 28, title, "title"))
        kinds = {}
        for i in range(8):
            for j in range(5):
                wave = (i if dx > 0 else 7 - i) + j
                kinds[i, j] = "strong" if wave == 5 else "weak" if wave < 5 else "cell"
        parts += grid(left, 45, 8, 5, kinds=kinds)
        for i in range(8):
            for j in range(5):
                wave = (i if dx > 0 else 7 - i) + j
                kind = "small on" if wave == 5 else "small"
                parts.append(text(left + (i + 0.5) * SIZE, 45 + (j + 0.65) * SIZE, str(wave), kind))
    number = "The number of a point's wave: its steps from the corner where the direction begins."
    parts += caption(289, 200, number, "All points of wave 5 need only waves 0 to 4, so they are computed at once.")
    return svg(578, 232, "Waves of an image", parts)


def blocks() -> str:
    """How a level hands a smaller image to the next one."""
    parts = []
    kinds = {(i, j): "weak" if (i // 3 + j // 2) % 2 else "cell" for i in range(9) for j in range(4)}
    parts += grid(30, 60, 9, 4, 22, kinds)
    parts += [
        text(129, 40, "9 x 4 points, 2 units each"),
        path("M242 104 H288", "arrow"),
        text(265, 92, "block", "small"),
    ]
    parts += [text(265, 122, "3,2", "small")]
    parts += grid(302, 71, 3, 2, 33, {(i, j): "weak" if (i + j) % 2 else "cell" for i in range(3) for j in range(2)})
    parts += [text(351, 40, "3 x 2 points, 12 units"), text(351, 160, "3 · 2 · 2 = 12", "small")]
    parts += [path("M416 104 H482", "arrow"), text(449, 92, "subsample", "small"), text(449, 122, "to 6", "small")]
    parts += grid(496, 71, 3, 2, 33, {(i, j): "weak" if (i + j) % 2 else "cell" for i in range(3) for j in range(2)})
    parts += [text(545, 40, "3 x 2 points, 6 units"), text(545, 160, "of all directions together", "small")]
    return svg(640, 180, "Blocks and subsampling", parts)


def network() -> str:
    """The layers of `hiddenSize 2,10` on lines of digits, from left to right: docs/concepts.md has the table."""
    columns = [
        (58, "input", "46 x 14", "1"),
        (152, "block", "23 x 7", "4"),
        (252, "4 directions", "23 x 7", "2 each"),
        (352, "4 blocks", "12 x 2", "16 each"),
        (452, "subsample", "12 x 2", "6"),
        (552, "4 directions", "12 x 2", "10 each"),
        (652, "collapse", "12", "11"),
        (740, "output", "12", "11"),
    ]
    sizes = {"46 x 14": (76, 38), "23 x 7": (54, 26), "12 x 2": (42, 14), "12": (42, 7)}
    parts = []
    for x, name, shape, units in columns:
        width, height = sizes[shape]
        copies = 4 if name.startswith("4") else 1
        for k in reversed(range(copies)):
            parts.append(
                box(x - width / 2 + 4 * k, 85 - height / 2 - 4 * k, width, height, "weak" if copies > 1 else "cell")
            )
        parts += [text(x, 30, name, "title small"), text(x, 132, shape), text(x, 150, units, "small")]
    for (x, *_), (to, *_) in pairwise(columns):
        parts.append(path(f"M{(x + to) / 2 - 7} 85 h12", "arrow"))
    parts += [text(400, 176, "points, and units per point", "small")]
    return svg(800, 192, "A network of two levels", parts)


def ctc() -> str:
    """Outputs of a network that reads "cat", and the best path."""
    rows = {
        "c": [0.1, 0.9, 0.8, 0.1, 0, 0, 0, 0, 0, 0],
        "a": [0, 0, 0.1, 0.1, 0.2, 0.9, 0.1, 0, 0, 0],
        "t": [0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.8, 0.1],
        "blank": [0.9, 0.1, 0.1, 0.8, 0.8, 0.1, 0.8, 0.9, 0.2, 0.9],
    }
    parts = [text(330, 28, "probabilities of an output layer, a column per point", "title")]
    left, top = 110, 44
    for row, (label, values) in enumerate(rows.items()):
        parts.append(text(left - 12, top + (row + 0.65) * SIZE, label, "end"))
        for column, value in enumerate(values):
            x, y = left + column * 44, top + row * SIZE
            parts.append(box(x + 1, y + 1, 42, SIZE - 2))
            parts.append(f'<g opacity="{value}">{box(x + 1, y + 1, 42, SIZE - 2, "strong")}</g>')
    best = [max(rows, key=lambda label: rows[label][i]) for i in range(10)]
    for column, label in enumerate(best):
        parts.append(text(left + column * 44 + 22, top + 128, "-" if label == "blank" else label, "title"))
    parts += [text(left - 12, top + 128, "best path", "end"), path(f"M{left + 220} {top + 142} v22", "arrow")]
    parts += [text(left + 220, top + 184, "equal neighbours become one, blanks (-) go: c a t")]
    return svg(580, 246, "Best path of CTC", parts)


PICTURES = {f.__name__: f for f in (dimensions, directions, waves, blocks, network, ctc)}


def main() -> None:
    for name, draw in PICTURES.items():
        Path(__file__).with_name(f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
