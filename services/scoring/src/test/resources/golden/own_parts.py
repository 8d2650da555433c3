"""Which parts of a tokenizer.json lm-evaluation-harness splits texts otherwise than, by the class beside it.

    own_parts.py SUITE > own-parts.json

SUITE is the nano suite, whose tokenizer it is.
"""

import json
import sys
import tempfile
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoTokenizer, logging

TEXT = "hello cafe\u0301 2024  \u1112\u1161\u11ab \ufb01"
NFC = {"type": "NFC"}
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
OLDER = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False}
SPACED = BYTES | {"add_prefix_space": True}
DIGITS = {"type": "Digits", "individual_digits": True}

# Parts of the tokenizer.json that are others than the suite's.
PARTS = [
    {},
    {"pre_tokenizer": OLDER},
    {"normalizer": {"type": "Sequence", "normalizers": [NFC]}},
    {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [BYTES]}},
    {"normalizer": None},
    {"normalizer": {"type": "NFKC"}},
    {"pre_tokenizer": None},
    {"pre_tokenizer": SPACED},
    {"pre_tokenizer": BYTES | {"use_regex": False}},
    {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [DIGITS, BYTES]}},
    {"model": {"ignore_merges": True}},
]
CONFIGS = [
    None,
    {"tokenizer_class": "GPTNeoXTokenizer"},
    {"tokenizer_class": "GPTNeoXTokenizerFast", "add_prefix_space": True},
    {"tokenizer_class": "GPT2Tokenizer"},
    {"tokenizer_class": "PreTrainedTokenizerFast", "add_prefix_space": True},
]


def split(tokenizer):
    normalizer, splitter = tokenizer.normalizer, tokenizer.pre_tokenizer
    text = normalizer.normalize_str(TEXT) if normalizer else TEXT
    # Of a text that has that form already, so that the one part does not show in the other.
    plain = splitter.pre_tokenize_str("hello 2024  x") if splitter else None
    return {"normalizer": text, "pre_tokenizer": plain, "ignore_merges": tokenizer.model.ignore_merges}


def other(suite, parts, config):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tokenizer = json.loads((suite / "tokenizer.json").read_text())
        model = tokenizer["model"] | parts.get("model", {})
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer | parts | {"model": model}))
        (folder / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
        if config is not None:
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
        own = split(Tokenizer.from_file(str(folder / "tokenizer.json")))
        taken = split(AutoTokenizer.from_pretrained(folder)._tokenizer)
        return [key for key in own if own[key] != taken[key]]


def main():
    logging.set_verbosity_error()
    cases = [
        {"parts": parts, "config": config, "other": other(Path(sys.argv[1]), parts, config)}
        for config in CONFIGS
        for parts in PARTS
    ]
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
