# SPDX-License-Identifier: Apache-2.0
"""What the formats in XML share."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from rnnlib_py.system.output import STEERING
from rnnlib_py.text.outputs.document import ReadLabel, Word

Element = ElementTree.Element
add = ElementTree.SubElement

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0, even as a reference
_STEERING = re.compile(f"(?![\n\t])[{STEERING}]")


def xml_safe(text: str) -> str:
    r"""Characters that XML cannot hold as escapes: \x1b."""
    return _FORBIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def xml_text(root: Element, head: str = "") -> str:
    """The whole document. Characters that could steer a terminal are references, which mean the same."""
    body = ElementTree.tostring(root, encoding="unicode")
    body = _STEERING.sub(lambda match: f"&#{ord(match[0])};", body)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{body}\n'


def box(part: ReadLabel | Word, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in pixels, the latter two not included. It is as high as the image."""
    return part.first, 0, part.last + 1, height
