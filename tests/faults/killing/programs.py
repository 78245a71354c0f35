"""The workers as they are run, started anew when they end, as a service manager does."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote
from uuid import uuid4

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
MARK = "KILLING_MARK"
CELERY = [sys.executable, "-m", "celery", "-A", "postmortems"]
EMBEDDED = [[sys.executable, str(ROOT / "manage.py"), "work"]]
LIGHT = [*CELERY, "worker", "-Q", "light", "-c", "2", "-n", "light@x", "-l", "ERROR"]
HEAVY = [*CELERY, "worker", "-Q", "heavy", "-c", "1", "-n", "heavy@x", "-l", "ERROR"]
BEAT = [*CELERY, "beat", "-l", "ERROR"]


class Programs:
    def __init__(
        self, commands: Sequence[Sequence[str]], folder: Path, settings: Mapping[str, str]
    ) -> None:
        self.commands = commands
        self.mark = uuid4().hex
        self.log = folder / f"{self.mark}.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "tests.faults.killing.settings",
            "DATABASE_URL": database_url(),
            "VAR_DIR": str(folder),
            "SECRET_KEY": "of-a-test",
            "BROKER_URL": "",
            MARK: self.mark,
            **settings,
        }
        self.running: list[subprocess.Popen[bytes] | None] = [None] * len(commands)

    def keep_running(self) -> None:
        for place, command in enumerate(self.commands):
            program = self.running[place]
            if program is None or program.poll() is not None:
                with self.log.open("ab") as log:
                    self.running[place] = subprocess.Popen(
                        command,
                        cwd=ROOT,
                        env=self.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )

    def roots(self) -> list[int]:
        return [program.pid for program in self.running if program]

    def members(self) -> dict[int, int]:
        """Every process of ours that is alive, with its parent."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError, ValueError):
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                    if state != "Z":
                        found[int(folder.name)] = int(parent)
        return found

    def kill(self, mode: str, chance: random.Random) -> bool:
        """Whether there was one: `child` has none of its own, `parent` has, `group` is a whole."""
        members = self.members()
        parents = set(members.values())
        choices = {
            "child": [pid for pid in members if pid not in parents],
            "parent": [pid for pid in members if pid in parents],
            "group": [pid for pid in self.roots() if pid in members],
        }[mode]
        if not choices:
            return False
        chosen = chance.choice(sorted(choices))
        for pid in [chosen, *(below(chosen, members) if mode == "group" else [])]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return True

    def end(self) -> None:
        for program in self.running:
            if program:
                program.terminate()
        for program in self.running:
            if program:
                with suppress(subprocess.TimeoutExpired):
                    program.wait(10)
        while members := self.members():
            for pid in members:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        for program in self.running:
            if program:
                program.wait()


def below(pid: int, members: Mapping[int, int]) -> list[int]:
    children = [child for child, parent in members.items() if parent == pid]
    return children + [each for child in children for each in below(child, members)]


@contextmanager
def running(commands: Sequence[Sequence[str]], folder: Path, **settings: str) -> Iterator[Programs]:
    """For as long as the block runs; then all of them are gone, however they take it."""
    programs = Programs(commands, folder, settings)
    over = Event()

    def look_after() -> None:
        while not over.wait(0.2):
            programs.keep_running()

    programs.keep_running()
    manager = Thread(target=look_after, daemon=True)
    manager.start()
    try:
        yield programs
    finally:
        over.set()
        manager.join()
        programs.end()


def database_url() -> str:
    """The test's own database, for programs beside it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}@{quote(known['HOST'], safe='')}/{known['NAME']}"
