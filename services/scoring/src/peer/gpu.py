"""Times lm-evaluation-harness and Castalia in float16 on one GPU, and compares both with float32.

    gpu.py --model DIR [--model DIR] --tasks T[:K],... --data DIR --limit N [--batch-sizes 32,128]

A task may have its number of shots after a colon. Of both only the model's work is timed, neither
loading nor reading and encoding the task; the harness's best fixed batch size counts. Several models
are taken one after another. Prints the card's rate of matrix products, and for each task both rates, the share of the matrix rate that
Castalia's tokens make use of, and how far each is from the harness in float32.
"""

import argparse
import gc
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import compare
import datasets
import harness
import torch


def main():
    asked = arguments()
    datasets.load_dataset = harness.from_folder(asked.data)
    peak = matrix_rate()
    name = torch.cuda.get_device_name()
    print(f"{name}: {peak / 1e12:.0f} TFLOP/s in float16 products of 8192", flush=True)
    for model in asked.model:
        print(f"\n{model}", flush=True)
        parameters = useful_parameters(model)
        for tasks, shots in by_shots(asked.tasks):
            measure(asked, model, tasks, shots, parameters, peak)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, action="append", required=True)
    parser.add_argument("--tasks", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--batch-sizes", default="32,128")
    parser.add_argument("--work", type=Path, default=Path("target/peer"))
    parser.add_argument("--castalia", type=Path, default=compare.HERE.parents[3] / "castalia")
    return parser.parse_args()


def by_shots(tasks):
    groups = {}
    for task in tasks.split(","):
        name, _, shots = task.partition(":")
        groups.setdefault(int(shots) if shots else None, []).append(name)
    return [(names, shots) for shots, names in groups.items()]


def matrix_rate(size=8192, rounds=20):
    """Operations a second."""
    a, b = (torch.randn(size, size, dtype=torch.float16, device="cuda") for _ in range(2))
    for _ in range(3):
        a @ b
    torch.cuda.synchronize()
    started = time.monotonic()
    for _ in range(rounds):
        a @ b
    torch.cuda.synchronize()
    return 2 * size**3 * rounds / (time.monotonic() - started)


def useful_parameters(model):
    """Of the matrices that every token goes through: neither embeddings nor their inverse."""
    config = json.loads((model / "config.json").read_text())
    return 12 * config["num_hidden_layers"] * config["hidden_size"] ** 2


def measure(asked, model, tasks, shots, parameters, peak):
    truth, _ = run_harness(asked, model, tasks, shots, "float32", 32)
    best = {}
    for size in map(int, asked.batch_sizes.split(",")):
        scores, seconds = run_harness(asked, model, tasks, shots, "float16", size)
        for task in tasks:
            if task not in best or seconds[task] < best[task][0]:
                best[task] = seconds[task], size, scores[task]
    ours, written = run_castalia(asked, model, tasks, shots)
    for task in tasks:
        count = len(truth[task])
        theirs, size, scores = best[task]
        seconds = written["speed"]["task_seconds"][task]
        tokens = written["speed"]["task_tokens"][task]
        print(
            f"{task:28}{shots or 0:2} shots {count:5} documents: lm_eval {count / theirs:8.1f}/s"
            f" (batch {size}), castalia {count / seconds:8.1f}/s, {theirs / seconds:.2f} times;"
            f" {2 * tokens * parameters / seconds / peak:.1%} of the matrix rate; worst relative"
            f" log-likelihood {worst(truth[task], scores):.1e} and {worst(truth[task], ours[task]):.1e},"
            f" answers {answers(truth[task], scores)} and {answers(truth[task], ours[task])} differ",
            flush=True,
        )


def run_harness(asked, model, tasks, shots, dtype, batch):
    """The samples of each task by document, and the seconds that each took."""
    import lm_eval
    from lm_eval.models.huggingface import HFLM

    lm = HFLM(pretrained=str(model), dtype=dtype, device="cuda", batch_size=batch)
    samples, seconds = {}, {}
    for task in tasks:
        clock = Clock(lm._loglikelihood_tokens)
        lm._loglikelihood_tokens = clock
        found = lm_eval.simple_evaluate(
            lm, tasks=[task], num_fewshot=shots, limit=asked.limit, bootstrap_iters=0
        )
        lm._loglikelihood_tokens = clock.function
        seconds[task] = clock.seconds
        logged = json.loads(json.dumps(found["samples"][task], default=str))
        samples[task] = {sample["doc_id"]: sample for sample in logged}
    del lm
    gc.collect()
    torch.cuda.empty_cache()
    return samples, seconds


class Clock:
    """A function, and the seconds spent in it, the card's included."""

    def __init__(self, function):
        self.function = function
        self.seconds = 0

    def __call__(self, *args, **kwargs):
        torch.cuda.synchronize()
        started = time.monotonic()
        result = self.function(*args, **kwargs)
        torch.cuda.synchronize()
        self.seconds += time.monotonic() - started
        return result


def run_castalia(asked, model, tasks, shots):
    out = asked.work / "gpu"
    shutil.rmtree(out, ignore_errors=True)
    command = [asked.castalia, "score", "--model", model, "--tasks", ",".join(tasks)]
    command += ["--task-path", compare.harness_tasks(), "--data-path", asked.data, "--output", out]
    command += ["--limit", asked.limit, "--dtype", "float16", "--device", "cuda", "--log-samples"]
    if shots is not None:
        command += ["--num-fewshot", shots]
    if subprocess.run([str(part) for part in command]).returncode:
        sys.exit("castalia score failed")
    run = compare.Run(out)
    return run.samples, run.content


def worst(truth, found):
    return max(
        abs(a[0] - b[0]) / max(abs(a[0]), 1e-9)
        for document, sample in truth.items()
        for a, b in zip(compare.responses(sample), compare.responses(found[document]))
    )


def answers(truth, found):
    """Documents on which a metric differs, whether choices tie or not."""
    return sum(
        any(sample[metric] != found[document][metric] for metric in sample["metrics"] if "acc" in metric)
        for document, sample in truth.items()
    )


if __name__ == "__main__":
    main()
