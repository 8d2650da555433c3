"""Of which files lm-evaluation-harness makes other tokens than their tokenizer.json alone, by the tokens they add.

    added_vocabulary.py SUITE > added-vocabulary.json

SUITE is the nano suite, whose tokenizer it is: <|endoftext|> is 0, A 33, B 34; it has 768 tokens, and here two more.
"""

import json
import sys
import tempfile
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoTokenizer, logging

TEXT = "the dog   ran <x> home<x>cafe\u0301<e\u0301>  <pad> <z>x<|endoftext|>y"
PLAIN = {"single_word": False, "lstrip": False, "rstrip": False}
END = {"content": "<|endoftext|>", "normalized": False, "special": True} | PLAIN
BLANKS = {"content": "   ", "normalized": True, "special": False} | PLAIN
MARK = {"content": "<x>", "normalized": False, "special": False} | PLAIN
ADDED = {"0": END, "768": BLANKS, "769": MARK}

FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
NEOX = {"tokenizer_class": "GPTNeoXTokenizer"}
GPT2 = {"tokenizer_class": "GPT2Tokenizer"}


def decoder(**changes):
    tokens = {key: changes.get("t" + key, token) for key, token in ADDED.items()}
    return {"added_tokens_decoder": {key: token for key, token in tokens.items() if token is not None}}


SPARSE = {"content": "<x>", "normalized": False}
# tokenizer_config.json, special_tokens_map.json and added_tokens.json; None where there is no such file.
CASES = [
    (None, None, None),
    (NEOX, None, None),
    *[(kind | decoder(), None, None) for kind in (FAST, NEOX, GPT2)],
    *[(kind | decoder(t769=SPARSE), None, None) for kind in (FAST, NEOX)],
    *[(kind | decoder(t768=None), None, None) for kind in (FAST, NEOX, GPT2)],
    *[(kind | {"added_tokens_decoder": {}}, None, None) for kind in (FAST, NEOX)],
    *[
        (kind | decoder(t769=MARK | {flag: True}), None, None)
        for kind in (FAST, NEOX)
        for flag in ("lstrip", "rstrip", "single_word")
    ],
    *[(kind | decoder(t769=MARK | {"content": "<z>"}), None, None) for kind in (FAST, NEOX)],
    (NEOX | decoder(t769=MARK | {"special": True}), None, None),
    (NEOX | {"pad_token": "<x>"}, None, None),
    *[(kind | {"pad_token": "<pad>"}, None, None) for kind in (FAST, NEOX)],
    (NEOX | {"pad_token": None, "mask_token": ""}, None, None),
    (NEOX | {"sep_token": {"__type": "AddedToken"} | MARK}, None, None),
    (NEOX | {"image_token": "<pad>", "add_bos_token": False}, None, None),
    *[(kind | {"additional_special_tokens": ["<x>", "<pad>"]}, None, None) for kind in (FAST, NEOX)],
    (NEOX | {"extra_special_tokens": {"image_token": "<pad>"}}, None, None),
    (NEOX | {"extra_special_tokens": ["<x>"]}, None, None),
    (NEOX, {"pad_token": "<pad>"}, None),
    (NEOX, {"pad_token": MARK}, None),
    (NEOX, {"additional_special_tokens": ["<pad>"]}, None),
    (NEOX | {"pad_token": "<pad>"}, {"pad_token": "<x>"}, None),
    (NEOX | decoder(), {"pad_token": "<pad>"}, None),
    (NEOX, None, {"<x>": 769, "   ": 768}),
    *[(kind, None, {"<pad>": 770}) for kind in (None, FAST, NEOX)],
    (NEOX | decoder(), None, {"<pad>": 770}),
]


def added_tokens():
    return [{"id": int(key)} | token for key, token in ADDED.items()]


def same(suite, *beside):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tokenizer = json.loads((suite / "tokenizer.json").read_text())
        tokenizer["added_tokens"] = added_tokens()
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
        (folder / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
        for name, content in zip(("tokenizer_config", "special_tokens_map", "added_tokens"), beside):
            if content is not None:
                (folder / f"{name}.json").write_text(json.dumps(content))
        own = Tokenizer.from_file(str(folder / "tokenizer.json"))
        if (beside[0] or {}).get("tokenizer_class") == "GPT2Tokenizer":
            own.normalizer = None
        taken = AutoTokenizer.from_pretrained(folder)
        return own.encode(TEXT, add_special_tokens=False).ids == taken.encode(TEXT, add_special_tokens=False)


def main():
    logging.set_verbosity_error()
    names = ("config", "special", "added")
    cases = [dict(zip(names, case)) | {"same": same(Path(sys.argv[1]), *case)} for case in CASES]
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"tokens": {json.dumps(added_tokens())},\n"cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
