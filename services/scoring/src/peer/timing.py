"""Times lm-evaluation-harness and Castalia on the same checkpoint, tasks and documents, in turn.

    timing.py --model DIR --tasks T --limit N [--num-fewshot K] [--batch-sizes 1,8,32] --data DIR

Whole processes are timed, twice each: with one document a task, which is starting and loading, and
with N. What lies between is N - 1 documents a task. The harness runs at each fixed batch size, and
its best counts. Given several models, such as revisions of one, all counts, starting and loading
included: of the harness a process for each, of Castalia one for all. Exits with 1 if the results
are not equal, as compare.py has it.
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
        size: measure(asked, f"lm_eval, batch {size}", run_harness, size)
        for size in asked.batch_sizes.split(",")
    }
    best = max(peers, key=peers.get)
    ours = measure(asked, "castalia", run_castalia, "1")
    print(f"{ours / peers[best]:.2f} times the harness's documents per second")
    wrong = sum(
        compare.compare(model, asked.dtype, compare.Run(peer), compare.Run(own))
        for model, peer, own in zip(
            asked.model, run_harness.folders(asked, best), run_castalia.folders(asked, "1")
        )
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
    for folder in run.folders(asked, batch_size):
        shutil.rmtree(folder, ignore_errors=True)
    started = time.monotonic()
    run(asked, batch_size)
    seconds = time.monotonic() - started
    written = map(compare.Run, run.folders(asked, batch_size))
    return sum(len(samples) for it in written for samples in it.samples.values()), seconds


class Harness:
    """A process for each model."""

    def __call__(self, asked, batch_size):
        for model, folder in zip(asked.model, self.folders(asked, batch_size)):
            compare.run_harness(asked, model, folder)

    def folders(self, asked, batch_size):
        return [
            asked.work / "timing" / "harness" / batch_size / str(index)
            for index in range(len(asked.model))
        ]


class Castalia:
    """One process for all models."""

    def __call__(self, asked, _):
        if compare.run_castalia(asked, asked.model, self.folder(asked)):
            raise SystemExit("castalia score failed")

    def folders(self, asked, _):
        return [compare.written(self.folder(asked), model) for model in asked.model]

    def folder(self, asked):
        return asked.work / "timing" / "castalia"


run_harness, run_castalia = Harness(), Castalia()


if __name__ == "__main__":
    main()
