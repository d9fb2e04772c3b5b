# SPDX-License-Identifier: Apache-2.0
"""Which of a user's lines, recordings, ... belong together: those of one page, one writer, one speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from typing import Protocol, TypeVar

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.notes import Notes

_COLUMN = "column:"


class Item(Protocol):
    """A sequence as the user's files name it.

    Attributes
    ----------
    tag : str
        Its name in the data file, and in messages; parts are separated by /, as those of a path.
    text : str
        What it is to be recognised as, as it was found.
    page : str
        The page it stands on; "" for none.
    columns : dict
        The entries of its row in a table.
    """

    @property
    def tag(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def page(self) -> str: ...
    @property
    def columns(self) -> dict[str, str]: ...


AnyItem = TypeVar("AnyItem", bound=Item)


def without_doubles(items: Iterable[AnyItem], notes: Notes, what: str) -> list[AnyItem]:
    """Each tag once: a second item of the same name is left out. `what`: an item, for messages."""
    kept: dict[str, AnyItem] = {}
    for item in items:
        if item.tag in kept:
            same = "the same text" if kept[item.tag].text == item.text else "another text"
            notes.skip(item.tag, f"a second {what} of this name, with {same}")
        else:
            kept[item.tag] = item
    return list(kept.values())


def groups_of(items: _Seq[Item], rule: str | None) -> list[str]:
    """The group of each item; those of one group stay together in a split.

    Parameters
    ----------
    items
        Lines, recordings, ....
    rule
        "folder", "page", "column:NAME" of a table, or a regular expression whose match in the tag (its first group,
        where it has one) is the group. None: what stands on one page stays together, other items stand alone.

    Raises
    ------
    ConfigError
        A rule that cannot be applied to any item.
    DataError
        An item that it does not match.
    """
    if rule is None:
        return [f"page {item.page}" if item.page else f"item {item.tag}" for item in items]
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


def _known(value: str, item: Item, what: str) -> str:
    if not value:
        raise DataError(f"{item.tag}: {what}, so that it has no group")
    return value


def _matched(pattern: re.Pattern[str], item: Item) -> str:
    found = pattern.search(item.tag)
    group = "" if found is None else (found[1] if pattern.groups else found[0]) or ""
    return _known(group, item, f"does not match --by-group {pattern.pattern!r}")
