"""Which token lm-evaluation-harness takes for an empty context, by the files beside a tokenizer.json.

    prefix_tokens.py SUITE > prefix-tokens.json

SUITE is the nano suite, whose tokenizer it is: <|endoftext|> is 0, A 33, B 34.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from transformers import AutoTokenizer, logging

FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
NEOX = {"tokenizer_class": "GPTNeoXTokenizer"}
A = {"bos_token": "A"}
B = {"eos_token": "B"}
OBJECT = {"content": "A", "lstrip": False, "rstrip": False, "normalized": False}

# tokenizer_config.json and special_tokens_map.json; None where there is no such file.
CASES = [
    (None, None),
    (None, A),
    (A, None),
    (FAST, None),
    (FAST | A, None),
    (FAST | B, None),
    (FAST | A | B, None),
    (FAST | {"bos_token": None} | B, None),
    (FAST | {"bos_token": ""} | B, None),
    (FAST | {"bos_token": {"__type": "AddedToken"} | OBJECT}, None),
    (FAST, {"bos_token": OBJECT}),
    (FAST | A, {"bos_token": "B"}),
    (FAST | A, {"bos_token": None} | B),
    (FAST | A | {"added_tokens_decoder": {}}, {"bos_token": "B"}),
    (FAST | {"added_tokens_decoder": {}}, A),
    (NEOX, None),
    (NEOX | B, None),
    (NEOX | {"bos_token": None} | B, None),
    ({"tokenizer_class": None, "bos_token": None, "eos_token": None}, None),
    ({"tokenizer_class": "GPTNeoXTokenizerFast"} | B, None),
    ({"tokenizer_class": "GPT2Tokenizer"}, None),
    ({"tokenizer_class": "GPT2TokenizerFast"}, None),
    ({"tokenizer_class": "LlamaTokenizer"}, None),
    ({"tokenizer_class": "TokenizersBackend"} | A, None),
]


def prefix_token(suite, config, special):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        shutil.copy(suite / "tokenizer.json", folder)
        (folder / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
        for name, content in (("tokenizer_config", config), ("special_tokens_map", special)):
            if content is not None:
                (folder / f"{name}.json").write_text(json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        # As HFLM.prefix_token_id.
        if tokenizer.bos_token_id is not None:
            return tokenizer.bos_token_id
        return tokenizer.eos_token_id


def main():
    logging.set_verbosity_error()
    cases = [
        {"config": config, "special": special, "prefix": prefix_token(Path(sys.argv[1]), config, special)}
        for config, special in CASES
    ]
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
