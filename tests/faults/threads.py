"""Work done by many at once, each with a connection and transactions of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Given = TypeVar("Given")
Done = TypeVar("Done")


def at_once(
    work: Callable[[Given], Done], given: Iterable[Given], *, threads: int = 16
) -> list[Done]:
    """What `work` returns for each of `given`, in their order; raises what the first one raised.

    All threads begin at the same moment, each takes the next of `given` when it is done with one,
    and closes its connection behind it.
    """
    start = Barrier(threads)

    def begin() -> None:
        start.wait(timeout=30)

    def one(item: Given) -> Done:
        try:
            return work(item)
        finally:
            connections.close_all()

    # The pool of a process is as large as its threads are many: ours is given back while they work.
    connections.close_all()
    with ThreadPoolExecutor(threads, initializer=begin) as pool:
        return [future.result() for future in [pool.submit(one, item) for item in given]]
