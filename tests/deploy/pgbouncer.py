"""A PgBouncer of the test's own, by `deploy/`'s settings, before the server of the test run."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.deploy.units import SEVERAL
from tests.postgres import unprivileged_user
from tests.processes import ended
from tests.redis import HOST, free_port


class PgBouncerDidNotStart(Exception):
    """The program is there, but nobody answers."""


def find_pgbouncer() -> str | None:
    """The program named by PGBOUNCER_BIN; without it, on the PATH or where Debian has it."""
    named = os.environ.get("PGBOUNCER_BIN")
    return named or shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def private_pgbouncer(program: str, *, host: str, user: str, database: str) -> Iterator[int]:
    """Its port, at which `user` is believed without a password. Raises PgBouncerDidNotStart."""
    system_user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="postmortems-pgbouncer-", dir="/tmp"))
    port = free_port()
    settings = ConfigParser()
    settings.read(SEVERAL / "pgbouncer.ini")
    (query,) = re.findall(r"connect_query=.*", settings["databases"]["postmortems"])
    settings["databases"] = {"*": f"host={host} {query}"}
    settings["pgbouncer"].update({"listen_port": str(port), "auth_type": "trust"})
    settings["pgbouncer"]["auth_file"] = str(folder / "users")
    with (folder / "pgbouncer.ini").open("w") as written:
        settings.write(written)
    (folder / "users").write_text(f'"{user}" ""\n')
    options = {}
    if system_user:
        options = {"user": system_user.pw_uid, "group": system_user.pw_gid, "extra_groups": []}
        for path in [folder, *folder.iterdir()]:
            os.chown(path, system_user.pw_uid, system_user.pw_gid)
    try:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, "-q", str(folder / "pgbouncer.ini")],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        with ended(process):
            wait_until_it_answers(process, port, user, database)
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_it_answers(
    process: subprocess.Popen[bytes], port: int, user: str, database: str
) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=HOST, port=port, user=user, dbname=database).close()
            return
        time.sleep(0.05)
    raise PgBouncerDidNotStart(f"pgbouncer does not answer at {port}.")
