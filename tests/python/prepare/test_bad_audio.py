# SPDX-License-Identifier: Apache-2.0
"""Folders and tables of recordings with all that goes wrong in them: each file is named, with what was done."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from recordings import speech, tone, write_recordings, write_sound
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.sounds import read_sound

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def recordings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_recordings(Path("in"))


def notes_of(**options: object) -> list[str]:
    made = rnn.prepare.audio("in", "out", labels="words", **options)  # type: ignore[arg-type]
    report = Path("out/report.txt").read_text(encoding="utf-8")
    assert all(f"{note}\n" in report for note in made.notes)
    return [str(note) for note in made.notes]


def broken(content: bytes, name: str = "bad.wav") -> None:
    Path(f"in/{name}").write_bytes(content)
    Path("in/bad.txt").write_text("low", encoding="utf-8")


def make_empty() -> str:
    broken(b"")
    return "in/bad.wav: the file is empty, expected a recording; left out"


def make_text_called_wav() -> str:
    broken(b"this is no recording\n" * 20)
    return "in/bad.wav: is no recording of a known format, or damaged; left out"


def make_without_samples() -> str:
    write_sound(Path("in/bad.wav"), np.zeros(0))
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    return "in/bad.wav: has 0 samples; left out"


def make_cut_off() -> str:
    broken(Path("in/00.wav").read_bytes()[:1044])
    size = Path("in/00.wav").stat().st_size - 44
    return f"in/bad.wav: is cut off: its header promises {size:,} bytes of samples, it has 1,000; left out"


def make_not_finite() -> str:
    samples = tone(300)
    samples[[400, 500]] = [np.nan, np.inf]
    write_sound(Path("in/bad.wav"), samples, subtype="FLOAT")
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    return "in/bad.wav: has 2 samples that are not finite (the first after 0.050 s); left out"


def make_silent() -> str:
    write_sound(Path("in/bad.wav"), np.zeros(800))
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    return "in/bad.wav: is silent: all its samples are 0; left out"


def make_odd_rate() -> str:
    write_sound(Path("in/bad.wav"), tone(3, 0.5, 100), 100)
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    return "in/bad.wav: has 100 samples per second, expected 1,000 to 768,000; left out"


def make_empty_text() -> str:
    write_sound(Path("in/bad.wav"), tone(300))
    Path("in/bad.txt").write_text(" \n", encoding="utf-8")
    return "bad: its text is empty; left out"


def make_text_alone() -> str:
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    return "in/bad.txt: a text without a recording; left out"


def make_sound_alone() -> str:
    write_sound(Path("in/bad.wav"), tone(300))
    return "in/bad.wav: a recording without a text (.wrd, .txt, .lab); left out"


def make_text_of_other_bytes() -> str:
    write_sound(Path("in/bad.wav"), tone(300))
    Path("in/bad.txt").write_bytes(b"caf\xe9")
    return "in/bad.txt: is no UTF-8 text (byte 3); left out"


def make_long_text() -> str:
    write_sound(Path("in/bad.wav"), tone(300, 0.03))
    Path("in/bad.txt").write_text("low low mid", encoding="utf-8")
    return "in/bad.wav: its 3 labels need 4 frames, it has 3; left out"


SKIPPED = [
    make_empty,
    make_text_called_wav,
    make_without_samples,
    make_cut_off,
    make_not_finite,
    make_silent,
    make_odd_rate,
    make_empty_text,
    make_text_alone,
    make_sound_alone,
    make_text_of_other_bytes,
    make_long_text,
]


@pytest.mark.parametrize("make", SKIPPED)
def test_what_is_left_out_is_named_and_an_error_when_strict(make: object, capsys: Capture) -> None:
    expected = make()  # type: ignore[operator]
    assert notes_of() == [expected]
    assert run_cli("prepare", "audio", "in", "-o", "strict", "--labels", "words", "--strict") == 1
    assert f"error: {expected.removesuffix('; left out')} (--strict" in capsys.readouterr().err
    assert not Path("strict/train.nc").exists()


def make_channels() -> str:
    write_sound(Path("in/odd.wav"), np.stack([speech("low"), 0 * speech("low"), speech("low")], axis=1))
    return "in/odd.wav: has 3 channels: their mean was taken"


def make_clipped() -> str:
    write_sound(Path("in/odd.wav"), np.clip(tone(300, 0.4, size=2.0), -1, 1))
    return "in/odd.wav: is clipped: its loudest samples are cut off"


def make_nearly_silent() -> str:
    write_sound(Path("in/odd.wav"), 1e-4 * tone(300), subtype="FLOAT")
    return "in/odd.wav: is nearly silent (its loudest sample is -86 dB)"


def make_loud_floats() -> str:
    write_sound(Path("in/odd.wav"), 20000 * tone(300), subtype="DOUBLE")
    return "in/odd.wav: has samples beyond -1 to 1: scaled down to it"


def make_byte_order_mark() -> str:
    write_sound(Path("in/odd.wav"), tone(300))
    Path("in/odd.txt").write_text("\ufefflow", encoding="utf-8")
    return "in/odd.txt: begins with a byte order mark (UTF-8): left out"


def make_line_ends() -> str:
    write_sound(Path("in/odd.wav"), tone(300))
    Path("in/odd.txt").write_bytes(b"low\r\nmid\r\n")
    return "in/odd.txt: has line ends of another system (CR): read as line ends"


def make_two_recordings() -> str:
    write_sound(Path("in/odd.wav"), tone(300))
    write_sound(Path("in/odd.flac"), tone(300))
    return "in/odd.flac: there are several recordings of this name: this one is used, not odd.wav"


CHANGED = [
    make_channels,
    make_clipped,
    make_nearly_silent,
    make_loud_floats,
    make_byte_order_mark,
    make_line_ends,
    make_two_recordings,
]


@pytest.mark.parametrize("make", CHANGED)
def test_what_is_changed_is_named(make: object) -> None:
    expected = make()  # type: ignore[operator]
    if not Path("in/odd.txt").exists():
        Path("in/odd.txt").write_text("low", encoding="utf-8")
    assert notes_of(strict=True) == [expected]


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_numbers_of_all_kinds(subtype: str) -> None:
    write_sound(Path("a.wav"), tone(300), subtype=subtype)
    found = read_sound("a.wav")
    assert found.rate == 8000 and found.changes == [] and found.cut_off == ""
    np.testing.assert_allclose(found.samples, tone(300), atol=0.01)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.aiff"])
def test_other_formats(name: str) -> None:
    samples = tone(300, 0.5)
    found = read_sound(write_sound(Path(name), samples))
    assert found.seconds == 0.5
    assert np.sqrt(np.mean((found.samples - samples) ** 2)) < 0.02


def test_a_flac_file_that_is_cut_off() -> None:
    write_sound(Path("whole.flac"), np.random.default_rng(0).normal(0, 0.1, 20000))
    broken(Path("whole.flac").read_bytes()[:20000], "bad.flac")
    (note,) = notes_of()
    assert note.startswith("in/bad.flac: cannot be read as a recording: ") and note.endswith("; left out")


def test_a_size_that_a_pipe_could_not_know_is_no_loss() -> None:
    content = bytearray(Path("in/00.wav").read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    Path("pipe.wav").write_bytes(content)
    assert read_sound("pipe.wav").cut_off == ""
    np.testing.assert_array_equal(read_sound("pipe.wav").samples, read_sound("in/00.wav").samples)


def test_parts_of_a_recording() -> None:
    whole = read_sound("in/00.wav")
    part = read_sound("in/00.wav", 0.1, 0.2)
    np.testing.assert_array_equal(part.samples, whole.samples[800:1600])
    assert part.cut_off == ""
    assert read_sound("in/00.wav", 0.1, 9.0).cut_off.startswith("is cut off: expected 8.9")
    with pytest.raises(rnn.DataError, match=r"there is nothing from 9 s to None s: the recording has 0\.31"):
        read_sound("in/00.wav", 9.0)


def test_rows_of_a_table_that_cannot_be_used() -> None:
    rows = ["file\ttext\tstart\tend", "00.wav\tlow\t0\t0.2", "00.wav\tlow\t0.2\t0.1", "00.wav\tlow\tx\t", "\tlow\t\t",
            "00.wav\tlow\t0\t0.2", "00.wav\thigh\t0\t0.2", "99.wav\tlow\t\t", "00.wav"]  # fmt: skip
    Path("t.tsv").write_text("\n".join(rows), encoding="utf-8")
    made = rnn.prepare.audio("in", "out", tsv="t.tsv", labels="words", fractions=[1])
    assert sorted(str(note) for note in made.notes) == [
        "00.wav:0-0.2: a second recording of this name, with another text; left out",
        "00.wav:0-0.2: a second recording of this name, with the same text; left out",
        "in/99.wav: no such file; left out",
        "t.tsv, row 3: expected seconds of at least 0, the end after the start, found '0.2' to '0.1'; left out",
        "t.tsv, row 4: expected seconds of at least 0, the end after the start, found 'x' to ''; left out",
        "t.tsv, row 5: names no recording; left out",
        "t.tsv, row 9: has 1 columns, expected 4; left out",
    ]
    assert made.counts == {"train": 1}


def test_nothing_is_left(capsys: Capture) -> None:
    for path in Path("in").glob("*.wav"):
        path.write_bytes(b"")
    assert run_cli("prepare", "audio", "in", "-o", "out") == 1
    assert "no recording is left: 10 left out (in/" in capsys.readouterr().err
    assert list(Path("out").iterdir()) == []
    for path in Path("in").glob("*.txt"):
        path.unlink()
    assert run_cli("prepare", "audio", "in", "-o", "out") == 1
    assert "in: holds no texts (*.txt, *.lab) beside 10 recordings" in capsys.readouterr().err
    assert run_cli("prepare", "audio", "nowhere", "-o", "out") == 1
    assert "nowhere: no such folder" in capsys.readouterr().err
    assert run_cli("prepare", "audio", "-o", "out") == 2
    assert "no recordings: expected a folder of them, or --tsv" in capsys.readouterr().err


def test_classes_that_are_none() -> None:
    options = {"task": "sequence_classification"}
    with pytest.raises(rnn.DataError, match=r"no recording is left: 10 left out .*is in no folder of a class"):
        rnn.prepare.audio("in", "out", **options)  # type: ignore[arg-type]
    with pytest.raises(rnn.DataError, match="all recordings have the class '0'"):
        rnn.prepare.audio("in", "out", label_from="^.", **options)  # type: ignore[arg-type]
    Path("none").mkdir()
    with pytest.raises(rnn.DataError, match="none: holds no recordings"):
        rnn.prepare.audio("none", "out", **options)  # type: ignore[arg-type]


def test_a_fifo_does_not_block() -> None:
    import os

    if not hasattr(os, "mkfifo"):
        return
    os.mkfifo("in/bad.wav")
    Path("in/bad.txt").write_text("low", encoding="utf-8")
    assert notes_of() == ["in/bad.wav: is a FIFO, expected a recording; left out"]


def test_without_soundfile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(
        rnn.ConfigError, match=r"reading recordings needs soundfile .* pip install 'rnnlib-py\[audio\]'"
    ):
        rnn.prepare.audio("in", "out")


def test_files_of_another_program() -> None:
    """What Python's own module writes."""
    with wave.open("a.wav", "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.array([[1000, 3000], [-1000, -3000]] * 50, "<i2").tobytes())
    np.testing.assert_allclose(read_sound("a.wav").samples, np.array([2000, -2000] * 50) / 32768)
