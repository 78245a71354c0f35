"""Something in a process of its own, with what it took of the processor and of memory."""

import os
import resource
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

MEGABYTE = 1024
"""In the units of `ru_maxrss`."""
MOST_ADDRESSES = 4_000_000_000
RAISED = 3


@dataclass(frozen=True)
class Spent:
    """`wrong` says how it ended, where that was not as it should."""

    seconds: float
    megabytes: float
    wrong: str = ""


def spent(act: Callable[[], object], *, most_seconds: int) -> Spent:
    """What it takes from now on; it is ended once that is more than `most_seconds` of processor."""
    before = resident()
    pid = os.fork()
    if not pid:
        _be(act, most_seconds)
    _, status, used = os.wait4(pid, 0)
    seconds = used.ru_utime + used.ru_stime
    # What the child has of us when it begins counts as its own.
    return Spent(seconds, max(0.0, used.ru_maxrss / MEGABYTE - before), _said(status))


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / MEGABYTE


def _said(status: int) -> str:
    if os.WIFSIGNALED(status):
        ended = signal.Signals(os.WTERMSIG(status))
        return "it takes too long" if ended == signal.SIGXCPU else f"ended by {ended.name}"
    return "" if os.WEXITSTATUS(status) == 0 else "it raised"


def _be(act: Callable[[], object], most_seconds: int) -> NoReturn:
    try:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        act()
    except BaseException:  # noqa: BLE001 (told, and the process ends here whatever it is)
        traceback.print_exc()
        os._exit(RAISED)
    os._exit(0)
