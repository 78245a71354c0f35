"""The processes of a deployment, started and ended by what their units say."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests import processes
from tests.deploy.units import ROOT, Machine, Unit

MARK = "DEPLOYED_MARK"
PATIENCE = 300.0
"""Seconds of a busy machine after which what was waited for does not come."""


class DidNotCome(Exception):
    """What was waited for."""


def until(happened: Callable[[], bool], what: str | Callable[[], str]) -> None:
    if not processes.until(happened, seconds=PATIENCE):
        raise DidNotCome(what if isinstance(what, str) else what())


@dataclass
class Running:
    unit: Unit
    process: subprocess.Popen[bytes]


@dataclass
class Deployment:
    """`settings` are what this test has otherwise than the environment files, `root` the place of
    the program."""

    folder: Path
    settings: Mapping[str, str]
    running: dict[str, Running] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid4().hex)
    root: Path = ROOT

    def machine(self, name: str) -> Machine:
        found = Machine(name, self.folder / name / "lib", self.folder / name / "run")
        for made in (found.state / "postmortems", found.run / "postmortems"):
            made.mkdir(parents=True, exist_ok=True)
        return found

    def environment(self, unit: Unit, machine: Machine, **more: str) -> dict[str, str]:
        """What systemd would give, and nothing of ours: the unit has to name all that it needs."""
        own = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", MARK: self.mark}
        return {**own, **unit.environment(machine), **self.settings, **more}

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def said(self) -> str:
        """The end of what the processes wrote."""
        return self.log.read_text(errors="replace")[-4000:]

    def once(self, unit: Unit, machine: Machine, **more: str) -> str:
        """All commands of a unit that ends by itself; what the last one said."""
        environment = self.environment(unit, machine, **more)
        return [self.do(command, environment) for command in unit.commands(machine)][-1]

    def do(self, command: list[str], environment: Mapping[str, str]) -> str:
        ended = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        said = ended.stdout + ended.stderr
        if ended.returncode:
            raise DidNotCome(f"{' '.join(command)} ended with {ended.returncode}:\n{said}")
        return said

    def start(self, unit: Unit, machine: Machine, **more: str) -> str:
        """Its name, as in `postmortems-web@one`."""
        name = f"{unit.path.stem}@{machine.name}"
        (command,) = unit.commands(machine)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=self.environment(unit, machine, **more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running[name] = Running(unit, process)
        return name

    def stop(self, name: str) -> int:
        """As systemd does; how it ended. Raises `DidNotCome` where it would have to be killed."""
        one = self.running.pop(name)
        one.process.send_signal(one.unit.stop_signal)
        try:
            return one.process.wait(one.unit.stop_seconds)
        except subprocess.TimeoutExpired:
            self.running[name] = one
            raise DidNotCome(f"{name} does not end.") from None

    def kill(self, name: str) -> None:
        """All processes of one, at once."""
        one = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()

    def members(self) -> list[int]:
        """Every process of ours that is alive."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                is_ours = f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if is_ours and state != "Z":
                    found.append(int(folder.name))
        return found

    def end(self) -> None:
        """However it went."""
        for one in self.running.values():
            one.process.terminate()
        for one in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(5)
        while members := self.members():
            for pid in members:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for one in self.running.values():
                one.process.poll()
            time.sleep(0.05)
