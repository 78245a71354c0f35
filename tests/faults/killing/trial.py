"""Much work, workers that are killed under it, and the count of what became of it."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from incidents.jobs.operations import owe
from incidents.models import Change, Job, JobState
from tests.faults.killing.kinds import EXPORT, PROBE, exports
from tests.faults.killing.programs import Programs
from tests.redis import PrivateRedis

MODES = ("child", "parent", "group")
BACKLOG = 300
PATIENCE = 90.0
"""Seconds without any progress after which what is left is stuck."""
AWAY = 3.0
"""Seconds for which a broker that is restarted is away."""


@dataclass
class Told:
    lost: int = 0
    twice: int = 0
    stuck: int = 0
    failed: int = 0
    half_files: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    # Seconds from each kill, or return of the broker, until the next job began.
    after_kills: list[float] = field(default_factory=list)
    after_returns: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.stuck or self.failed or self.half_files)


@dataclass
class Trial:
    """`kills` come at even steps of the work that is done, and so do restarts of the broker.

    One flush stands between: the broker forgets all that it was told.
    """

    programs: Programs
    kind: str
    count: int
    kills: int
    seed: int
    redis: PrivateRedis | None = None
    restarts: int = 0

    def run(self) -> Told:
        begun = time.monotonic()
        self.told = Told()
        self.killed_at: list[datetime] = []
        self.returned_at: list[datetime] = []
        self.chance = random.Random(self.seed)
        self.modes = cycle(MODES)
        self.owed = 0
        steps = self.steps()
        done, moved = -1, time.monotonic()
        while time.monotonic() - moved < PATIENCE:
            self.owe_more(done)
            if (now := self.done()) != done:
                done, moved = now, time.monotonic()
            while steps and done >= steps[0][0]:
                steps.pop(0)[1]()
            if done >= self.count:
                break
            time.sleep(0.05)
        self.count_up()
        self.told.seconds = time.monotonic() - begun
        return self.told

    def steps(self) -> list[tuple[float, Callable[[], None]]]:
        """What is done when so much of the work is done. The last tenth is left in peace."""
        share = self.count * 0.9
        steps: list[tuple[float, Callable[[], None]]] = [
            (share * (place + 0.5) / self.kills, self.kill) for place in range(self.kills)
        ]
        if self.redis:
            steps += [
                (share * (place + 0.3) / self.restarts, self.restart)
                for place in range(self.restarts)
            ]
            steps.append((share * 0.6, self.redis.flush))
        return sorted(steps, key=lambda step: step[0])

    def owe_more(self, done: int) -> None:
        while self.owed < self.count and self.owed - done < BACKLOG:
            with transaction.atomic():
                for _ in range(min(50, self.count - self.owed)):
                    owe(self.kind, {"number": self.owed}, at=timezone.now())
                    self.owed += 1

    def done(self) -> int:
        return self.jobs().filter(state__in=[JobState.DONE, JobState.FAILED]).count()

    def jobs(self) -> QuerySet[Job]:
        return Job.objects.filter(kind=self.kind)

    def kill(self) -> None:
        for mode in (next(self.modes), "child", "group"):
            at = timezone.now()
            if self.programs.kill(mode, self.chance):
                self.told.kills[mode] += 1
                self.killed_at.append(at)
                return

    def restart(self) -> None:
        if self.redis:
            self.redis.kill()
            time.sleep(AWAY)
            self.redis.start()
            self.returned_at.append(timezone.now())

    def count_up(self) -> None:
        effects = Counter(
            Change.objects.filter(document_type=self.kind).values_list("document_id", flat=True)
        )
        states = Counter(self.jobs().values_list("state", flat=True))
        told = self.told
        told.lost = sum(number not in effects for number in range(self.owed))
        told.twice = sum(count > 1 for count in effects.values())
        told.stuck = states[JobState.OWED] + states[JobState.RUNNING]
        told.failed = states[JobState.FAILED]
        if self.kind == EXPORT:
            whole = [file.read_text().count("\n") == 10 for file in exports().glob("*.txt")]
            told.half_files = whole.count(False) + abs(self.owed - len(whole))
        told.after_kills = self.until_next(self.killed_at)
        told.after_returns = self.until_next(self.returned_at)

    def until_next(self, moments: list[datetime]) -> list[float]:
        found = []
        for moment in moments:
            begun = self.jobs().filter(begun_at__gt=moment).order_by("begun_at").first()
            if begun and begun.begun_at:
                found.append((begun.begun_at - moment).total_seconds())
        return found


def waits(count: int) -> list[float]:
    """Seconds for which each of so many light jobs, ten owed each second, was due and not begun."""
    begun = timezone.now()
    for number in range(count):
        owe(PROBE, {"number": number}, at=timezone.now())
        time.sleep(0.1)
    ours = Job.objects.filter(kind=PROBE, made_at__gte=begun)
    deadline = time.monotonic() + PATIENCE
    while ours.exclude(state=JobState.DONE).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    times = ours.filter(begun_at__isnull=False).values_list("begun_at", "due_at")
    return [(first - due).total_seconds() for first, due in times if first]
