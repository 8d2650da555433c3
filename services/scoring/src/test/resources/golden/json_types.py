"""What the datasets library makes of files of JSON Lines, for JsonTypeTest.

    json_types.py > json-types.json

"documents" is Python's repr of the rows, "renderings" what lm-evaluation-harness makes of
"{{ n }}" for them; both are null where the file cannot be read.
"""

import json
import logging
import math
import os
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets  # noqa: E402
from lm_eval.utils import apply_template  # noqa: E402

TIMES = """
2012-05-01
2012-05-01 10
2012-05-01T10:20
2012-05-01 10:20:30
2012-05-01T10:20:30Z
2012-05-01 10+02
2012-05-01 10:20-0230
2012-05-01 10:20:30+23:59
2012-02-29
0001-01-01
9999-12-31
0000-01-01
0001-01-01 00:00+01
9999-12-31 23:59-00:01
2013-02-29
2012-13-01
2012-05
2012-5-1
20120501
2012/05/01
2012-05-01Z
2012-05-01T
2012-05-01t10
2012-05-01  10
2012-05-01 1020
2012-05-01 24:00
2012-05-01 10:60
2012-05-01 10:20:60
2012-05-01 10:20:30.5
2012-05-01 10:20:30z
2012-05-01 10:20:30+2
2012-05-01 10:20:30+24:00
2012-05-01 10:20:30+02:60
12345-05-01
""".strip().split("\n")

COLUMNS = [
    [3, 2.5],
    [3, None, 4],
    [None, 2.5, 3],
    [True, None],
    [True, 1],
    ["a", 1, 2.5],
    [2**63 - 1, -(2**63)],
    [2**53 + 1, 1.5],
    [2**63, 1],
    [-(2**63) - 1, None],
    [2**64, 10**400],
    [[2**63], [1]],
    [{"a": 2**70}, {"a": 1}],
    [2**63, "a"],
    [math.nan, 1],
    [math.inf, -math.inf, 2**64],
    [[math.nan], [1, None]],
    [1e3, 1],
    [[2, 3], [1, 2.5]],
    [[[2]], [[1.5], []], None],
    [[1, "a"], [2.5]],
    [[1], 1.5],
    [[], []],
    [{"a": 1, "b": [1]}, {"b": [2.5], "a": None}, None],
    [{"a": 1}, {"a": 1.5, "b": 2}],
    [{}, {"a": 2}],
    [{"a": 1}, 1.5],
    [[{"a": 1}, {"a": 2.5}], []],
    [[{"a": 1}, {"b": 2.5}]],
    ["2012-05-01", None, "2012-05-02 10:20"],
    ["2012-05-01", "x", "2012-05-02"],
    ["", "2012-05-01"],
    ["2012-05-01", 1],
    [["2012-05-01"], ["2012-05-02", "2012-05-03 10:20:30"]],
    [{"at": "2012-05-01"}, {"at": "2012-05-02"}],
]


def read(lines):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        file.write_text("\n".join(lines) + "\n")
        try:
            rows = list(datasets.Dataset.from_json(str(file), cache_dir=folder))
        except Exception:
            return {"lines": lines, "documents": None, "renderings": None}
    renderings = [apply_template("{{ n }}", row) for row in rows]
    return {"lines": lines, "documents": repr(rows), "renderings": renderings}


def main():
    logging.disable()
    datasets.disable_progress_bars()
    columns = COLUMNS + [[time] for time in TIMES]
    files = [[json.dumps({"n": value}) for value in column] for column in columns]
    files.append(['{"n": 1, "m": "a"}', '{"m": "b", "o": 1.5}', '{"o": 2}'])
    json.dump([read(lines) for lines in files], sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
