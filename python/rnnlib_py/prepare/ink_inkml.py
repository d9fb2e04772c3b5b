# SPDX-License-Identifier: Apache-2.0
"""Ink in InkML files (W3C Recommendation "Ink Markup Language", 2011). Texts are annotations of the type "truth" of a
file or of its groups of traces, as CROHME's files and those that were converted from UNIPEN have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats, InkItem, ink_of
from rnnlib_py.prepare.inkml_trace import TraceFormat, read_format, read_trace
from rnnlib_py.prepare.notes import Notes

_TEXTS = ("truth", "transcription", "text", "label")
_WRITERS = ("writer", "writerid", "author")
_MOST_POINTS = 2**23  # of all inks of a file: groups may name a trace again and again
_DEEPEST = 20  # contexts that refer to each other


def inkml_items(
    root: Element, path: Path, name: str, notes: Notes, level: str = "outer", y_axis: str = "format"
) -> Iterator[InkItem]:
    """The inks of an InkML file.

    Parameters
    ----------
    root
        Its root element.
    path
        The file, for messages.
    name
        What its inks' names begin with.
    notes
        Takes inks that cannot be read.
    level
        Which parts are inks: "outer", "inner", or those with an annotation that says this.
    y_axis
        "up", "down" or "format".

    Raises
    ------
    DataError
        A file whose inks have too many points.
    """
    traces = _Traces(root, y_axis)
    shared = _columns(root)
    total = 0
    for number, group in enumerate(_chosen(root, level), 1):
        tag = name if group is root else f"{name}/{group.get('id') or number}"
        try:
            strokes = traces.of(group)
        except DataError as error:
            notes.skip(tag, str(error))
            continue
        total += sum(map(len, strokes))
        if total > _MOST_POINTS:
            raise DataError(f"{path}: its inks have more than {_MOST_POINTS:,} points")
        yield InkItem(tag, _text(group), ink_of(strokes, is_y_down=False), {**shared, **_columns(group)})


def _chosen(root: Element, level: str) -> list[Element]:
    """The groups that are inks; the whole file where no group has a text."""
    if level not in ("outer", "inner"):
        return [group for group in (root, *root.iter("traceGroup")) if level in _annotations(group).values()]
    found = _outer(root) if level == "outer" else _inner(root)
    return found if any(_text(group) is not None for group in found) else [root]


def _outer(group: Element) -> list[Element]:
    """The largest with a text; a group without any inside is one of them, so that it will be noted."""
    if _text(group) is not None:
        return [group]
    return [found for part in group.findall("traceGroup") for found in _outer(part)] or [group]


def _inner(group: Element) -> list[Element]:
    """The smallest with a text."""
    found = [found for part in group.findall("traceGroup") for found in _inner(part)]
    return found or ([] if _text(group) is None else [group])


def _annotations(element: Element) -> dict[str, str]:
    """Type -> what it says, of the element itself."""
    return {found.get("type", ""): (found.text or "").strip() for found in reversed(element.findall("annotation"))}


def _text(element: Element) -> str | None:
    found = {kind.lower(): value for kind, value in _annotations(element).items()}
    return next((found[kind] for kind in _TEXTS if kind in found), None)


def _columns(element: Element) -> dict[str, str]:
    found = {kind: value for kind, value in _annotations(element).items() if kind and kind.lower() not in _TEXTS}
    writer = next((value for kind, value in found.items() if kind.lower() in _WRITERS), None)
    return found if writer is None else {**found, "writer": writer}


class _Traces:
    """All traces of a file, by the elements that they are."""

    def __init__(self, root: Element, y_axis: str) -> None:
        self._by_id = {element.get("id", ""): element for element in root.iter() if element.get("id")}
        self._y_sign = {"up": 1.0, "down": -1.0}.get(y_axis)
        self._parts: dict[int, list[Floats | DataError]] = {}  # a trace, and those that continue it
        self._stroke: dict[int, int] = {}  # which trace it is that a trace continues
        self._read(root, TraceFormat())

    def of(self, group: Element) -> list[Floats]:
        """The strokes of a group and of all groups in it, each once. DataError for one that cannot be read."""
        strokes, seen = [], set()
        for trace in self._inside(group):
            parts = self._parts.get(id(trace), [])
            if not parts or id(trace) in seen:
                continue
            seen.add(id(trace))
            points = []
            for part in parts:
                if isinstance(part, DataError):
                    raise part
                points.append(part)
            strokes.append(np.concatenate(points))
        return strokes

    def _inside(self, group: Element) -> Iterator[Element]:
        for element in group:
            if element.tag == "trace":
                yield element
            elif element.tag == "traceGroup":
                yield from self._inside(element)
            elif element.tag == "traceView":
                yield from self._viewed(element)

    def _viewed(self, view: Element) -> Iterator[Element]:
        """What a traceView shows: a trace, all of a group, or what views inside it show."""
        yield from self._inside(view)
        found = self._by_id.get(_reference(view, "traceDataRef"))
        if found is not None and found.tag in ("trace", "traceGroup"):
            yield from found.iter("trace")

    def _read(self, parent: Element, form: TraceFormat | DataError) -> None:
        """All traces below an element. A traceFormat or a context is valid for what follows it."""
        before: Element | None = None
        for element in parent:
            if element.tag in ("context", "traceFormat") and parent.tag != "definitions":
                form = self._format_of(element, form)
            elif element.tag in ("traceGroup", "definitions"):
                self._read(element, self._referred(element, form))
            elif element.tag == "trace" and element.get("type", "penDown") != "penUp":
                self._add(element, self._referred(element, form), before)
                before = element

    def _add(self, element: Element, form: TraceFormat | DataError, before: Element | None) -> None:
        """Reads a trace; one that continues another becomes part of it."""
        points: Floats | DataError
        try:
            if isinstance(form, DataError):
                raise form
            points = read_trace(element, form if self._y_sign is None else replace(form, y_sign=self._y_sign))
        except DataError as error:
            name = element.get("id")
            points = DataError(f"trace '{name}': {error}" if name else f"a trace: {error}")
        stroke = id(element)
        if element.get("continuation") in ("middle", "end"):
            prior = self._by_id.get(_reference(element, "priorRef"), before)
            stroke = stroke if prior is None else self._stroke.get(id(prior), stroke)
        self._stroke[id(element)] = stroke
        self._parts.setdefault(stroke, []).append(points)

    def _referred(self, element: Element, form: TraceFormat | DataError) -> TraceFormat | DataError:
        """The format that an element's contextRef names, else the one that is valid where it stands."""
        context = self._by_id.get(_reference(element, "contextRef"))
        return form if context is None else self._format_of(context, form)

    def _format_of(self, element: Element, default: TraceFormat | DataError, depth: int = 0) -> TraceFormat | DataError:
        """What a traceFormat, a context or an inkSource says, by itself or by what it refers to."""
        if depth > _DEEPEST:
            return DataError("its contexts refer to each other")
        if element.tag == "traceFormat":
            try:
                return read_format(element)
            except DataError as error:
                return error
        inside = [element.find("traceFormat"), element.find("inkSource")]
        names = ("traceFormatRef", "inkSourceRef", "contextRef")
        for found in (*inside, *(self._by_id.get(_reference(element, name)) for name in names)):
            if found is not None and found.tag in ("traceFormat", "inkSource", "context"):
                return self._format_of(found, default, depth + 1)
        return default


def _reference(element: Element, name: str) -> str:
    """What an attribute refers to, within the file: "#a" is the element with the id "a"."""
    return element.get(name, "").rpartition("#")[2]
