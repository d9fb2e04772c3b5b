# SPDX-License-Identifier: Apache-2.0
"""How sure a network was of each character of a text that it read, in the order in which the text is stored."""

from __future__ import annotations

from collections.abc import Iterator

from rnnlib_py.model.reading import ReadText
from rnnlib_py.prepare.bidi import has_right_to_left, to_logical
from rnnlib_py.prepare.line_recipe import LineRecipe

Characters = list[tuple[str, float]]


def characters_of(found: ReadText, recipe: LineRecipe) -> Characters:
    """Parts of the line's text, a character each, with their confidences.

    Labels of a text from right to left stand in visual order. Where letters and numbers of both directions are mixed in
    one word, it is not known which of two equal characters is which: both get the lower confidence.
    """
    sure = found.prediction.confidences.tolist()
    labels = [(" " if label == recipe.space else label) for label in found.prediction.labels]
    seen = _without_outer_spaces(list(zip(labels, sure, strict=True)))
    if not recipe.right_to_left or not has_right_to_left(found.text):
        return seen
    ordered = [part for word in reversed(list(_words(seen))) for part in _logical_word(word)]
    return ordered if _text(ordered) == found.text else _by_name(found.text, seen)


def _without_outer_spaces(parts: Characters) -> Characters:
    """Spaces at both ends are left out, and of several in a row all but the first."""
    kept: Characters = []
    for text, sure in parts:
        if text != " " or (kept and kept[-1][0] != " "):
            kept.append((text, sure))
    return kept[:-1] if kept and kept[-1][0] == " " else kept


def _words(parts: Characters) -> Iterator[Characters]:
    """Words, and the spaces between them."""
    word: Characters = []
    for part in parts:
        if part[0] == " ":
            yield from ([word, [part]] if word else [[part]])
            word = []
        else:
            word.append(part)
    if word:
        yield word


def _logical_word(word: Characters) -> Characters:
    logical = to_logical(_text(word))
    for candidate in (word, word[::-1]):
        if _text(candidate) == logical:
            return candidate
    return _by_name(logical, word)


def _by_name(text: str, parts: Characters) -> Characters:
    """The text's characters with the lowest confidence of those of the same name; brackets may have been mirrored."""
    lowest: dict[str, float] = {}
    for name, sure in parts:
        lowest[name] = min(sure, lowest.get(name, 1.0))
    return [(letter, lowest.get(letter, min(lowest.values()))) for letter in text]


def _text(parts: Characters) -> str:
    return "".join(text for text, _ in parts)
