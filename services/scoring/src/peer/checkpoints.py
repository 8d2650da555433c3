"""Makes GPT-NeoX checkpoints of Pythia's shapes, as transformers and older tools wrote them.

    checkpoints.py make --shape 14m --tokenizer 20B_tokenizer.json [--steps 40 --text FILE] OUT
    checkpoints.py rewrite --dtype F16 --format bin-sharded IN OUT

"make" draws random weights and, given steps, trains them for a short while on a JSON Lines file, so
that probabilities are not all alike. "rewrite" stores a checkpoint in another type and form.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

END_OF_TEXT = "<|endoftext|>"
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
FORMATS = ["safetensors", "safetensors-sharded", "bin", "bin-sharded"]
# name: width, layers, heads
SHAPES = {
    "14m": (128, 6, 4),
    "70m": (512, 6, 8),
    "160m": (768, 12, 12),
    "410m": (1024, 24, 16),
    "1.4b": (2048, 24, 16),
}


def make(shape, seed):
    torch.manual_seed(seed)
    width, layers, heads = SHAPES[shape]
    config = GPTNeoXConfig(
        vocab_size=50304,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * width,
        max_position_embeddings=2048,
        rotary_pct=0.25,
        bos_token_id=0,
        eos_token_id=0,
    )
    return GPTNeoXForCausalLM(config)


def train(model, tokenizer_file, text, steps, batch, length, rate):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    stream = []
    for line in text.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        stream += [0, *tokenizer.encode(document.get("page") or document["text"]).ids]
    tokens = torch.tensor(stream, device=model.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95))
    torch.set_float32_matmul_precision("high")
    model.train()
    for step in range(steps):
        starts = torch.randint(len(tokens) - length, (batch,)).tolist()
        rows = torch.stack([tokens[start : start + length] for start in starts])
        loss = model(rows, labels=rows).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        print(f"step {step + 1}: {loss.item():.3f}", flush=True)
    model.eval().cpu()


def old_buffers(model):
    """What transformers kept in files of Pythia's time and no longer reads."""
    config = model.config
    rotated = int(config.hidden_size // config.num_attention_heads * 0.25)
    context = config.max_position_embeddings
    triangle = torch.ones(context, context, dtype=torch.uint8).tril().view(1, 1, context, context)
    frequencies = 1.0 / 10000 ** (torch.arange(0, rotated, 2).float() / rotated)
    for layer in range(config.num_hidden_layers):
        name = f"gpt_neox.layers.{layer}.attention."
        yield name + "bias", triangle.clone()
        yield name + "masked_bias", torch.tensor(-1e9)
        yield name + "rotary_emb.inv_freq", frequencies.clone()


def store(model, out, dtype, form, buffers):
    out.mkdir(parents=True, exist_ok=True)
    # Files have the output projection under the name that GPT-NeoX gave it.
    state = {
        name.replace("lm_head.", "embed_out."): value.to(DTYPES[dtype])
        for name, value in model.state_dict().items()
    }
    if buffers:
        state |= dict(old_buffers(model))
    shard = sum(value.nbytes for value in state.values())
    if form.endswith("sharded"):
        shard = max(shard // 3, max(value.nbytes for value in state.values()))
    save_torch_state_dict(
        state, out, max_shard_size=shard, safe_serialization=form.startswith("safetensors")
    )
    kept = (
        "vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_act"
        " max_position_embeddings layer_norm_eps use_parallel_residual tie_word_embeddings"
        " initializer_range use_cache bos_token_id eos_token_id"
    )
    config = {
        "architectures": ["GPTNeoXForCausalLM"],
        "model_type": "gpt_neox",
        "rotary_pct": 0.25,
        "rotary_emb_base": 10000,
        "torch_dtype": str(DTYPES[dtype]).removeprefix("torch."),
    } | {key: getattr(model.config, key) for key in kept.split()}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def with_tokenizer(tokenizer, out):
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    special = {name: END_OF_TEXT for name in ("bos_token", "eos_token", "unk_token")}
    (out / "special_tokens_map.json").write_text(json.dumps(special) + "\n")
    special |= {"add_prefix_space": False, "tokenizer_class": "PreTrainedTokenizerFast"}
    (out / "tokenizer_config.json").write_text(json.dumps(special) + "\n")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    maker = commands.add_parser("make")
    maker.add_argument("--shape", choices=SHAPES, required=True)
    maker.add_argument("--tokenizer", type=Path, required=True)
    maker.add_argument("--seed", type=int, default=0)
    maker.add_argument("--steps", type=int, default=0)
    maker.add_argument("--text", type=Path, help="JSON Lines with a column page or text")
    maker.add_argument("--batch", type=int, default=8)
    maker.add_argument("--length", type=int, default=256)
    maker.add_argument("--rate", type=float, default=1e-3)
    maker.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    rewriter = commands.add_parser("rewrite")
    rewriter.add_argument("source", type=Path)
    for command in (maker, rewriter):
        command.add_argument("--dtype", choices=DTYPES, default="F32")
        command.add_argument("--format", choices=FORMATS, default="safetensors")
        command.add_argument("--old-buffers", action="store_true")
        command.add_argument("out", type=Path)
    asked = parser.parse_args()
    if asked.command == "make":
        if asked.steps and not asked.text:
            maker.error("--steps needs a --text to train on")
        for file in filter(None, (asked.tokenizer, asked.text)):
            if not file.is_file():
                maker.error(f"{file} is not a file")
    elif not (asked.source / "config.json").is_file():
        rewriter.error(f"{asked.source} has no config.json: not a checkpoint")
    return asked


def main():
    asked = arguments()
    if asked.command == "make":
        with torch.device(asked.device):
            model = make(asked.shape, asked.seed)
        tokenizer = asked.tokenizer
        if asked.steps:
            train(
                model, tokenizer, asked.text, asked.steps, asked.batch, asked.length, asked.rate
            )
    else:
        model = GPTNeoXForCausalLM.from_pretrained(asked.source, dtype=torch.float32)
        tokenizer = asked.source / "tokenizer.json"
    store(model, asked.out, asked.dtype, asked.format, asked.old_buffers)
    with_tokenizer(tokenizer, asked.out)


if __name__ == "__main__":
    main()
