# SPDX-License-Identifier: Apache-2.0
"""A network that reads new files: pictures, recordings, pen strokes and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.listening import AnySound, HeardText, listen_to_one
from rnnlib_py.model.reading import AnyPicture, ReadText, read_one
from rnnlib_py.model.reading_ink import AnyInk, ReadInk, read_ink
from rnnlib_py.model.table_predictions import AnyTable, TablePrediction, predict_table
from rnnlib_py.prepare.notes import Notes

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network


class NetworkReading:
    """What a Network does with files of a user. Only Network inherits it."""

    def read(self, picture: AnyPicture, threads: int | None = None, decoder: AnyDecoder | None = None) -> ReadText:
        """The text in the picture of a line, and where its labels stand; treated as the network's own data (`recipe`).

        Parameters
        ----------
        picture
            A file, or uint8 (rows, columns): greys, 0 is black and 255 white; or (rows, columns, channels) with up to 4
            channels: grey and alpha, RGB, RGB and alpha.
        threads, decoder
            As predict().

        Raises
        ------
        ConfigError
            A network that was not trained on data of `prepare lines`; Pillow is not installed.
        IoError, DataError
            A picture that cannot be read, or is too small.
        """
        return read_one(cast("Network", self), picture, threads, decoder)

    def listen(self, sound: AnySound, threads: int | None = None, decoder: AnyDecoder | None = None) -> HeardText:
        """What is said in a recording, and when; treated as the network's own data (`recipe`).

        Parameters
        ----------
        sound
            A file, or (samples, rate): real numbers from -1 to 1, (n,) or (n, channels), and how many are a second.
        threads, decoder
            As predict().

        Raises
        ------
        ConfigError
            A network that was not trained on data of `prepare audio`; soundfile is not installed.
        IoError, DataError
            A recording that cannot be read.
        """
        return listen_to_one(cast("Network", self), sound, threads, decoder)

    def read_ink(self, ink: AnyInk, threads: int | None = None, decoder: AnyDecoder | None = None) -> list[ReadInk]:
        """What is written in pen strokes; treated as the network's own data (`recipe`).

        Parameters
        ----------
        ink
            A file of one ink or more, or the strokes of one: of each a list of points (x, y) or (x, y, seconds), or an
            array of them. y grows downwards, as on screens, unless the recipe's y_axis is "up".
        threads, decoder
            As predict().

        Raises
        ------
        ConfigError
            A network that was not trained on data of `prepare ink`.
        IoError, DataError
            Ink that cannot be read, or has no strokes.
        """
        return read_ink(cast("Network", self), ink, threads, decoder)

    def predict_table(
        self, table: AnyTable, threads: int | None = None, decoder: AnyDecoder | None = None, strict: bool = True
    ) -> list[TablePrediction]:
        """What the network makes of a table's sequences; treated as its own data (`recipe`).

        Parameters
        ----------
        table
            A file, a folder, several of them, or columns: a dict of a list or an array for each, or a DataFrame. The
            columns of the targets need not be there.
        threads, decoder
            As predict().
        strict
            A file, row or sequence that cannot be used is an error; False leaves it out.

        Returns
        -------
        list of TablePrediction
            One per sequence: classes, or numbers in the units of the table.

        Raises
        ------
        ConfigError
            A network that was not trained on data of `prepare table`; a column that is not there.
        IoError, DataError
            A table that cannot be read, or without a sequence that can be used.
        """
        return predict_table(cast("Network", self), table, Notes(strict), threads, decoder)
