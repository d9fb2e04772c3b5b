# SPDX-License-Identifier: Apache-2.0
"""A network that reads new files: pictures, recordings and pen strokes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.listening import AnySound, HeardText, listen_to_one
from rnnlib_py.model.reading import AnyPicture, ReadText, read_one
from rnnlib_py.model.reading_ink import AnyInk, ReadInk, read_ink

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network


class NetworkReading:
    """What a Network does with files of a user. Only Network inherits it."""

    def read(self, picture: AnyPicture, threads: int | None = None, decoder: AnyDecoder | None = None) -> ReadText:
        """The text in the picture of a line, and where its labels stand; treated as the network's own data (`recipe`).

        Parameters
        ----------
        picture
            A file, or greys: uint8 (rows, columns), 0 is black and 255 white.
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
