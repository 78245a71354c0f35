"""What the copy of the runbooks weighs and takes, with what was turned and without.

    DATABASE_URL=sqlite:////tmp/made.sqlite3 python -m tests.bench.offline [TIMES]

The database is one that is there: the demo's, or one that `manage.py make_history` filled.
"""

import os
import sys
import time
from collections.abc import Callable
from gzip import compress
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")

import django

django.setup()

from django.utils import timezone

from incidents.runbooks.offline import copies, queries
from incidents.runbooks.offline.file import file_of


def main(times: int) -> None:
    at = timezone.now()
    runbooks = queries.runbooks_to_copy()
    copy = copies.copy_of(runbooks, site="https://site.example", at=at)
    without = [{**one, "turned": []} for one in copy["runbooks"]]
    with_any = [one for one in copy["runbooks"] if one["turned"]]
    turns = sum(len(past["turns"]) for one in with_any for past in one["turned"])
    print(f"{len(runbooks)} runbooks, {len(with_any)} with what was turned, {turns} turns")
    for name, told in (("without", {**copy, "runbooks": without}), ("with", copy)):
        text = copies.in_json(told)
        sent, file = compress(text, copies.LEVEL, mtime=0), file_of(told).encode()
        print(f"{name}: {len(text):,} B kept, {len(sent):,} B sent, {len(file):,} B as a file")
    print(f"fingerprint: {seconds(lambda: copies.fingerprint([]), times)}")
    print(f"  of it, for the turns: {seconds(queries.versions_of_turns, times)}")

    def put_together() -> None:
        copies.copy_of(queries.runbooks_to_copy(), site="https://site.example", at=at)

    print(f"put together: {seconds(put_together, times)}")
    print(f"  of it, for the turns: {seconds(copies.what_was_turned, times)}")


def seconds(act: Callable[[], Any], times: int) -> str:
    """Of a processor, the middle of several."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return f"{median(taken):.4f} s of a processor"


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
