"""Programs that are kept running; each writes a line when it starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPERVISOR = """
import sys
from incidents.lib.supervising import Program, keep_running
programs = [Program(name, [sys.executable, "-c", sys.argv[2], sys.argv[1], name]) for name in "ab"]
keep_running(programs, tell=lambda words: print(words, flush=True))
"""
PROGRAM = """
import os, sys, time
with open(sys.argv[1], "a") as starts:
    starts.write(f"{sys.argv[2]} {os.getpid()}\\n")
time.sleep(60)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> "Supervisor":
    return Supervisor(tmp_path / "starts")


class Supervisor:
    def __init__(self, starts: Path) -> None:
        self.starts = starts
        starts.touch()
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(starts), PROGRAM],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def started(self, name: str) -> list[int]:
        lines = [line.split() for line in self.starts.read_text().splitlines()]
        return [int(pid) for started, pid in lines if started == name]

    def wait_for_starts(self, **counts: int) -> None:
        until(lambda: all(len(self.started(name)) >= count for name, count in counts.items()))

    def everyone(self) -> list[int]:
        return [*self.started("a"), *self.started("b")]


def until(happened: Callable[[], bool]) -> None:
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen.")


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie is gone too: whoever became its parent may be slow to take note.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_all_start_and_stop_together(supervisor: Supervisor, how: int) -> None:
    supervisor.wait_for_starts(a=1, b=1)
    supervisor.process.send_signal(how)
    output, _ = supervisor.process.communicate(timeout=60)

    assert (supervisor.process.returncode, output) == (0, "")
    assert all(is_gone(pid) for pid in supervisor.everyone())


def test_one_that_dies_is_started_anew_and_the_other_left_alone(supervisor: Supervisor) -> None:
    supervisor.wait_for_starts(a=1, b=1)
    os.kill(supervisor.started("a")[0], signal.SIGKILL)
    supervisor.wait_for_starts(a=2)

    supervisor.process.terminate()
    output, _ = supervisor.process.communicate(timeout=60)
    assert output == "a ended (signal 9); it is started anew.\n"
    assert len(supervisor.started("b")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="no other system ends them")
def test_none_outlives_a_supervisor_that_is_killed(supervisor: Supervisor) -> None:
    supervisor.wait_for_starts(a=1, b=1)
    supervisor.process.kill()
    supervisor.process.communicate(timeout=60)

    until(lambda: all(is_gone(pid) for pid in supervisor.everyone()))
