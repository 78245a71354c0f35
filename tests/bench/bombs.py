"""What `make bombs` runs: texts and files that cost far more than they weigh, each in a process.

    python -m tests.bench.bombs [WORD...]

WORD chooses those whose name has it. What a process takes is as the system counts it: seconds of
the processor, whoever else is on the machine, and the most memory that it ever had.
"""

import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

MOST_SECONDS = 5
MOST_MEGABYTES = 512
LENGTH = 2_000
"""Of a text that is slow for a pattern."""


def main(words: list[str]) -> int:
    import django  # noqa: PLC0415 (with the settings that are set here)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    return int(not (of_bombs(words) and (bool(words) or of_patterns())))


def of_bombs(words: list[str]) -> bool:
    from tests.hostile.apart import spent  # noqa: PLC0415 (as above)
    from tests.hostile.bombs import BOMBS  # noqa: PLC0415 (as above)

    held = asked = 0
    for bomb in BOMBS:
        if words and not any(word in str(bomb) for word in words):
            continue
        with TemporaryDirectory(prefix="postmortems-bombs-") as folder:
            taken = spent(partial(bomb.burst, Path(folder)), most_seconds=4 * MOST_SECONDS)
        wrong = taken.wrong or (
            "MISSED" if taken.seconds > MOST_SECONDS or taken.megabytes > MOST_MEGABYTES else ""
        )
        asked, held = asked + 1, held + (not wrong)
        sys.stdout.write(f"  {taken.seconds:6.2f} s {taken.megabytes:5.0f} MB  {bomb}  {wrong}\n")
        sys.stdout.flush()
    limits = f"{MOST_SECONDS} s of the processor and {MOST_MEGABYTES} MB"
    sys.stdout.write(f"{held} of {asked} within {limits}\n\n")
    return held == asked


def of_patterns() -> bool:
    from tests.hostile.apart import spent  # noqa: PLC0415 (as above)
    from tests.hostile.patterns import asked_how, own_patterns, tried, ways_asked  # noqa: PLC0415

    patterns, ways, slow = own_patterns(), ways_asked(), 0
    for where, pattern in patterns.items():
        try_it = partial(tried, pattern, asked_how(where, ways), LENGTH)
        taken = spent(try_it, most_seconds=4 * MOST_SECONDS)
        if taken.wrong or taken.seconds > MOST_SECONDS:
            slow += 1
            sys.stdout.write(f"  {taken.seconds:6.2f} s  {where}  {taken.wrong or 'MISSED'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{slow} of {len(patterns)} patterns slow for texts that are made for them\n")
    return not slow


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
