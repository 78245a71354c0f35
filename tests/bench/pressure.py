"""The site under more lookups than it can answer, on one database.

python -m tests.bench.pressure INCIDENTS RUNBOOKS SECONDS ANSWER

Requests come at their times, whether or not those before have been answered: who asks at night does
not wait for others. Each has a connection of its own.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench.figures import at
from tests.bench.questions import questions
from tests.bench.server import HOST, Reader, running_site
from tests.bench.site import FoundKind, bodies, database_version, prepare, reader

LOOKUP = "/lookup/answers/?q={}"
CLIENTS = 8
"""So many ask one question after the other while it is found out how many can be answered."""
TIMES = (0.5, 1.0, 2.0, 4.0)
"""Of what can be answered, so much is asked."""
PATIENCE = 10.0
"""Seconds, after which nobody waits any more."""
IN_TIME = 0.5
"""Seconds: an answer that takes longer is none for who is in a hurry."""
ALONE = 100
WRONG = "another page"


@dataclass
class Stretch:
    """What became of the requests of some seconds."""

    took: list[float] = field(default_factory=list)
    refused_after: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def told(self, seconds: float) -> dict[str, Any]:
        ordered, refused = sorted(self.took), sorted(self.refused_after)
        return {
            "asked": sum(self.statuses.values()),
            "per_second": len(ordered) / seconds,
            "in_time": sum(one <= IN_TIME for one in ordered) / seconds,
            "p50": at(ordered, 0.50) if ordered else None,
            "p99": at(ordered, 0.99) if ordered else None,
            "longest": at(ordered, 1.0) if ordered else None,
            "refused_p99": at(refused, 0.99) if refused else None,
            "statuses": dict(self.statuses),
        }


@dataclass(frozen=True)
class Asking:
    """`is_right` is asked of each page that is answered, by its path."""

    port: int
    cookie: str
    is_right: Callable[[str, bytes], bool] = lambda _path, _answer: True

    async def one(self, path: str, stretch: Stretch) -> None:
        begun = time.perf_counter()
        try:
            status = await asyncio.wait_for(self.status(path), PATIENCE)
        except TimeoutError:
            status = "nothing in time"
        except OSError:
            status = "no connection"
        stretch.statuses[status] += 1
        took = time.perf_counter() - begun
        if status == "200":
            stretch.took.append(took)
        elif status == "503":
            stretch.refused_after.append(took)

    async def status(self, path: str) -> str:
        incoming, outgoing = await asyncio.open_connection(HOST, self.port)
        try:
            lines = [
                f"GET {path} HTTP/1.1",
                f"Host: {HOST}",
                f"Cookie: {self.cookie}",
                "HX-Request: true",
                "Connection: close",
            ]
            outgoing.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = await incoming.read()
        finally:
            outgoing.close()
        status = answer[9:12].decode() or "cut off"
        return status if status != "200" or self.is_right(path, answer) else WRONG

    async def answered_at_most(self, paths: Sequence[str], seconds: float) -> Stretch:
        """By a few who ask one question after the other."""
        stretch, until, turns = Stretch(), time.perf_counter() + seconds, cycle(paths)

        async def client() -> None:
            while time.perf_counter() < until:
                await self.one(next(turns), stretch)

        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        return stretch

    async def asked(self, paths: Sequence[str], *, rate: float, seconds: float) -> Stretch:
        """`rate` questions a second, come what may."""
        most = int(rate * seconds)
        return await self.asked_until(lambda number: number >= most, paths, rate=rate)

    async def asked_until(
        self, is_over: Callable[[int], bool], paths: Sequence[str], *, rate: float
    ) -> Stretch:
        """Likewise; before each it is asked, by its number from 0, whether it is over."""
        stretch, begun, turns = Stretch(), time.perf_counter(), cycle(paths)
        under_way = []
        for number in count():
            wait = begun + number / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            if is_over(number):
                break
            under_way.append(asyncio.create_task(self.one(next(turns), stretch)))
        await asyncio.gather(*under_way)
        return stretch


def main(incidents: int, runbooks: int, seconds: float) -> dict[str, Any]:
    prepare(incidents, runbooks)
    _user, cookie = reader()
    paths = [LOOKUP.format(quote(text)) for text in questions(bodies(FoundKind.RUNBOOK))]
    told: dict[str, Any] = {"database": database_version(), "loads": {}}
    with running_site() as port:
        alone = Reader(port, cookie)
        for path in paths[:20]:
            alone.seconds(path)
        took = sorted(
            alone.seconds(path) for path, _ in zip(cycle(paths), range(ALONE), strict=False)
        )
        told["alone"] = {"p50": at(took, 0.50), "p99": at(took, 0.99)}
        asking = Asking(port, cookie)
        found = asyncio.run(asking.answered_at_most(paths, seconds)).told(seconds)
        told["capacity"] = found["per_second"]
        for times in TIMES:
            begun, busy = time.perf_counter(), time.process_time()
            stretch = asyncio.run(
                asking.asked(paths, rate=times * told["capacity"], seconds=seconds)
            )
            share = (time.process_time() - busy) / (time.perf_counter() - begun)
            begun = time.perf_counter()
            alone.seconds(paths[0])
            told["loads"][str(times)] = {
                **stretch.told(seconds),
                "asker": share,
                "next": 1000 * (time.perf_counter() - begun),
            }
    return told


if __name__ == "__main__":
    answer = main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
    Path(sys.argv[4]).write_text(json.dumps(answer))
