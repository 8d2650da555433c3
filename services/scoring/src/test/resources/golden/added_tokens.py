"""What lm-evaluation-harness adds to every text, by what a tokenizer.json says of it and the class beside it.

    added_tokens.py SUITE > added-tokens.json

SUITE is the nano suite, whose tokenizer it is: <|endoftext|> is 0.
"""

import json
import sys
import tempfile
from pathlib import Path

from transformers import AutoTokenizer, logging

BEGINNING = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}},
}
ENDING = BEGINNING | {"single": BEGINNING["single"][::-1]}
NOTHING = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}

# post_processor of the tokenizer.json; tokenizer_config.json, None where there is no such file.
CASES = [
    (BEGINNING, None),
    (BEGINNING, {}),
    (BEGINNING, {"tokenizer_class": None}),
    (BEGINNING, {"tokenizer_class": "GPTNeoXTokenizer"}),
    (BEGINNING, {"tokenizer_class": "GPTNeoXTokenizerFast"}),
    (BEGINNING, {"tokenizer_class": "PreTrainedTokenizerFast"}),
    (BEGINNING, {"tokenizer_class": "TokenizersBackend"}),
    (BEGINNING, {"tokenizer_class": "GPT2Tokenizer"}),
    (BEGINNING, {"tokenizer_class": "LlamaTokenizer"}),
    (BEGINNING, {"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": False}),
    (ENDING, {"tokenizer_class": "GPTNeoXTokenizer"}),
    (ENDING, {"tokenizer_class": "PreTrainedTokenizerFast"}),
    (NOTHING, {"tokenizer_class": "PreTrainedTokenizerFast"}),
    (None, {"tokenizer_class": "PreTrainedTokenizerFast"}),
]


def added(suite, processor, config):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tokenizer = json.loads((suite / "tokenizer.json").read_text()) | {"post_processor": processor}
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
        (folder / "config.json").write_text(json.dumps({"model_type": "gpt_neox"}))
        if config is not None:
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
        # As HFLM.tok_encode.
        return AutoTokenizer.from_pretrained(folder).encode("")


def main():
    logging.set_verbosity_error()
    cases = [
        {"processor": processor, "config": config, "added": added(Path(sys.argv[1]), processor, config)}
        for processor, config in CASES
    ]
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
