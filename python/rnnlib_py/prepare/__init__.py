# SPDX-License-Identifier: Apache-2.0
"""From a user's files to data files: pictures of text lines (docs/text-lines.md), recordings (docs/speech.md) and pen
strokes (docs/pen-strokes.md), with their texts; tables and time series (docs/time-series.md).

How it was done, the recipe, is stored in the data files and in the networks that are trained on them.
"""

from rnnlib_py.prepare.audio_preparation import PreparedAudio
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.audio_report import AudioReport
from rnnlib_py.prepare.audio_table import AudioColumns
from rnnlib_py.prepare.characters import CharacterReport
from rnnlib_py.prepare.ink_preparation import PreparedInk
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.make_audio import audio
from rnnlib_py.prepare.make_ink import ink
from rnnlib_py.prepare.make_lines import PreparedLines, lines
from rnnlib_py.prepare.make_table import table
from rnnlib_py.prepare.notes import Note
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.table_preparation import PreparedTable
from rnnlib_py.prepare.table_recipe import TableRecipe

__all__ = [
    "AudioColumns",
    "AudioRecipe",
    "AudioReport",
    "CharacterReport",
    "InkRecipe",
    "LineRecipe",
    "Note",
    "Prepared",
    "PreparedAudio",
    "PreparedInk",
    "PreparedLines",
    "PreparedTable",
    "TableRecipe",
    "audio",
    "ink",
    "lines",
    "table",
]
