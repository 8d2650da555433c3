"""Scores checkpoints with lm-evaluation-harness and Castalia, and compares all that they wrote.

    compare.py --model DIR --tasks T,... --data DIR [--task-path DIR] [--num-fewshot K] [--limit N]
               [--dtype D [--truth D]] [--device cuda]

Prints a line for each task: documents, prompts that differ, the largest relative difference of a
log-likelihood, answers that differ though no two choices tie, and metrics and standard errors that
differ. Files are found, and tables made of them, by the harness's own functions, and the tables'
rows compared. Exits with 1 if anything differs. What the harness wrote is kept below --work, and not
computed again for the same checkpoint and options.
"""

import argparse
import hashlib
import itertools
import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import lm_eval
from lm_eval import utils

HERE = Path(__file__).resolve().parent
# How far log-likelihoods may be apart, and how close two choices tie, relative.
LIKELIHOOD = {"float32": 1e-3, "float16": 1e-2}
TIE = {"float32": 1e-4, "float16": 2e-2}
METRIC = 1e-4
ROUNDING = 1e-6
NAME = "tokenizer.json"


def main():
    asked = arguments()
    wrong = 0
    for model in asked.model:
        peer, ours = folders(asked, model)
        if not list(peer.rglob("results_*.json")):
            run_harness(asked, model, peer)
        status = run_castalia(asked, [model], ours)
        if status:
            print(f"castalia score ended with {status}")
            wrong += 1
        wrong += compare(model, asked.dtype, Run(peer), Run(ours))
    sys.exit(1 if wrong else 0)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int)
    parser.add_argument("--batch-size", default="16", help="of the harness")
    parser.add_argument("--truth", help="what the harness computes in; --dtype unless given")
    return parsed(parser)


def parsed(parser):
    parser.add_argument("--model", type=Path, action="append", required=True)
    parser.add_argument("--tasks", required=True)
    parser.add_argument("--task-path", type=Path, help="the harness's own unless given")
    parser.add_argument("--data", type=Path, help="<dataset_path>/<name>/<split>.jsonl")
    parser.add_argument("--num-fewshot", type=int)
    parser.add_argument("--dtype", choices=LIKELIHOOD, default="float32")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--work", type=Path, default=Path("target/peer"))
    parser.add_argument("--castalia", type=Path, default=HERE.parents[3] / "castalia")
    asked = parser.parse_args()
    asked.truth = getattr(asked, "truth", None) or asked.dtype
    return asked


def folders(asked, model):
    options = [model.resolve(), asked.tasks, asked.task_path, asked.num_fewshot, asked.limit]
    options += [asked.truth, asked.device]
    key = hashlib.sha256(repr([str(option) for option in options]).encode()).hexdigest()[:12]
    return asked.work / "harness" / key, asked.work / "castalia" / key


def common(asked):
    options = ["--tasks", asked.tasks, "--log_samples"]
    if asked.num_fewshot is not None:
        options += ["--num_fewshot", str(asked.num_fewshot)]
    if asked.limit is not None:
        options += ["--limit", str(asked.limit)]
    return options


def run_harness(asked, model, out):
    data = (asked.data or Path(".")).resolve()
    options = common(asked)
    if asked.task_path:
        options += ["--include_path", str(asked.task_path.resolve())]
    command = [sys.executable, str(HERE / "harness.py"), str(data), "run", "--model", "hf"]
    names = f"pretrained={model.resolve()},tokenizer={tokenizer(model, out)},dtype={asked.truth}"
    command += ["--model_args", names, "--device", asked.device]
    command += ["--batch_size", asked.batch_size, "--output_path", str(out.resolve()), *options]
    environment = os.environ | {"HF_HOME": str((asked.work / "cache").resolve())}
    log = out / "log"
    with log.open("wb") as file:
        ended = subprocess.run(
            command, cwd=asked.task_path, env=environment, stdout=file, stderr=subprocess.STDOUT
        )
    if ended.returncode:
        sys.exit(f"lm_eval ended with {ended.returncode}; its last words are in {log}")


def tokenizer(model, out):
    """A folder for transformers with the tokenizer that lies in the checkpoint's or above it."""
    out.mkdir(parents=True, exist_ok=True)
    folder = next(at for at in [model.resolve(), *model.resolve().parents] if (at / NAME).exists())
    if folder == model.resolve():
        return folder
    shutil.copyfile(folder / NAME, out / NAME)
    (out / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>"})
    )
    return out.resolve()


def run_castalia(asked, models, out):
    shutil.rmtree(out, ignore_errors=True)
    options = [part.replace("_", "-") if part.startswith("--") else part for part in common(asked)]
    options += ["--task-path", str(asked.task_path or harness_tasks())]
    if asked.data:
        options += ["--data-path", str(asked.data)]
    options += ["--dtype", asked.dtype, "--device", asked.device]
    command = [asked.castalia, "score", "--output", out, *options]
    for model in models:
        command += ["--model", model]
    return subprocess.run([str(part) for part in command]).returncode


def harness_tasks():
    return Path(lm_eval.__file__).parent / "tasks"


def written(out, model):
    """Where Castalia writes what a model scored."""
    return out / re.sub(r'["<>:/|\\?*\[\]]+', "__", str(model))


