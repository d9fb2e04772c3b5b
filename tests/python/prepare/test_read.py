# SPDX-License-Identifier: Apache-2.0
"""Reading pictures with a trained network: rnnlib-py read and Network.read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from line_pictures import TEXTS, picture, write_lines
from made_pages import page_data
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare import LineRecipe
from rnnlib_py.prepare.images import read_picture

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, and the save of a network that has learned to read them."""
    folder = tmp_path_factory.mktemp("read")
    made = rnn.prepare.lines(write_lines(folder / "in", TEXTS * 4), folder / "out", height=16, fractions=[1])
    config = rnn.Config.read(made.config, hiddenSize=[4, 8, 24], totalEpochs=40, learnRate=1e-2, seqsPerWeightUpdate=4)
    config.set("dropout", None)
    config.set("augment", None)
    rnn.train(config, threads=1).network.save(folder / "net.save")
    return folder


@pytest.fixture
def here(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with some of the pictures."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(trained / "net.save", "net.save")
    for i in range(4):
        shutil.copy(trained / f"in/{i:02}.png", f"{i}.png")
    return tmp_path


@pytest.mark.usefixtures("here")
class TestRead:
    def test_text_to_the_standard_output(self, capsys: Capture) -> None:
        assert run_cli("read", "net.save", "0.png", "1.png", "2.png") == 0
        assert capsys.readouterr().out.splitlines() == TEXTS[:3]

    def test_a_file_per_picture(self, capsys: Capture) -> None:
        Path("a/b").mkdir(parents=True)
        shutil.copy("1.png", "a/b/0.png")
        assert run_cli("read", "net.save", "0.png", "a", "3.png", "-o", "out/") == 0
        assert capsys.readouterr().out == ""
        found = {path.name: path.read_text(encoding="utf-8") for path in Path("out").iterdir()}
        assert found == {"0.txt": f"{TEXTS[0]}\n", "b_0.txt": f"{TEXTS[1]}\n", "3.txt": f"{TEXTS[3]}\n"}

    def test_places_are_those_of_the_picture(self, capsys: Capture) -> None:
        assert run_cli("read", "net.save", "0.png", "--format", "jsonl") == 0
        record = json.loads(capsys.readouterr().out)
        width = read_picture("0.png").grey.shape[1]
        assert (record["tag"], record["text"]) == ("0.png", TEXTS[0])
        places = np.array(record["input_positions"])
        assert (places[:, 0] <= places[:, 1]).all()
        assert (np.diff(places[:, 0]) >= 0).all()
        assert 0.75 * width < places.max() < width

    def test_formats_of_other_programs(self) -> None:
        for form, ending in (("alto", ".xml"), ("page", ".xml"), ("hocr", ".hocr"), ("tsv", ".tsv")):
            assert run_cli("read", "net.save", "0.png", "-o", form, "--format", form) == 0
            text = Path(form, f"0{ending}").read_text(encoding="utf-8")
            if form == "tsv":
                assert text.startswith(f"0.png\t{TEXTS[0]}\t")
            else:
                assert "0.png" in text
                assert ElementTree.fromstring(text.partition('.dtd">')[2] if form == "hocr" else text) is not None
        page = ElementTree.parse("page/0.xml").getroot()
        image = read_picture("0.png").grey
        assert page[1].attrib["imageWidth"] == str(image.shape[1])
        assert page[1].attrib["imageHeight"] == str(image.shape[0])

    def test_decoding_options_are_those_of_predict(self, capsys: Capture) -> None:
        assert run_cli("read", "net.save", "0.png", "--beam", "8", "--n-best", "3", "--format", "jsonl") == 0
        record = json.loads(capsys.readouterr().out)
        assert record["text"] == TEXTS[0]
        assert record["readings"][0]["text"] == TEXTS[0]
        assert len(record["readings"]) == 3

        Path("words.txt").write_text("six\n", encoding="utf-8")
        assert run_cli("read", "net.save", "0.png", "--beam=8", "--lexicon", "words.txt") == 0
        assert set(capsys.readouterr().out.split()) <= {"six"}

    def test_pictures_that_cannot_be_read(self, capsys: Capture) -> None:
        Path("bad.png").write_bytes(b"")
        Path("folder").mkdir()
        assert run_cli("read", "net.save", "bad.png", "0.png") == 0
        captured = capsys.readouterr()
        assert captured.out == f"{TEXTS[0]}\n"
        assert captured.err == "rnnlib-py: bad.png: the file is empty, expected an image; left out\n"
        for arguments, error in [
            (["bad.png"], "none of 1 pictures could be read"),
            (["bad.png", "0.png", "--strict"], "bad.png: the file is empty, expected an image (--strict"),
            (["nowhere.png"], "nowhere.png: no such file"),
            (["folder"], "folder: holds no pictures"),
        ]:
            assert run_cli("read", "net.save", *arguments) == 1
            captured = capsys.readouterr()
            assert f"error: {error}" in captured.err
            assert captured.out == ""

    def test_a_page_to_correct_them(self, capsys: Capture) -> None:
        assert run_cli("read", "net.save", "0.png", "1.png", "--format", "html", "-o", "out") == 0
        assert capsys.readouterr().out == "to correct, open in a browser: out/lines.html\n"
        page = Path("out/lines.html").read_text(encoding="utf-8")
        assert [(line["image"], line["text"]) for line in page_data(page)["lines"]] == [
            ("0.png", TEXTS[0]),
            ("1.png", TEXTS[1]),
        ]
        assert run_cli("read", "net.save", "0.png", "--format", "html", "-o", "a/b.html", "--quiet") == 0
        assert page_data(Path("a/b.html").read_text(encoding="utf-8"))["file"] == "b.corrections.json"
        assert capsys.readouterr().out == ""
        assert run_cli("read", "net.save", "0.png", "1.png", "--format=html", "--least-sure=1") == 0
        assert len(page_data(capsys.readouterr().out)["lines"]) == 2

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (["--least-sure=1"], "--least-sure is for --format html"),
            (["--least-sure=0", "--format=html"], "--least-sure 0: expected a number of lines"),
            (["--format=html"], "2 lines need several pages, of 1 lines each: -o OUT"),
        ],
    )
    def test_pages_that_cannot_be(
        self, arguments: list[str], error: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("rnnlib_py.cli.correction_pages.LINES_PER_PAGE", 1)
        assert run_cli("read", "net.save", "0.png", "1.png", *arguments) == 2
        assert error in capsys.readouterr().err

    def test_safetensors_files_have_the_recipe(self, capsys: Capture) -> None:
        network = rnn.Network.load("net.save")
        network.save("net.safetensors", dtype="float16")
        assert rnn.Network.load("net.safetensors").recipe == network.recipe
        assert run_cli("read", "net.safetensors", "0.png") == 0
        assert capsys.readouterr().out == f"{TEXTS[0]}\n"

    def test_in_python(self) -> None:
        network = rnn.Network.load("net.save")
        found = network.read("0.png")
        assert found.text == TEXTS[0]
        grey = read_picture("0.png").grey
        assert found.shape == grey.shape[::-1]
        again = network.read(grey)
        assert (again.text, again.name) == (TEXTS[0], "")
        np.testing.assert_array_equal(again.prediction.outputs, found.prediction.outputs)
        colours = network.read(np.repeat(grey[:, :, np.newaxis], 3, 2))
        np.testing.assert_array_equal(colours.prediction.outputs, found.prediction.outputs)
        for wrong, error in (
            (grey.astype(float), "type float64; expected uint8"),
            (grey[:2], "the picture: the image is "),
        ):
            with pytest.raises(rnn.DataError, match=error):
                network.read(wrong)

    def test_a_dark_picture_of_another_size_is_read_too(self) -> None:
        image = picture(TEXTS[0], ink=200, paper=40)
        image.resize((image.width * 2, image.height * 2)).save("dark.png")
        assert rnn.Network.load("net.save").read("dark.png").text == TEXTS[0]

    def test_right_to_left(self, capsys: Capture) -> None:
        network = rnn.Network.load("net.save")
        names = dict(zip("abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנסעפצקרשתםןףץ", strict=True))
        config = rnn.Config.read("net.save")
        assert config.save is not None
        labels = ["".join(names.get(letter, letter) for letter in label) for label in network.header.labels]
        config["targetLabels"] = config["labelDelimiter"].join(labels)
        hebrew = rnn.Network.from_config(config)
        hebrew.recipe = LineRecipe(height=16, right_to_left=True).to_json()
        hebrew.save("hebrew.save")
        expected = "".join(names.get(letter, letter) for letter in TEXTS[0])[::-1]
        assert hebrew.read("0.png").text == expected
        assert run_cli("read", "hebrew.save", "0.png") == 0
        assert capsys.readouterr().out == f"{expected}\n"
        assert run_cli("read", "hebrew.save", "0.png", "--format", "alto", "-o", "out") == 0
        words = [e.attrib["CONTENT"] for e in ElementTree.parse("out/0.xml").iter() if e.tag.endswith("String")]
        assert words == expected.split()

    def test_networks_that_do_not_read_pictures(self, capsys: Capture) -> None:
        network = rnn.Network.load("net.save")
        network.recipe = ""
        with pytest.raises(rnn.ConfigError, match="has no recipe, so that it is not known how it wants pictures"):
            network.read("0.png")
        network.save("none.save")
        assert run_cli("read", "none.save", "0.png") == 2
        assert "none.save: has no recipe" in capsys.readouterr().err
        network.recipe = '{"kind": "audio"}'
        with pytest.raises(rnn.ConfigError, match="was trained on data of `rnnlib-py prepare audio`, not on pictures"):
            network.read("0.png")
        network.recipe = "{}"
        with pytest.raises(rnn.FormatError, match="recipe: damaged: expected a kind, found None"):
            network.read("0.png")
        header = rnn.DataHeader(2, 1, 1, [])
        other = rnn.Network.build(rnn.Config({"task": "sequence_regression", "hiddenSize": 1}), header)
        with pytest.raises(rnn.ConfigError, match="only transcription reads text"):
            other.read("0.png")
