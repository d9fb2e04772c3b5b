# SPDX-License-Identifier: Apache-2.0
"""Lines as the user's files name them: where the picture is, the text, and what the line may be grouped by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.cut_line import Outline
from rnnlib_py.prepare.notes import Notes

_COLUMN = "column:"


@dataclass(frozen=True)
class LineItem:
    """A line.

    Attributes
    ----------
    tag : str
        Its name in the data file, and in messages.
    text : str
        As it was found.
    image : Path
        Of the line, or of its page.
    outline : Outline or None
        Where it stands on a page.
    page : str
        The page's name; "" for a picture of a line alone.
    columns : dict
        The entries of a table's row.
    """

    tag: str
    text: str
    image: Path
    outline: Outline | None = None
    page: str = ""
    columns: dict[str, str] = field(default_factory=dict)


def without_doubles(items: Iterable[LineItem], notes: Notes) -> list[LineItem]:
    """Each tag once: a second line of the same name is left out."""
    kept: dict[str, LineItem] = {}
    for item in items:
        if item.tag in kept:
            same = "the same text" if kept[item.tag].text == item.text else "another text"
            notes.skip(item.tag, f"a second line of this name, with {same}")
        else:
            kept[item.tag] = item
    return list(kept.values())


def groups_of(items: list[LineItem], rule: str | None) -> list[str]:
    """The group of each line; those of one group stay together in a split.

    Parameters
    ----------
    items
        The lines.
    rule
        "folder", "page", "column:NAME" of a table, or a regular expression whose match in the tag (its first group,
        where it has one) is the group. None: pages stay together, other lines stand alone.

    Raises
    ------
    ConfigError
        A rule that cannot be applied to any line.
    DataError
        A line that it does not match.
    """
    if rule is None:
        return [f"page {item.page}" if item.page else f"line {item.tag}" for item in items]
    if rule == "folder":
        return [item.tag.rpartition("/")[0] for item in items]
    if rule == "page":
        return [_known(item.page, item, "belongs to no page") for item in items]
    if rule.startswith(_COLUMN):
        name = rule[len(_COLUMN) :]
        if not any(name in item.columns for item in items):
            raise ConfigError(f"--by-group {rule}: no table has a column '{name}'")
        return [_known(item.columns.get(name, ""), item, f"has no {name}") for item in items]
    try:
        pattern = re.compile(rule)
    except re.error as error:
        raise ConfigError(f"--by-group {rule!r} is no regular expression: {error}") from None
    return [_matched(pattern, item) for item in items]


def _known(value: str, item: LineItem, what: str) -> str:
    if not value:
        raise DataError(f"{item.tag}: {what}, so that it has no group")
    return value


def _matched(pattern: re.Pattern[str], item: LineItem) -> str:
    found = pattern.search(item.tag)
    group = "" if found is None else (found[1] if pattern.groups else found[0]) or ""
    return _known(group, item, f"does not match --by-group {pattern.pattern!r}")