class Run:
    """What one program wrote."""

    def __init__(self, folder):
        files = [str(file) for file in folder.rglob("*.json*")]
        written = utils.get_results_filenames(files)
        self.content = {"results": {}, "versions": {}}
        if written:
            newest = Path(utils.get_latest_filename(written))
            self.content = json.loads(newest.read_text(encoding="utf-8"))
        self.scores = self.content["results"]
        self.samples = {}
        for file in sorted(utils.get_sample_results_filenames(files)):
            lines = Path(file).read_text(encoding="utf-8").split("\n")
            samples = [json.loads(line) for line in lines if line]
            task = utils.get_file_task_name(Path(file).name)
            self.samples[task] = {sample["doc_id"]: sample for sample in samples}

    def rows(self):
        """Of the harness's tables, without the numbers."""
        for column in ("results", "groups"):
            if column in self.content:
                for line in utils.make_table(self.content, column).splitlines():
                    yield tuple(cell.strip(" -:") for cell in line.split("|")[1:7])


def compare(model, dtype, peer, ours):
    print(model)
    print(f"{'task':44}{'docs':>6}{'prompts':>9}{'worst ll':>10}{'answers':>9}{'metrics':>9}")
    wrong = 0
    for task, scores in peer.scores.items():
        difference = Difference(task, dtype, peer, ours)
        print(difference)
        wrong += difference.any
    for row, found in itertools.zip_longest(peer.rows(), ours.rows(), fillvalue=("no such row",)):
        # Of groups of groups the harness tells neither shots nor direction.
        if any(a and a != b for a, b in itertools.zip_longest(row, found)):
            print(f"table: {row} but {found}")
            wrong += 1
    return wrong


class Difference:
    """How one task's scores differ."""

    def __init__(self, task, dtype, peer, ours):
        self.task = task
        self.dtype = dtype
        self.details = []
        self.prompts = 0
        self.answers = 0
        self.worst = 0.0
        self.tied = {}
        expected = peer.samples.get(task, {})
        found = ours.samples.get(task, {})
        self.documents = len(expected)
        if expected.keys() != found.keys():
            self.details.append(f"{len(found)} documents instead of {len(expected)}")
        for document in expected.keys() & found.keys():
            self.sample(document, expected[document], found[document])
        self.metrics = 0
        self.wrong_metrics = 0
        for metric, value in peer.scores[task].items():
            if "," in metric:
                self.metric(metric, value, ours.scores.get(task, {}).get(metric))

    def sample(self, document, expected, found):
        if prompts(expected) != prompts(found):
            self.prompts += 1
            self.detail("prompt", document, prompts(expected), prompts(found))
            return
        for key in ("target", "doc_hash", "prompt_hash", "target_hash"):
            if expected.get(key) != found.get(key):
                self.detail(key, document, expected.get(key), found.get(key))
        theirs = responses(expected)
        if len(theirs) != len(responses(found)):
            self.detail("responses", document, len(theirs), len(responses(found)))
            return
        for a, b in zip(theirs, responses(found)):
            self.worst = max(self.worst, abs(a[0] - b[0]) / max(abs(a[0]), 1e-9))
            # In float16 the likeliest token may be another, where two are as likely.
            if a[1:] != b[1:] and self.dtype == "float32":
                self.detail("greedy", document, a, b)
        likelihoods = [likelihood for likelihood, *_ in theirs]
        tie = ties(likelihoods, expected, TIE[self.dtype])
        # A difference of two large numbers is as exact as they are.
        slack = ROUNDING * max(map(abs, likelihoods), default=0)
        for metric in expected["metrics"]:
            a, b = expected.get(metric), found.get(metric)
            if not equal(a, b, LIKELIHOOD[self.dtype], slack):
                if tie:
                    self.tied[metric] = self.tied.get(metric, 0) + 1
                else:
                    self.answers += 1
                    self.detail(metric, document, a, b)

    def metric(self, name, expected, found):
        self.metrics += 1
        tied = self.tied.get(name.split(",")[0].removesuffix("_stderr"), 0)
        if not equal(expected, found, METRIC) and not (
            tied and isinstance(found, float) and abs(expected - found) <= tied / self.documents
        ):
            self.wrong_metrics += 1
            self.details.append(f"{name}: {expected} but {found}")

    def detail(self, what, document, expected, found):
        if len(self.details) < 3:
            self.details.append(f"document {document}, {what}: {expected!r} but {found!r}")

    @property
    def any(self):
        return bool(self.details) or self.worst > LIKELIHOOD[self.dtype]

    def __str__(self):
        line = (
            f"{self.task:44}{self.documents:6}{self.prompts:9}{self.worst:10.1e}{self.answers:9}"
            f"{self.wrong_metrics:5}/{self.metrics:<3}{'  DIFFERS' if self.any else ''}"
        )
        if self.tied:
            line += f"  (ties: {self.tied})"
        return "\n    ".join([line, *self.details])


def prompts(sample):
    asked = sample["arguments"]
    asked = list(asked.values()) if isinstance(asked, dict) else asked
    return [list(one.values()) if isinstance(one, dict) else list(one) for one in asked]


def responses(sample):
    """Log-likelihoods, each with whether greedy decoding agrees if that is known."""
    flat = []
    for response in sample["resps"]:
        response = response[0]
        parts = response if isinstance(response, list) else [response]
        flat.append([float(parts[0]), *[str(part) for part in parts[1:]]])
    return flat


def ties(likelihoods, sample, tolerance):
    """Whether the best two choices are too close to tell, as they are or by length."""
    lengths = [len(str(prompt[-1])) for prompt in prompts(sample)]
    normed = [likelihood / max(length, 1) for likelihood, length in zip(likelihoods, lengths)]
    for scores in (likelihoods, normed):
        best = sorted(scores)[-2:]
        if len(best) == 2 and best[1] - best[0] <= tolerance * abs(best[1]):
            return True
    return False


def equal(a, b, tolerance, slack=1e-9):
    if isinstance(a, bool | int | float) and isinstance(b, bool | int | float):
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=slack) or (a != a and b != b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal(x, y, tolerance, slack) for x, y in zip(a, b))
    return a == b


if __name__ == "__main__":
    main()
