# SPDX-License-Identifier: Apache-2.0
"""Pages on which people correct what a network read; `prepare lines --corrections` takes the files that they save."""

from rnnlib_py.text.correction.line import CorrectionLine, make_line
from rnnlib_py.text.correction.page import Page, correction_page
from rnnlib_py.text.correction.pages import LINES_PER_PAGE, make_pages

__all__ = ["LINES_PER_PAGE", "CorrectionLine", "Page", "correction_page", "make_line", "make_pages"]
