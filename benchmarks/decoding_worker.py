# SPDX-License-Identifier: Apache-2.0
"""A program that decodes the outputs of decoding_data.py, in an environment of its own, with one thread.

python decoding_worker.py FOLDER REQUEST: the request, JSON, has "system" (a function below), "outputs" (peaky or flat),
"model" (none, dictionary or ngram), "width" (0: best path), "pruning" (least log probability of labels; how far behind
the best a labelling may be) and "seconds" to work for. Prints JSON: "rate", sequences
per second in the best pass, and "texts".
"""

from __future__ import annotations

import json
import logging
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

WEIGHT, BONUS = 0.8, 0.5  # of the language model

Decode = Callable[[Any], str]
Prepare = Callable[[Any], Any]  # outputs in the form that a program takes; not timed


def _words(folder: Path) -> list[str]:
    return (folder / "words.txt").read_text(encoding="utf-8").split()


def rnnlib(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Prepare]:
    import rnnlib_py as rnn
    from rnnlib_py import _core

    rnn.set_num_threads(1)
    core: Any = _core.BestPathDecoder()
    if request["width"] > 0:
        language: dict[str, Any] = {}
        if request["model"] != "none":
            language = {"lexicon": folder / "words.txt", "word_bonus": BONUS}
        if request["model"] == "ngram":
            language |= {"lm": folder / "lm.arpa", "lm_weight": WEIGHT}
        least, behind = request["pruning"]
        pruning = {"min_probability": math.exp(least), "beam_threshold": behind}
        core = rnn.Beam(width=request["width"], **language, **pruning).bind(labels).core

    def decode(outputs: Any) -> str:
        return "".join(labels[i] for i in core.decode(outputs).labels).replace("␣", " ")

    return decode, lambda outputs: outputs


def pyctcdecode(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Prepare]:
    """Its dictionary is a list of words that others may be mixed with, and needs a model."""
    from pyctcdecode import build_ctcdecoder

    logging.disable(logging.WARNING)
    alphabet = [*(" " if label == "␣" else label for label in labels), ""]
    model: dict[str, Any] = {}
    if request["model"] == "ngram":
        model = {"kenlm_model_path": str(folder / "lm.arpa"), "unigrams": _words(folder)}
    decoder = build_ctcdecoder(alphabet, alpha=WEIGHT, beta=BONUS, **model)
    least, behind = request["pruning"]

    def decode(logs: Any) -> str:
        return str(decoder.decode(logs, beam_width=request["width"], beam_prune_logp=-behind, token_min_logp=least))

    return decode, np.log


def flashlight(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Prepare]:
    """It prunes the beam, but not the labels of a point; words need no blank between them."""
    from flashlight.lib.text import decoder as fl
    from flashlight.lib.text.decoder.kenlm import KenLM
    from flashlight.lib.text.dictionary import Dictionary

    blank, silence = len(labels), labels.index("␣")
    options: dict[str, Any] = {
        "beam_size": request["width"],
        "beam_size_token": len(labels) + 1,
        "beam_threshold": request["pruning"][1],
        "lm_weight": WEIGHT,
        "sil_score": 0.0,
        "log_add": True,
        "criterion_type": fl.CriterionType.CTC,
    }
    if request["model"] == "none":
        decoder = fl.LexiconFreeDecoder(fl.LexiconFreeDecoderOptions(**options), fl.ZeroLM(), silence, blank, [])
    else:
        words = _words(folder)
        dictionary = Dictionary()
        for word in [*words, "<unk>"]:
            dictionary.add_entry(word)
        model = KenLM(str(folder / "lm.arpa"), dictionary) if request["model"] == "ngram" else fl.ZeroLM()
        trie, start = fl.Trie(len(labels) + 1, silence), model.start(False)
        for index, word in enumerate(words):
            trie.insert([labels.index(c) for c in word], index, model.score(start, index)[1])
        trie.smear(fl.SmearingMode.MAX)
        chosen = fl.LexiconDecoderOptions(word_score=BONUS, unk_score=-math.inf, **options)
        decoder = fl.LexiconDecoder(chosen, trie, model, silence, blank, len(words), [], False)

    def decode(logs: Any) -> str:
        found = decoder.decode(logs.ctypes.data, logs.shape[0], logs.shape[1])[0].tokens
        path = [unit for unit, before in zip(found[1:], found[:-1], strict=True) if unit != before]
        return "".join(labels[unit] for unit in path if 0 <= unit < blank).replace("␣", " ").strip()

    return decode, lambda outputs: np.log(outputs).astype(np.float32)


SYSTEMS = {f.__name__: f for f in (rnnlib, pyctcdecode, flashlight)}


def _decode_all(decode: Decode, outputs: list[Any], end: float) -> tuple[list[str], float]:
    """The texts, and the seconds that they took; only some of them when the time has come."""
    start, texts = time.perf_counter(), []
    for one in outputs:
        texts.append(decode(one))
        if time.perf_counter() > end:
            break
    return texts, time.perf_counter() - start


def main() -> None:
    folder, request = Path(sys.argv[1]), json.loads(sys.argv[2])
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    decode, prepare = SYSTEMS[request["system"]](folder, labels, request)
    outputs = [prepare(one) for one in np.load(folder / f"{request['outputs']}.npy")]
    decode(outputs[0])  # fills tables
    end = time.perf_counter() + request["seconds"]
    passes = [_decode_all(decode, outputs, end)]
    while time.perf_counter() < end:
        passes.append(_decode_all(decode, outputs, end))
    texts = passes[0][0]
    rate = max(len(found) / seconds for found, seconds in passes if len(found) == len(texts))
    print(json.dumps({"rate": rate, "texts": texts}))


if __name__ == "__main__":
    main()
