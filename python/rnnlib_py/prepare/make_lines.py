# SPDX-License-Identifier: Apache-2.0
"""Text lines: images and texts become data files and a config to train with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import numpy as np

from rnnlib_py._core import DataError, IoError
from rnnlib_py.data.target_use import label_steps
from rnnlib_py.prepare.characters import CharacterReport, report_characters
from rnnlib_py.prepare.cut_line import cut_line
from rnnlib_py.prepare.earlier_lines import read_earlier
from rnnlib_py.prepare.groups import groups_of
from rnnlib_py.prepare.images import Picture, read_picture
from rnnlib_py.prepare.line_config import LineStatistics, line_config
from rnnlib_py.prepare.line_file import LineStore, line_store
from rnnlib_py.prepare.line_image import Bytes, ink_of
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.line_options import LineOptions
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.line_sources import find_lines
from rnnlib_py.prepare.line_texts import clean_text, labels_of, needs_visual_order
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.split_options import USUAL_FRACTIONS, SplitOptions
from rnnlib_py.system.files import path_list

PathLike = str | os.PathLike[str]
Paths = PathLike | _Seq[PathLike]
CONFIG_NAME = "lines.config"


@dataclass(frozen=True)
class PreparedLines(Prepared):
    """What lines() made.

    Attributes
    ----------
    recipe : LineRecipe
        How images and texts were treated.
    characters : CharacterReport
        Which there are, and which are rare.
    """

    recipe: LineRecipe
    characters: CharacterReport


def lines(
    folder: PathLike | None = None,
    output: PathLike = ".",
    *,
    tsv: Paths = (),
    page: Paths = (),
    alto: Paths = (),
    corrections: Paths = (),
    with_unseen: bool = False,
    extend: PathLike | None = None,
    height: int = LineRecipe.height,
    form: str = LineRecipe.form,
    invert: str = LineRecipe.invert,
    contrast: str = LineRecipe.contrast,
    fractions: _Seq[float] = USUAL_FRACTIONS,
    by_group: str | None = None,
    seed: int = 1,
    image_column: str | None = None,
    text_column: str | None = None,
    strict: bool = False,
    force: bool = False,
    progress: TextIO | bool | None = None,
) -> PreparedLines:
    """Makes data files of pictures of text lines, and a config to train with (docs/text-lines.md).

    One picture is in memory at a time.

    Parameters
    ----------
    folder
        Images with their texts beside them: `a.png` and `a.gt.txt`, also in folders below. With `tsv`, `page` or
        `alto`: where the images are that these name. With `corrections` both.
    output
        A folder for train.nc, val.nc, test.nc, lines.config and report.txt.
    tsv
        Tables with a column for the image and one for the text.
    page, alto
        XML files of pages, or folders of them. Lines are cut out of the pages' images along their outlines and
        straightened along their baselines.
    corrections
        Files that pages of `rnnlib-py read --format html` saved. Images are looked for in `folder`, beside the file and
        in the current folder. A correction replaces an older text of the same image.
    with_unseen
        Uses lines of these files that nobody has looked at, too.
    extend
        An earlier `output`, of which this is a larger edition, for a network that is trained on (`warmStart`). Its
        recipe and config are taken, and lines that are in its files stay in train, val or test. The fractions are those
        of new lines.
    height
        Of all lines, in pixels; the width keeps its proportion.
    form
        Unicode's normal form of the texts: "NFC", "NFD", "NFKC", "NFKD", or "none".
    invert
        "auto" turns light ink on a dark ground around, "always", "never".
    contrast
        "stretch" or "none".
    fractions
        Shares of the lines that train.nc, val.nc and test.nc get.
    by_group
        Lines of one group stay in one file: "folder", "page", "column:NAME" of a table, or a regular expression that
        finds the group in a line's name. None: pages stay together, other lines stand alone.
    seed
        The same seed, the same split.
    image_column, text_column
        Of a table; None: file, image or path, and text or transcription.
    strict
        A file that would be left out is an error.
    force
        Replaces data files that are there.
    progress
        A stream for a progress bar; True is the standard error, or a bar in a notebook.

    Raises
    ------
    ConfigError
        Options that cannot be, or a package that is not installed.
    DataError
        No line is left, or, with `strict`, one is left out. Nothing is written then, as after the errors below.
    IoError
        What cannot be read or written.
    """
    options = LineOptions(
        None if folder is None else Path(folder),
        path_list(tsv),
        path_list(page),
        path_list(alto),
        LineRecipe(height=height, form=form, invert=invert, contrast=contrast),
        SplitOptions(Path(output), tuple(fractions), by_group, seed, strict, force),
        image_column,
        text_column,
        path_list(corrections),
        with_unseen,
        None if extend is None else Path(extend),
    )
    options.check()
    return _Preparation(options, progress).run()


class _Preparation:
    """A run of lines(): first all texts, which are small and decide about the split, then one picture at a time."""

    def __init__(self, options: LineOptions, progress: TextIO | bool | None) -> None:
        self._options = options
        self._progress = progress
        self._notes = Notes(options.split.strict)
        self._earlier = None if options.extend is None else read_earlier(options.extend, CONFIG_NAME, options.recipe)
        self._recipe = options.recipe
        if self._earlier is not None:
            self._options = replace(options, split=self._earlier.shares(options.split))
            self._recipe = self._earlier.recipe
        self._page: tuple[Path, Picture] | None = None  # the last that was read

    def run(self) -> PreparedLines:
        items = self._clean(find_lines(self._options, self._notes))
        if not items:
            raise DataError(self._notes.nothing_left("line"))
        if any(needs_visual_order(item.text) for item in items):
            self._recipe = replace(self._recipe, right_to_left=True)
        groups = groups_of(items, self._options.split.by_group)
        output = self._options.split.output
        self._options.split.make_output()
        with line_store(output) as store:
            lines = list(zip(items, groups, strict=True))
            kept = [group for item, group in with_progress(lines, self._progress, "lines") if self._add(item, store)]
            if not kept:
                raise DataError(self._notes.nothing_left("line"))
            return self._write(store, self._deal(store.tags, kept))

    def _deal(self, tags: list[str], groups: list[str]) -> dict[str, list[int]]:
        split = self._options.split
        return split.deal(groups, "lines") if self._earlier is None else self._earlier.deal(tags, groups, split)

    def _clean(self, items: list[LineItem]) -> list[LineItem]:
        kept = []
        for item in items:
            cleaned = clean_text(item.text, self._recipe.form)
            self._notes.change(item.tag, cleaned.changes)
            if cleaned.text:
                kept.append(replace(item, text=cleaned.text))
            else:
                self._notes.skip(item.tag, "its text is empty")
        return kept

    def _add(self, item: LineItem, store: LineStore) -> bool:
        """Whether the line can be used."""
        try:
            ink = ink_of(self._grey(item), self._recipe)
        except (DataError, IoError) as error:
            self._notes.skip(_name(item), str(error))
            return False
        store.add(ink, labels_of(item.text, self._recipe), item.tag)
        return True

    def _grey(self, item: LineItem) -> Bytes:
        if item.outline is None:
            picture = read_picture(item.image)
            self._notes.change(_name(item), picture.changes)
            return picture.grey
        if self._page is None or self._page[0] != item.image:
            self._page = None  # gives the memory back before more is taken
            self._page = (item.image, read_picture(item.image))
            self._notes.change(str(item.image), self._page[1].changes)
        grey, changes = cut_line(self._page[1].grey, item.outline)
        self._notes.change(item.tag, changes)
        return grey

    def _write(self, store: LineStore, parts: dict[str, list[int]]) -> PreparedLines:
        split = self._options.split
        counts = {name: Counter(label for i in part for label in store.labels[i]) for name, part in parts.items()}
        everywhere = sum(counts.values(), Counter[str]())
        for name, path in split.files.items():
            store.write(path, parts[name], sorted(everywhere), self._recipe)
        config = split.write(CONFIG_NAME, self._config(store, parts["train"]))
        characters = report_characters(counts["train"], everywhere)
        split.write_report(self._notes, characters.lines())
        return PreparedLines(
            split.files,
            {name: len(part) for name, part in parts.items()},
            config,
            self._notes.found,
            self._notes.lines(),
            self._recipe,
            characters,
        )

    def _config(self, store: LineStore, train: list[int]) -> str:
        if self._earlier is not None:
            return self._earlier.config
        return line_config(_statistics(store, train, self._recipe), self._options.split.config_files)


def _name(item: LineItem) -> str:
    """What messages about a line's picture call it."""
    return item.tag if item.outline is not None else str(item.image)


def _statistics(store: LineStore, numbers: list[int], recipe: LineRecipe) -> LineStatistics:
    """Of the lines with these numbers."""
    texts = [store.labels[i] for i in numbers]
    return LineStatistics(
        recipe.height,
        np.array([store.sizes[i][1] for i in numbers], np.int64),
        np.array([label_steps(labels) for labels in texts], np.int64),
        len({label for labels in texts for label in labels}),
        sum(len(labels) for labels in texts),
    )
