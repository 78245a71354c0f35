"""Keeping programs running together: started and stopped as one, each started anew if it dies."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from types import FrameType

PATIENCE = 10.0
"""Seconds that a program gets to end by itself."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds before a program that died is started anew: longer each time that it dies young."""
YOUNG = 5.0
PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=SHORTEST_PAUSE)

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops all in order.
        # The supervisor has one thread, so that something may be done before the program begins.
        self.process = subprocess.Popen(  # noqa: S603 (the caller's own programs)
            self.command,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509
        )
        self.started_at = time.monotonic()

    def look_after(self, tell: Callable[[str], None]) -> None:
        """Start it if it does not run and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        # What it had started itself would stand in the new one's way.
        kill_group(self.process.pid)
        is_young = now - self.started_at < YOUNG
        self.pause = min(self.pause * 2, LONGEST_PAUSE) if is_young else SHORTEST_PAUSE
        self.process, self.start_at = None, now + self.pause
        tell(f"{self.name} ended ({ending(code)}); it is started anew.")

    def stop(self, deadline: float) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        kill_group(self.process.pid)
        self.process.wait()


def keep_running(programs: Sequence[Program], *, tell: Callable[[str], None]) -> None:
    """Until SIGINT or SIGTERM. Then all are asked to end, and after a while made to."""
    with asked_to_stop() as stop:
        try:
            while not stop.is_set():
                for program in programs:
                    program.look_after(tell)
                stop.wait(0.2)
        finally:
            running = [program.process for program in programs if program.process]
            for process in running:
                process.terminate()
            deadline = time.monotonic() + PATIENCE
            for program in programs:
                program.stop(deadline)


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """Set by SIGINT and SIGTERM, which do nothing else meanwhile."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_with_parent() -> None:
    """Called in the new process. Where the system has no such wish, orphans go on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_with_spawner() -> None:
    """Called in a process of `multiprocessing`: when its parent is killed it ends too, and keeps no
    port from the next one. Everywhere else it does nothing."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait_for(end: Callable[[], None]) -> None:
        end()
        os.kill(os.getpid(), signal.SIGTERM)
        # Long enough for what is being answered; nobody else is left who would end it.
        time.sleep(PATIENCE)
        os.kill(os.getpid(), signal.SIGKILL)

    Thread(target=wait_for, args=[parent.join], name="spawner", daemon=True).start()


def ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
