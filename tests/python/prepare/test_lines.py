# SPDX-License-Identifier: Apache-2.0
"""Data files of folders and tables of text lines: what is in them, how they are split, and that a network learns."""

from __future__ import annotations

import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from line_pictures import TEXTS, picture, write_line, write_lines
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.images import read_picture
from rnnlib_py.prepare.line_image import inputs_of_picture

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(path: Path) -> rnn.Dataset:
    return rnn.Dataset.read(path, task="transcription")


def texts_of(path: Path) -> dict[str, str]:
    data = read(path)
    labels = data.header.labels
    return {s.tag: "".join(labels[i] for i in s.target).replace("␣", " ") for s in data}  # type: ignore[union-attr]


def test_every_line_is_in_one_file_with_its_text_and_its_picture() -> None:
    made = rnn.prepare.lines(write_lines(Path("in")), "out")
    assert made.counts == {"train": 8, "val": 1, "test": 1}
    found = {tag: text for path in made.files.values() for tag, text in texts_of(path).items()}
    assert found == {f"{i:02}": text for i, text in enumerate(TEXTS)}
    for path in made.files.values():
        for sequence in read(path):
            expected = inputs_of_picture(read_picture(f"in/{sequence.tag}.png").grey, made.recipe)
            np.testing.assert_array_equal(sequence.inputs, expected)
            assert sequence.inputs.shape[1:] == (48, 1)


def test_pictures_are_stored_as_bytes_and_the_recipe_beside_them() -> None:
    made = rnn.prepare.lines(write_lines(Path("in")), "out", height=20)
    with netCDF4.Dataset(made.files["train"]) as file:
        file.set_auto_maskandscale(False)
        assert file["inputs"].dtype == np.uint8
        assert file["inputs"][:].min() == 0
        assert file["inputs"][:].max() == 255
        assert json.loads(file.recipe) == {
            "kind": "lines", "version": 1, "height": 20, "invert": "auto", "contrast": "stretch", "form": "NFC",
            "space": "␣", "right_to_left": False, "scale": 1 / (255 * 0.3), "offset": -0.5,
        }  # fmt: skip


def test_all_files_have_the_same_labels() -> None:
    made = rnn.prepare.lines(write_lines(Path("in")), "out")
    everything = sorted({letter for text in TEXTS for letter in text.replace(" ", "␣")})
    assert all(list(read(path).header.labels) == everything for path in made.files.values())


def test_the_seed_decides_and_groups_stay_together() -> None:
    for writer in "abcde":
        for i in range(4):
            write_line(Path("in"), f"{writer}/{writer}{i}", TEXTS[i])

    def chosen(**options: object) -> list[set[str]]:
        made = rnn.prepare.lines("in", "out", force=True, **options)  # type: ignore[arg-type]
        return [set(texts_of(path)) for path in made.files.values()]

    assert chosen(seed=1) == chosen(seed=1) != chosen(seed=2)
    for rule in ("folder", r"^(\w)/", r"/[a-z]"):
        for tags in chosen(by_group=rule, fractions=[0.6, 0.2, 0.2]):
            assert len(tags) == 4 * len({tag[0] for tag in tags})


def test_a_table_with_groups(capsys: Capture) -> None:
    Path("pictures").mkdir()
    rows = ["image\tpage\ttranscription"]
    for i, text in enumerate(TEXTS):
        picture(text).save(f"pictures/{i}.png")
        rows.append(f'{i}.png\tp{i // 2}\t"{text}')
    Path("lines.tsv").write_text("\ufeff" + "\r\n".join(rows), encoding="utf-8")
    arguments = ["--tsv", "lines.tsv", "pictures", "-o", "out", "--by-group", "column:page"]
    assert run_cli("prepare", "lines", *arguments, "--fractions", "0.6,0.2,0.2") == 0
    out = capsys.readouterr().out
    assert "out/val.nc: 2 lines\n" in out
    assert "rnnlib-py train out/lines.config -o out/run\n" in out
    for name in ("train", "val", "test"):
        found = texts_of(Path(f"out/{name}.nc"))
        assert all(text == f'"{TEXTS[int(tag[0])]}' for tag, text in found.items())
        assert len({int(tag[0]) // 2 for tag in found}) == len(found) / 2


def test_a_comma_separated_table_has_quotes() -> None:
    for i, text in enumerate(TEXTS[:3]):
        picture(text).save(f"{i}.png")
    Path("lines.csv").write_text('text,file\n"a, ""b""",0.png\n"c",1.png\nd,2.png\n', encoding="utf-8")
    made = rnn.prepare.lines(tsv="lines.csv", output="out")
    assert {text for path in made.files.values() for text in texts_of(path).values()} == {'a, "b"', "c", "d"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "the file is empty"),
        ("a\tb\n", "which column has the images? Expected one called file, image"),
        ("file\tb\n", "which column has the texts?"),
        ("file\ttext\n", "no line is left: none was found"),
    ],
)
def test_tables_without_lines(text: str, error: str) -> None:
    Path("lines.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(rnn.Error, match=error.replace("?", r"\?")):
        rnn.prepare.lines(tsv="lines.tsv", output="out")
    assert not Path("out").exists()


def test_columns_by_name() -> None:
    picture("x").save("x.png")
    Path("lines.tsv").write_text("a\tb\nx.png\tx\n", encoding="utf-8")
    made = rnn.prepare.lines(tsv="lines.tsv", output="out", image_column="a", text_column="b", fractions=[1])
    assert texts_of(made.files["train"]) == {"x.png": "x"}
    with pytest.raises(rnn.ConfigError, match="has no column 'c'"):
        rnn.prepare.lines(tsv="lines.tsv", output="out2", text_column="c", image_column="a")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"fractions": [0.5, 0.4]}, "fractions 0.5,0.4: expected numbers that add up to 1"),
        ({"fractions": []}, "expected one to three positive numbers"),
        ({"fractions": [0.5, 0.5, -0.1]}, "expected one to three positive numbers"),
        ({"seed": -1}, "seed -1"),
        ({"height": 3}, "height 3: expected 4 to 1024 pixels"),
        ({"form": "nfc"}, "form 'nfc': expected one of NFC"),
        ({"by_group": "("}, "is no regular expression"),
        ({"by_group": "column:page"}, "no table has a column 'page'"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], error: str) -> None:
    write_lines(Path("in"))
    with pytest.raises(rnn.ConfigError, match=error):
        rnn.prepare.lines("in", "out", **options)  # type: ignore[arg-type]


