"""Writes one small GPT-NeoX model in the forms that checkpoints come in.

    python torch_files.py FOLDER

Needs torch, safetensors and transformers. The buffers beside the weights are those that older
versions of transformers saved.
"""

import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

CONFIG = GPTNeoXConfig(
    vocab_size=24, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
    intermediate_size=32, max_position_embeddings=16, rotary_pct=0.25,
    bos_token_id=0, eos_token_id=0, use_parallel_residual=True, initializer_range=0.3)
BUFFERS = {
    "attention.bias": torch.tril(torch.ones(16, 16, dtype=torch.bool)).view(1, 1, 16, 16),
    "attention.masked_bias": torch.tensor(-1e9),
    "attention.rotary_emb.inv_freq": torch.tensor([1.0, 0.01]),
}


def model(dtype):
    torch.manual_seed(7)
    model = GPTNeoXForCausalLM(CONFIG)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(parameter, std=0.3)
    return model.to(dtype)


def state_dict(model):
    """Under the names that files have; transformers 5 has another one in memory."""
    state = model.state_dict()
    state["embed_out.weight"] = state.pop("lm_head.weight")
    return state


def with_buffers(state):
    state = OrderedDict(state)
    for layer in range(CONFIG.num_hidden_layers):
        for name, buffer in BUFFERS.items():
            state[f"gpt_neox.layers.{layer}.{name}"] = buffer
    return state


def write_config(folder):
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "hidden_act": "gelu",
        "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 32, "vocab_size": 24, "max_position_embeddings": 16,
        "rotary_pct": 0.25, "rotary_emb_base": 10000, "layer_norm_eps": 1e-05,
        "use_parallel_residual": True, "tie_word_embeddings": False,
        "bos_token_id": 0, "eos_token_id": 0}))


def expected(model):
    """Log-probabilities of the tokens after each of a row, computed in float32."""
    row = torch.tensor([[5, 9, 1, 23, 7, 7, 2, 18, 11, 0, 3]])
    with torch.no_grad():
        logs = torch.log_softmax(model.float()(row[:, :-1]).logits, -1)[0]
    return {"row": row[0].tolist(), "log_probabilities": logs.gather(1, row[0, 1:, None])[:, 0].tolist()}


def main(root):
    for dtype, name in ((torch.float32, "f32"), (torch.float16, "f16"), (torch.bfloat16, "bf16")):
        one = root / name / "safetensors"
        one.mkdir(parents=True)
        write_config(one)
        (root / name / "expected.json").write_text(json.dumps(expected(model(dtype))))
        state = state_dict(model(dtype))
        save_file({key: value.contiguous() for key, value in state.items()}, one / "model.safetensors")
        torch_file = root / name / "torch"
        torch_file.mkdir()
        write_config(torch_file)
        # state_dict() carries _metadata, which the pickle then has too.
        for key, buffer in list(with_buffers({}).items()):
            state[key] = buffer
        torch.save(state, torch_file / "pytorch_model.bin")

    shards = root / "f32" / "torch-shards"
    shards.mkdir()
    write_config(shards)
    state = with_buffers(state_dict(model(torch.float32)))
    names = sorted(state)
    weight_map = {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file = f"pytorch_model-{number:05d}-of-00002.bin"
        torch.save({key: state[key] for key in part}, shards / file)
        weight_map.update({key: file for key in part})
    total = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
    (shards / "pytorch_model.bin.index.json").write_text(
        json.dumps({"metadata": {"total_size": total}, "weight_map": weight_map}))

    shards = root / "f32" / "safetensors-shards"
    model(torch.float32).save_pretrained(shards, max_shard_size="8KB")
    write_config(shards)
    (shards / "generation_config.json").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
