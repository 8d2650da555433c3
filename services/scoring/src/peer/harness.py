"""lm-evaluation-harness's own command line, with data sets from a folder instead of the hub.

    harness.py DATA [lm_eval's arguments]

DATA holds <dataset_path>/<dataset_name or "default">/<split>.jsonl. A task that names its files
(dataset_path: json, dataset_kwargs) reads those, from the current folder.
"""

import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import datasets  # noqa: E402

FROM_HUB = datasets.load_dataset


class Splits(datasets.DatasetDict):
    """A task may name a split it does not use without examples: one that is absent is empty."""

    def __missing__(self, name):
        return next(iter(self.values())).select([])


def from_folder(data):
    def load_dataset(path, name=None, **kwargs):
        if path in ("json", "csv", "parquet"):
            return FROM_HUB(path, name, **kwargs)
        folder = data / path / (name or "default")
        splits = {file.stem: str(file) for file in sorted(folder.glob("*.jsonl"))}
        if not splits:
            raise FileNotFoundError(f"{folder} has no <split>.jsonl")
        return Splits(
            {
                # Read whole rather than by blocks, so that a column's type is that of all rows.
                split: datasets.Dataset.from_json(file, chunksize=1 << 28)
                for split, file in splits.items()
            }
        )

    return load_dataset


def main():
    datasets.load_dataset = from_folder(Path(sys.argv[1]))
    sys.argv = ["lm_eval", *sys.argv[2:]]
    from lm_eval.__main__ import cli_evaluate

    cli_evaluate()


if __name__ == "__main__":
    main()
