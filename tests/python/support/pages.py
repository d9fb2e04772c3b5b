# SPDX-License-Identifier: Apache-2.0
"""What tests read in pages of the documentation."""

from __future__ import annotations

import re


def code_blocks(page: str, language: str) -> list[str]:
    """The blocks of code of a language ("python", "bash", ...) in the text of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
