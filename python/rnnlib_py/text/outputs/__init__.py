# SPDX-License-Identifier: Apache-2.0
"""What networks read, as files of other programs: a module for each format, and a line for it in formats.py."""

from rnnlib_py.text.outputs.document import Document, Line, ReadLabel, Word, make_document
from rnnlib_py.text.outputs.file_names import file_names
from rnnlib_py.text.outputs.formats import FORMATS, OutputFormat, check_format, document_text

__all__ = [
    "FORMATS",
    "Document",
    "Line",
    "OutputFormat",
    "ReadLabel",
    "Word",
    "check_format",
    "document_text",
    "file_names",
    "make_document",
]
