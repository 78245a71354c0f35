"""Real alerts and the runbooks that they point to, for the quality of the lookup.

They are other people's texts and no part of this project: a folder beside it, or the one that
LOOKUP_CORPUS names, with `queries.jsonl` and a folder of runbooks for each corpus in it.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def find_corpus() -> Path | None:
    named = os.environ.get("LOOKUP_CORPUS")
    folder = Path(named) if named else HERE.parent / "shared" / "lookup-dev"
    return folder if (folder / "queries.jsonl").is_file() else None
