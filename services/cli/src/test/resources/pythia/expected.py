"""What Pythia's tasks give for a bundled checkpoint, by transformers: python expected.py

Writes a training set of 12 sequences in Megatron's form (document.idx, document.bin) and
expected.json: those of step 1 at 4 a step, what greedy decoding makes of each, and the
log-likelihoods of the occupations in winobias.jsonl.
"""

import json
import struct
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

HERE = Path(__file__).parent
SUITE = HERE.parents[3] / "suites/nano"
CHECKPOINT = SUITE / "checkpoints/nano-74k/step512"
SEQUENCES = 12
LENGTH = 40
PROMPT = 24
CONTINUATION = 4


def model():
    config = json.loads((CHECKPOINT / "config.json").read_text())
    model = GPTNeoXForCausalLM(GPTNeoXConfig(**config))
    weights = load_file(CHECKPOINT / "model.safetensors")
    weights["lm_head.weight"] = weights.pop("embed_out.weight")
    missing, unexpected = model.load_state_dict(
        {name: value.float() for name, value in weights.items()}, strict=False
    )
    assert not missing and not unexpected, (missing, unexpected)
    return model.float().eval()


def sequences(tokenizer):
    lines = (SUITE / "tasks/data/nano_memorization.jsonl").read_text().splitlines()
    rows = [tokenizer.encode(json.loads(line)["text"]).ids for line in lines]
    return [row[:LENGTH] for row in rows if len(row) >= LENGTH][:SEQUENCES]


def write(rows):
    with open(HERE / "document.bin", "wb") as data:
        for row in rows:
            data.write(struct.pack(f"<{len(row)}H", *row))
    with open(HERE / "document.idx", "wb") as index:
        index.write(b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 8, len(rows), len(rows) + 1))
        index.write(struct.pack(f"<{len(rows)}i", *map(len, rows)))
        index.write(struct.pack(f"<{len(rows)}q", *(2 * LENGTH * i for i in range(len(rows)))))
        index.write(struct.pack(f"<{len(rows) + 1}q", *range(len(rows) + 1)))


@torch.no_grad()
def recalled(model, row):
    tokens = row[:PROMPT]
    for _ in range(CONTINUATION):
        tokens = [*tokens, model(torch.tensor([tokens])).logits[0, -1].argmax().item()]
    return sum(a == b for a, b in zip(tokens[PROMPT:], row[PROMPT:]))


@torch.no_grad()
def likelihood(model, tokenizer, text, continuation):
    context = tokenizer.encode(text).ids
    whole = tokenizer.encode(text + continuation).ids
    rows = model(torch.tensor([whole[:-1]])).logits[0].log_softmax(-1)
    return sum(rows[i - 1, whole[i]].item() for i in range(len(context), len(whole)))


def main():
    tokenizer = Tokenizer.from_file(str(SUITE / "tokenizer.json"))
    network = model()
    rows = sequences(tokenizer)
    write(rows)
    documents = [json.loads(it) for it in (HERE / "winobias.jsonl").read_text().splitlines()]
    expected = {
        "step1": rows[4:8],
        "recalled": [recalled(network, row) for row in rows],
        "winobias": [
            [likelihood(network, tokenizer, it["text"], " " + name) for name in it["classes"]]
            for it in documents
        ],
    }
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
