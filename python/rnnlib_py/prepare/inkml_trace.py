# SPDX-License-Identifier: Apache-2.0
"""Traces of InkML (W3C Recommendation "Ink Markup Language", 2011, sections 3.1 and 3.2): the numbers of a pen's
points, given as they are or as differences of first or second order."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats

_VALUE = re.compile(r"""\s*([!'"]?)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|\#[0-9A-Fa-f]+|[TF*?])""")
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class TraceFormat:
    """Which number of a point is what.

    Attributes
    ----------
    channels : int
        Numbers that each point has.
    optional : int
        Numbers that may follow.
    x, y : int
        Which numbers they are.
    time : int or None
        Likewise.
    x_sign, y_sign : float
        -1 where x grows to the left, and where y grows downwards.
    seconds : float
        The unit of times.
    """

    channels: int = 2
    optional: int = 0
    x: int = 0
    y: int = 1
    time: int | None = None
    x_sign: float = 1.0
    y_sign: float = -1.0
    seconds: float = 1e-3


def read_format(element: Element) -> TraceFormat:
    """That of a traceFormat element. DataError when it has no X and Y."""
    optional = [channel for found in element.iter("intermittentChannels") for channel in found.iter("channel")]
    regular = [channel for channel in element.iter("channel") if not any(channel is other for other in optional)]
    names = [channel.get("name", "") for channel in regular]
    if "X" not in names or "Y" not in names:
        raise DataError(f"a traceFormat has the channels {', '.join(names) or 'none'}, expected X and Y among them")
    x, y = regular[names.index("X")], regular[names.index("Y")]
    time = names.index("T") if "T" in names else None
    units = "ms" if time is None else regular[time].get("units", "ms")
    return TraceFormat(
        len(names),
        len(optional),
        names.index("X"),
        names.index("Y"),
        time,
        -1.0 if x.get("orientation") == "-ve" else 1.0,
        1.0 if y.get("orientation") == "-ve" else -1.0,
        _SECONDS.get(units, 1e-3),
    )


def read_trace(element: Element, form: TraceFormat) -> Floats:
    """The points (points, 3) of a trace element: x, y, which grows upwards, and the time in seconds or NaN.

    Raises
    ------
    DataError
        What is no trace, or has points of another length than the format says.
    """
    texts = [text for text in (element.text or "").split(",") if text.strip()]
    values = _as_they_are(texts, form)
    if values is None:
        values = _decoded(texts, form)
    points = np.full((len(values), 3), np.nan)
    points[:, 0] = values[:, form.x] * form.x_sign
    points[:, 1] = values[:, form.y] * form.y_sign
    if form.time is not None:
        points[:, 2] = values[:, form.time] * form.seconds + _offset(element)
    return points


def _offset(element: Element) -> float:
    """Seconds that a trace begins after its context."""
    try:
        return float(element.get("timeOffset", 0)) * 1e-3
    except ValueError:
        return 0.0


def _as_they_are(texts: list[str], form: TraceFormat) -> Floats | None:
    """The quick way for numbers without signs before them; None for others."""
    rows = [text.split() for text in texts]
    if any(len(row) != form.channels for row in rows):
        return None
    try:
        return np.array(rows, np.float64).reshape(-1, form.channels)
    except ValueError:
        return None


def _decoded(texts: list[str], form: TraceFormat) -> Floats:
    """Values of channels whose signs say what the numbers are: ! a value, ' how much it changes, " how much this change
    changes. A sign is valid until the next one; * repeats a number, and ? stands for an unknown one."""
    signs = ["!"] * (form.channels + form.optional)
    values = np.zeros((len(texts), form.channels))
    numbers, last, change = [0.0] * form.channels, [0.0] * form.channels, [0.0] * form.channels
    for i, text in enumerate(texts):
        tokens = _tokens(text, i)
        if not form.channels <= len(tokens) <= form.channels + form.optional:
            raise DataError(f"point {i} has {len(tokens)} numbers ('{text.strip()[:40]}'), expected {form.channels}")
        for c, (sign, word) in enumerate(tokens[: form.channels]):
            signs[c] = sign or signs[c]
            if word == "?":
                values[i, c] = math.nan
                continue
            numbers[c] = numbers[c] if word == "*" else _number(word)
            if signs[c] == "!":
                value = numbers[c]
            elif signs[c] == "'":
                value = last[c] + numbers[c]
            else:
                value = last[c] + change[c] + numbers[c]
            change[c], last[c] = value - last[c], value
            values[i, c] = value
    return values


def _tokens(text: str, point: int) -> list[tuple[str, str]]:
    """Signs and numbers; numbers need nothing between them where a sign begins the next one: "7-3"."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _VALUE.match(text, at)
        if match is None:
            raise DataError(f"point {point} ('{text[:40]}') holds something else than numbers")
        found.append((match[1], match[2]))
        at = match.end()
    return found


def _number(word: str) -> float:
    if word in "TF":
        return float(word == "T")
    return float(int(word[1:], 16)) if word.startswith("#") else float(word)
