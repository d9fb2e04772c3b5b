# SPDX-License-Identifier: Apache-2.0
"""A program that decodes the outputs of decoding_data.py, in an environment of its own, with one thread.

python decoding_worker.py FOLDER REQUEST: the request, JSON, has "system", "outputs" (peaky or flat), "model" (none,
dictionary or ngram), "width", "count" of sequences and "options". Prints JSON: the seconds that they took, and texts.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

WEIGHT, BONUS = 0.8, 0.5  # of the language model
MIN_LOGP, BEAM_LOGP = -5.0, -10.0  # pyctcdecode's own

Decode = Callable[[Any], str]


def rnnlib(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Callable[[Any], Any]]:
    import rnnlib_py as rnn
    from rnnlib_py import _core

    rnn.set_num_threads(1)
    if request["width"] == 0:
        core: Any = _core.BestPathDecoder()
    else:
        language: dict[str, Any] = {}
        if request["model"] != "none":
            language = {"lexicon": folder / "words.txt", "word_bonus": BONUS}
        if request["model"] == "ngram":
            language |= {"lm": folder / "lm.arpa", "lm_weight": WEIGHT}
        pruning = {"min_probability": math.exp(MIN_LOGP), "beam_threshold": -BEAM_LOGP}
        core = rnn.Beam(width=request["width"], **language, **(pruning | request["options"])).bind(labels).core

    def decode(outputs: Any) -> str:
        return "".join(labels[i] for i in core.decode(outputs).labels).replace("␣", " ")

    return decode, lambda outputs: outputs


def pyctcdecode(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Callable[[Any], Any]]:
    import logging

    from pyctcdecode import build_ctcdecoder

    logging.disable(logging.WARNING)
    alphabet = [" " if label == "␣" else label for label in labels] + [""]
    words = (folder / "words.txt").read_text(encoding="utf-8").split()
    model = {"kenlm_model_path": str(folder / "lm.arpa"), "unigrams": words} if request["model"] == "ngram" else {}
    decoder = build_ctcdecoder(alphabet, alpha=WEIGHT, beta=BONUS, **model)
    width = max(request["width"], 1)

    def decode(logs: Any) -> str:
        return decoder.decode(logs, beam_width=width, beam_prune_logp=BEAM_LOGP, token_min_logp=MIN_LOGP)

    return decode, np.log


def flashlight(folder: Path, labels: list[str], request: dict[str, Any]) -> tuple[Decode, Callable[[Any], Any]]:
    from flashlight.lib.text import decoder as fl
    from flashlight.lib.text.decoder.kenlm import KenLM
    from flashlight.lib.text.dictionary import Dictionary, create_word_dict, pack_replabels  # noqa: F401

    blank, silence = len(labels), labels.index("␣")
    shared = {
        "beam_size": request["width"],
        "beam_size_token": len(labels) + 1,
        "beam_threshold": -BEAM_LOGP,
        "lm_weight": WEIGHT,
        "sil_score": 0.0,
        "log_add": True,
        "criterion_type": fl.CriterionType.CTC,
    }
    if request["model"] == "none":
        options = fl.LexiconFreeDecoderOptions(**shared)
        decoder = fl.LexiconFreeDecoder(options, fl.ZeroLM(), silence, blank, [])
    else:
        words = (folder / "words.txt").read_text(encoding="utf-8").split()
        lexicon = {word: [list(word) + ["␣"]] for word in words}
        dictionary = create_word_dict(lexicon)
        model = KenLM(str(folder / "lm.arpa"), dictionary) if request["model"] == "ngram" else fl.ZeroLM()
        trie = fl.Trie(len(labels) + 1, silence)
        start = model.start(False)
        for word in words:
            index = dictionary.get_index(word)
            score = model.score(start, index)[1]
            trie.insert([labels.index(c) for c in word] + [silence], index, score)
        trie.smear(fl.SmearingMode.MAX)
        options = fl.LexiconDecoderOptions(word_score=BONUS, unk_score=-math.inf, **shared)
        unknown = dictionary.get_index("<unk>")
        decoder = fl.LexiconDecoder(options, trie, model, silence, blank, unknown, [], False)

    def decode(logs: Any) -> str:
        found = decoder.decode(logs.ctypes.data, logs.shape[0], logs.shape[1])[0].tokens
        path = [unit for unit, before in zip(found[1:], found[:-1]) if unit != before]
        return "".join(labels[unit] for unit in path if 0 <= unit < blank).replace("␣", " ").strip()

    return decode, lambda outputs: np.log(outputs).astype(np.float32)


SYSTEMS = {"rnnlib": rnnlib, "pyctcdecode": pyctcdecode, "flashlight": flashlight}


def main() -> None:
    folder, request = Path(sys.argv[1]), json.loads(sys.argv[2])
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    decode, prepare = SYSTEMS[request["system"]](folder, labels, request)
    outputs = [prepare(one) for one in np.load(folder / f"{request['outputs']}.npy")[: request["count"]]]
    decode(outputs[0])  # fills tables
    start = time.perf_counter()
    texts = [decode(one) for one in outputs]
    print(json.dumps({"seconds": time.perf_counter() - start, "texts": texts}))


if __name__ == "__main__":
    main()
