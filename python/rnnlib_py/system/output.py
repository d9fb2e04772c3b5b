# SPDX-License-Identifier: Apache-2.0
"""Streams that people and programs read: of any encoding, and with nothing in them that steers a terminal."""

from __future__ import annotations

import io
import json
import re
from typing import Any, TextIO

# C0 and C1 control characters, separators of lines and paragraphs, and what changes the direction of writing: in the
# name of a label or the tag of a sequence they could move a terminal's cursor, or break a line in two.
STEERING = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_IN_A_LINE = re.compile(f"[{STEERING}]")
_IN_A_TEXT = re.compile(f"(?![\n\t])[{STEERING}]")
_IN_JSON = re.compile(f"[{STEERING}\ud800-\udfff]")


def printable(line: str) -> str:
    r"""A line with its control characters as escapes: \x1b, \n."""
    return _IN_A_LINE.sub(_escape, line)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def json_text(record: object) -> str:
    """JSON in one line, without its line feed, that UTF-8 can hold and that steers no terminal.

    A file name's bytes that are not UTF-8 stay what Python makes of them: lone surrogates, escaped.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class OutputError(OSError):
    """An output stream cannot be written: its disk is full, its reader has gone, it is closed."""


class Output(io.TextIOBase):
    """A text stream over another. What the other's encoding lacks, and control characters, are written as escapes.

    Every write is flushed. The first that fails raises OutputError, which `failure` keeps; later ones do nothing.
    Without a stream (None), nothing is written and nothing fails.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream
        self.failure: OutputError | None = None

    @classmethod
    def over(cls, stream: TextIO) -> Output:
        """The stream itself if it is an Output."""
        return stream if isinstance(stream, Output) else cls(stream)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self.stream, "encoding", None) or "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.stream is not None and self.stream.isatty()

    def fileno(self) -> int:
        return io.TextIOBase.fileno(self) if self.stream is None else self.stream.fileno()

    def write(self, text: str) -> int:
        shown = _IN_A_TEXT.sub(_escape, text)
        encoding = self.encoding
        self._put(shown.encode(encoding, "backslashreplace").decode(encoding), None)
        return len(text)

    def write_json(self, text: str) -> None:
        """Lines of json_text(): in UTF-8, whatever the encoding."""
        self._put(text, getattr(self.stream, "buffer", None))

    def _put(self, text: str, binary: Any) -> None:
        if self.stream is None or self.failure is not None:
            return
        try:
            if binary is None:
                self.stream.write(text)
            else:
                self.stream.flush()
                binary.write(text.encode("utf-8"))
            self.stream.flush()
        except (OSError, ValueError) as error:  # ValueError: it was closed
            number, reason = getattr(error, "errno", None), getattr(error, "strerror", None)
            self.failure = OutputError(number, reason or str(error))
            raise self.failure from error

    def flush(self) -> None:
        """Every write has done it."""
