"""Times lm-evaluation-harness and Castalia on the same checkpoint, tasks and documents, in turn.

    timing.py --model DIR --tasks T --limit N [--num-fewshot K] [--batch-sizes 1,8,32] --data DIR

Whole processes are timed, twice each: with one document a task, which is starting and loading, and
with N. What lies between is N - 1 documents a task. The harness runs at each fixed batch size, and
its best counts. Whether the results are equal is what compare.py says.
"""

import argparse
import copy
import shutil
import time
from pathlib import Path

import compare


def main():
    asked = arguments()
    print(f"{'':24}{'start and load, s':>18}{'all, s':>10}{'documents/s':>13}")
    rates = {
        size: measure(asked, f"lm_eval, batch {size}", compare.run_harness, size)
        for size in asked.batch_sizes.split(",")
    }
    best = max(rates.values())
    ours = measure(asked, "castalia", compare.run_castalia, "1")
    print(f"{ours / best:.2f} times the harness's documents per second")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--batch-sizes", default="1,8,32")
    return compare.parsed(parser)


def measure(asked, name, run, batch_size):
    one, loading = timed(asked, run, batch_size, 1)
    all_documents, whole = timed(asked, run, batch_size, asked.limit)
    rate = (all_documents - one) / (whole - loading)
    print(f"{name:24}{loading:18.1f}{whole:10.1f}{rate:13.2f}", flush=True)
    return rate


def timed(asked, run, batch_size, limit):
    """Documents scored, and the seconds that the process took."""
    asked = copy.copy(asked)
    asked.batch_size, asked.limit = batch_size, limit
    out = asked.work / "timing"
    shutil.rmtree(out, ignore_errors=True)
    started = time.monotonic()
    if run(asked, asked.model[0], out):
        raise SystemExit("castalia score failed")
    seconds = time.monotonic() - started
    return sum(len(samples) for samples in compare.Run(out).samples.values()), seconds


if __name__ == "__main__":
    main()
