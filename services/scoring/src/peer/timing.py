"""Times lm-evaluation-harness and Castalia on the same checkpoint, tasks and documents, in turn.

    timing.py --model DIR --tasks T --limit N [--num-fewshot K] [--batch-sizes 1,8,32] --data DIR

Whole processes are timed, twice each: with one document a task, which is starting and loading, and
with N. What lies between is N - 1 documents a task. The harness runs at each fixed batch size, and
its best counts. Given several models, such as revisions of one, whole processes one after another
count, loading and all, and only those. Exits with 1 if the results are not equal, as compare.py
has it.
"""

import argparse
import copy
import shutil
import sys
import time

import compare


def main():
    asked = arguments()
    print(f"{'':24}{'start and load, s':>18}{'all, s':>10}{'documents/s':>13}")
    peers = {
        size: measure(asked, f"lm_eval, batch {size}", compare.run_harness, size)
        for size in asked.batch_sizes.split(",")
    }
    best = max(peers, key=peers.get)
    ours = measure(asked, "castalia", compare.run_castalia, "1")
    print(f"{ours / peers[best]:.2f} times the harness's documents per second")
    wrong = sum(
        compare.compare(
            model,
            asked.dtype,
            compare.Run(folder(asked, compare.run_harness, best, index)),
            compare.Run(folder(asked, compare.run_castalia, "1", index)),
        )
        for index, model in enumerate(asked.model)
    )
    sys.exit(1 if wrong else 0)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--batch-sizes", default="1,8,32")
    return compare.parsed(parser)


def measure(asked, name, run, batch_size):
    """Documents a second."""
    one, loading = (0, 0) if len(asked.model) > 1 else timed(asked, run, batch_size, 1)
    documents, whole = timed(asked, run, batch_size, asked.limit)
    rate = (documents - one) / (whole - loading)
    print(f"{name:24}{loading or float('nan'):18.1f}{whole:10.1f}{rate:13.2f}", flush=True)
    return rate


def timed(asked, run, batch_size, limit):
    """Documents scored, and the seconds that the processes took."""
    asked = copy.copy(asked)
    asked.batch_size, asked.limit = batch_size, limit
    seconds = documents = 0
    for index, model in enumerate(asked.model):
        out = folder(asked, run, batch_size, index)
        shutil.rmtree(out, ignore_errors=True)
        started = time.monotonic()
        if run(asked, model, out):
            raise SystemExit("castalia score failed")
        seconds += time.monotonic() - started
        documents += sum(len(samples) for samples in compare.Run(out).samples.values())
    return documents, seconds


def folder(asked, run, batch_size, index):
    return asked.work / "timing" / run.__name__ / batch_size / str(index)


if __name__ == "__main__":
    main()
