"""Running a heavy job in a process of its own: what it eats and how it dies is its own affair."""

import contextlib
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.db import connections

from incidents.jobs.claims import give_back, mine
from incidents.jobs.kinds import kind_named
from incidents.jobs.running import run, try_again
from incidents.models import Job

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that a job gets to tidy up when its worker is asked to stop."""


def run_apart(job: Job, *, stopping: Callable[[], bool]) -> None:
    """Run the job that the caller has taken, and see what became of its process.

    1. Fork: the process begins with everything loaded, and shares that memory. Whoever calls this
       does nothing else. What a thread of the caller's has open is not the process's to use.
    2. When it ends without having ended the job, it was killed: that counts as a failed attempt,
       and the reason is written down at once.
    3. When the worker is asked to stop, so is the process, and the job is as if it had not begun.
    """
    let_go_of_connections()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if not pid:
        _be_the_process_of(job, parent)
    stopped, status, used = _wait_for(pid, stopping)
    logger.info("%s used at most %d MB.", job, used.ru_maxrss // 1024)
    if stopped:
        give_back(job)
    elif mine(job).exists():
        words = f"Its process {_end_of(status)}."
        try_again(job, kind_named(job.kind), error=words)


def let_go_of_connections() -> None:
    """A connection, or a pool's threads, cannot be shared with a process that is forked."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # of that backend alone


_left_alone: list[object] = []


def leave_connections_of_others_alone() -> None:
    """In a forked process: connections that another thread had open belong to who forked.

    Two processes that speak on one socket end it for each other, and so does closing it here. So
    they are neither used nor collected, and who asks for one gets a new one.
    """
    for alias in connections:
        connection = connections[alias]
        _left_alone.append(connection)
        if connection.vendor == "postgresql":
            pools = connection._connection_pools  # type: ignore[attr-defined]  # noqa: SLF001 (Django only closes)
            _left_alone.append(pools.pop(alias, None))
        del connections[alias]


def _wait_for(pid: int, stopping: Callable[[], bool]) -> tuple[bool, int, resource.struct_rusage]:
    pause, asked_at = 0.005, 0.0
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            return bool(asked_at), status, used
        if not asked_at and stopping():
            os.kill(pid, signal.SIGTERM)
            asked_at = time.monotonic()
        elif asked_at and time.monotonic() - asked_at > PATIENCE:
            os.kill(pid, signal.SIGKILL)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _end_of(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        words = f"was killed by signal {number} ({signal.Signals(number).name})"
        return f"{words}; it may have run out of memory" if number == signal.SIGKILL else words
    return f"ended with code {os.WEXITSTATUS(status)} and left the job undone"


def _be_the_process_of(job: Job, parent: int) -> NoReturn:
    code = 1
    try:
        leave_connections_of_others_alone()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _unwind)
        Thread(target=_leave_with, args=(parent,), daemon=True).start()
        limit_memory(settings.HEAVY_JOB_MEMORY)
        run(job, keep=True)
        code = 0
    finally:
        # Not `sys.exit`: what the parent has prepared for its own end is not ours.
        with contextlib.suppress(Exception):
            connections.close_all()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _unwind(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


def _leave_with(parent: int) -> None:
    """Nobody would take note of how the job ends, or stop it: another worker will take it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Of this process alone: beyond it Python raises `MemoryError`, and the job fails by itself.

    Where a system has no such limit there is none. In any case Linux, when it runs out of memory,
    is to take this process rather than the site's.
    """
    most = megabytes * 1024 * 1024
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
