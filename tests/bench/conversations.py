"""What `make conversations` runs: so many requests by each role, made from the description.

    python -m tests.bench.conversations [REQUESTS]

On each database, in the tests' own world (tests/api/conversations.py). The first answer that is not
described, breaks, or tells somebody too much ends it, and is shown with the request that led to it.
"""

import os
import subprocess
import sys

from tests.bench.server import ROOT
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server

TEST = "tests/api/test_conversations.py"


def main(arguments: list[str]) -> int:
    requests = arguments[0] if arguments else "5000"
    failed = conversed("SQLite", requests)
    try:
        with private_server(find_binaries()) as server:
            url = server.url("postgres")
            failed |= conversed("PostgreSQL", requests, TEST_DATABASE_URL=url)
    except (PostgresNotFound, PostgresDidNotStart) as error:
        sys.stdout.write(f"\nPostgreSQL was not asked: {error}\n")
    return failed


def conversed(name: str, requests: str, **more: str) -> int:
    sys.stdout.write(f"\n{name}, {requests} requests by each role\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", "-q", "-s", TEST]
    surroundings = {**os.environ, "CONVERSATIONS": requests, **more}
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