def test_groups_that_cannot_be_told() -> None:
    write_lines(Path("in"))
    with pytest.raises(rnn.DataError, match="00: does not match --by-group 'x'"):
        rnn.prepare.lines("in", "out", by_group="x")
    with pytest.raises(rnn.DataError, match="00: belongs to no page"):
        rnn.prepare.lines("in", "out", by_group="page")
    with pytest.raises(rnn.DataError, match="1 that can be dealt out are too few for 3 parts"):
        rnn.prepare.lines("in", "out", by_group="folder")


def test_files_that_are_there_are_kept_without_force(capsys: Capture) -> None:
    write_lines(Path("in"))
    assert run_cli("prepare", "lines", "in", "-o", "out") == 0
    before = Path("out/train.nc").read_bytes()
    assert run_cli("prepare", "lines", "in", "-o", "out", "--height", "16") == 2
    assert "out: holds data files already (train.nc, val.nc, test.nc): replace them with --force" in (
        capsys.readouterr().err
    )
    assert Path("out/train.nc").read_bytes() == before
    assert run_cli("prepare", "lines", "in", "-o", "out", "--height", "16", "--force") == 0
    assert Path("out/train.nc").read_bytes() != before


def test_no_source(capsys: Capture) -> None:
    assert run_cli("prepare", "lines", "-o", "out") == 2
    assert "no lines: expected a folder of images" in capsys.readouterr().err
    assert run_cli("prepare", "lines", "nowhere", "-o", "out") == 1
    assert "nowhere: no such folder" in capsys.readouterr().err
    assert run_cli("prepare", "-o", "out") == 2


def test_the_starter_config_trains_and_the_recipe_is_in_all_saves(capsys: Capture) -> None:
    made = rnn.prepare.lines(write_lines(Path("in"), TEXTS * 2), "out", height=16, fractions=[0.8, 0.2])
    assert (
        run_cli("train", "out/lines.config", "-o", "run", "--totalEpochs=2", "--threads=1", "--hiddenSize=2,2,4") == 0
    )
    recipe = made.recipe.to_json()
    assert rnn.Network.load("run/last.save").recipe == recipe
    assert rnn.Network.load("run/best.save").recipe == recipe
    rnn.export_weights("run/last.save", "slim.save")
    rnn.average(["run/last.save", "run/best.save"]).save("mean.save")
    assert rnn.Network.load("slim.save").recipe == rnn.Network.load("mean.save").recipe == recipe
    assert run_cli("train", "run/last.save", "-o", "run", "--resume", "--totalEpochs=3") == 0
    assert rnn.Network.load("run/last.save").recipe == recipe
    capsys.readouterr()
    assert run_cli("info", "run/last.save") == 0
    assert f"\nrecipe: {recipe}\n" in capsys.readouterr().out
    assert run_cli("info", "out/train.nc") == 0
    assert f"\nrecipe: {recipe}\n" in capsys.readouterr().out


def test_a_network_learns_from_it() -> None:
    made = rnn.prepare.lines(write_lines(Path("in"), TEXTS * 4), "out", height=16, fractions=[1])
    config = rnn.Config.read(made.config, hiddenSize=[4, 8, 24], totalEpochs=40, learnRate=1e-2, seqsPerWeightUpdate=4)
    config.set("dropout", None)
    config.set("augment", None)
    run = rnn.train(config, threads=1)
    assert run.history[-1].errors["train"]["labelError"] < 0.05


def test_the_recipe_stays_where_files_are_split_and_merged() -> None:
    made = rnn.prepare.lines(write_lines(Path("in")), "out", height=16)
    recipe = made.recipe.to_json()
    rnn.split("out/train.nc", [0.5, 0.5], ["a.nc", "b.nc"])
    rnn.merge("c.nc", ["a.nc", "b.nc"])
    for name in ("a.nc", "b.nc", "c.nc"):
        with netCDF4.Dataset(name) as file:
            assert file.recipe == recipe
    other = rnn.prepare.lines("in", "other", height=16, contrast="none")
    with pytest.raises(rnn.DataError, match="was prepared otherwise than"):
        rnn.merge("d.nc", ["a.nc", other.files["train"]])
    config = rnn.Config({"task": "transcription", "trainFile": "a.nc", "valFile": str(other.files["val"])})
    config["hiddenSize"], config["totalEpochs"] = 2, 0
    expected = r'other/val.nc was prepared otherwise than a.nc: contrast "none", not "stretch"$'
    with pytest.warns(rnn.RunWarning, match=expected):
        rnn.train(config)
