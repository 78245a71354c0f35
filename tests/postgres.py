"""A PostgreSQL server of the test run's own, made from the machine's binaries and gone afterwards.

Nothing of the machine's own clusters is touched: the server lives in a temporary folder, listens on
a socket in that folder alone, and belongs to an unprivileged user, because PostgreSQL refuses root.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST_VERSION = 15

# A database that lives for a minute need not survive a power cut.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # A hundred writers at once, on each of a few parallel test processes.
    "max_connections": "400",
}


class PostgresNotFound(Exception):
    """The machine has no PostgreSQL that the tests could start."""


class PostgresDidNotStart(Exception):
    """The binaries are there, but no server came of them."""


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@dataclass(frozen=True)
class Server:
    version: str
    socket_folder: Path
    programs: "Programs | None" = None

    def url(self, database: str) -> str:
        return f"postgres://postgres@{quote(str(self.socket_folder), safe='')}/{database}"

    def make_database(self, name: str) -> None:
        folder = str(self.socket_folder)
        with psycopg.connect(
            host=folder, user="postgres", dbname="postgres", autocommit=True
        ) as session:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def find_binaries() -> Binaries:
    """The binaries named by PG_BIN; without it the newest on the PATH or where Debian puts them."""
    named = os.environ.get("PG_BIN")
    folders = [Path(named)] if named else _usual_folders()
    found = [binaries for folder in folders if (binaries := _binaries_in(folder))]
    if named and not found:
        raise PostgresNotFound(f"PG_BIN names {named}, which holds no initdb and postgres.")
    if not found:
        raise PostgresNotFound(
            "no PostgreSQL binaries on this machine (PG_BIN, PATH, /usr/lib/postgresql/*/bin)."
        )
    newest = max(found, key=lambda binaries: binaries.major)
    if newest.major < OLDEST_VERSION:
        raise PostgresNotFound(
            f"PostgreSQL {newest.version} in {newest.folder} is older than {OLDEST_VERSION}."
        )
    return newest


def _usual_folders() -> list[Path]:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    return folders + sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _binaries_in(folder: Path) -> Binaries | None:
    if not ((folder / "initdb").exists() and (folder / "postgres").exists()):
        return None
    answer = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    version = re.search(r"(\d+(\.\d+)?)", answer.stdout)
    return Binaries(folder, version.group(1)) if version else None


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom the server runs as; None where the tests are not run by root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresNotFound("PostgreSQL refuses root, and there is no postgres or nobody here.")


@contextmanager
def private_server(binaries: Binaries, **settings: str) -> Iterator[Server]:
    """Runs a server for as long as the block runs, however it ends. The settings are its own.

    Raises PostgresNotFound and PostgresDidNotStart.
    """
    user = unprivileged_user()
    # Not under TMPDIR: a socket's path has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="postmortems-pg-", dir="/tmp"))
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        _make_cluster(binaries, folder, user)
        programs = Programs(binaries, folder, user, SERVER_SETTINGS | settings)
        try:
            programs.start()
            yield Server(version=binaries.version, socket_folder=folder, programs=programs)
        finally:
            programs.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_replica(server: Server) -> Iterator[Server]:
    """Another server that follows this one, and can be read from."""
    assert server.programs
    binaries, user = server.programs.binaries, server.programs.user
    folder = Path(tempfile.mkdtemp(prefix="postmortems-pg-", dir="/tmp"))
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        command = [str(binaries.folder / "pg_basebackup"), "--host", str(server.socket_folder)]
        command += ["--username=postgres", "--no-password", "--checkpoint=fast", "--no-sync"]
        command += ["--write-recovery-conf", "--pgdata", str(folder / "data")]
        made = subprocess.run(command, check=False, capture_output=True, **_popen_as(user, folder))
        if made.returncode:
            raise PostgresDidNotStart(f"pg_basebackup failed:\n{made.stdout}{made.stderr}")
        programs = Programs(binaries, folder, user, server.programs.settings)
        try:
            programs.start()
            yield Server(version=binaries.version, socket_folder=folder, programs=programs)
        finally:
            programs.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _popen_as(user: pwd.struct_passwd | None, folder: Path) -> dict[str, Any]:
    """How every program of the server is started: as whom, where, and without our PG… settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    options: dict[str, Any] = {
        "cwd": folder,
        "text": True,
        "env": environment | {"LC_ALL": "C.UTF-8"},
        "stdin": subprocess.DEVNULL,
        # Ctrl-C is for the tests; the server is stopped after them.
        "start_new_session": True,
    }
    if user:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def _make_cluster(binaries: Binaries, folder: Path, user: pwd.struct_passwd | None) -> None:
    command = [str(binaries.folder / "initdb"), f"--pgdata={folder / 'data'}"]
    command += ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    made = subprocess.run(
        command,
        check=False,
        capture_output=True,
        **_popen_as(user, folder),
    )
    if made.returncode:
        raise PostgresDidNotStart(f"initdb failed:\n{made.stdout}{made.stderr}")


@dataclass
class Programs:
    """What runs of a server: stopped as whoever operates it would, or as if the power went."""

    binaries: Binaries
    folder: Path
    user: pwd.struct_passwd | None
    settings: Mapping[str, str]
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [str(self.binaries.folder / "postgres")]
        command += ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                **_popen_as(self.user, self.folder),
            )
        _wait_until_ready(self.process, self.folder)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT asks for a fast shutdown: sessions are cut, nothing waits for them. SIGQUIT for an
        immediate one, after which the server recovers from its log."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _wait_until_ready(process: subprocess.Popen[str], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        time.sleep(0.05)
    raise PostgresDidNotStart(f"postgres did not start:\n{(folder / 'log').read_text()}")
