# SPDX-License-Identifier: Apache-2.0
"""What is said in a recording as the labels of a network, and back."""

from __future__ import annotations

from collections.abc import Sequence as _Seq

from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.line_texts import CleanText, clean_text

# Transcription has a label of its own that is called "blank".
_TAKEN, _INSTEAD = "blank", "blank_"


def clean_label_text(text: str, recipe: AudioRecipe) -> CleanText:
    """A text as its labels are taken from it, and what was done to it."""
    cleaned = clean_text(text, recipe.form)
    # A text of words or phones may stand in several lines; these are no surprise.
    changes = cleaned.changes if recipe.labels == "characters" else [c for c in cleaned.changes if "lines" not in c]
    if recipe.labels in ("words", "phones") and _TAKEN in cleaned.text.split(" "):
        changes.append(f"holds the label '{_TAKEN}', which transcription has itself: it became '{_INSTEAD}'")
    if recipe.labels != "class":
        return CleanText(cleaned.text, changes)
    if " " in cleaned.text:
        changes.append("its class has white space: it became _")
    return CleanText(cleaned.text.replace(" ", "_"), changes)


def labels_of(text: str, recipe: AudioRecipe) -> list[str]:
    """The labels of a clean text: its characters, or what stands between white space."""
    if recipe.labels == "characters":
        return [recipe.space if letter == " " else letter for letter in text]
    return [_INSTEAD if word == _TAKEN else word for word in text.split(" ")]


def text_of(labels: _Seq[str], recipe: AudioRecipe) -> str:
    """The text of labels that a network heard."""
    if recipe.labels == "characters":
        return " ".join("".join(" " if label == recipe.space else label for label in labels).split())
    return " ".join(labels)
