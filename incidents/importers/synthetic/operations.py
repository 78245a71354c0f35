"""Making the synthetic archive."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.models import Q

from incidents.importers.demo.reading import read_library
from incidents.importers.synthetic.house import House, build_house
from incidents.importers.synthetic.records import KEY, Earlier, key_of, make_incident
from incidents.importers.synthetic.reviews import make_review, reviewed
from incidents.importers.synthetic.runbooks import make_runbook
from incidents.importers.synthetic.times import FIRST_DAY
from incidents.importers.synthetic.writing import write_documents
from incidents.lib.periods import Period
from incidents.lookup.engines.reading import read_on
from incidents.models import Incident, Lesson, Runbook

MOST_INCIDENTS = 1_000_000
MOST_RUNBOOKS = 50_000
BATCH = 100
"""Records of one transaction. Records speak of those of earlier batches: to change it changes what
a seed gives."""

Report = Callable[[str, int, int], None]
"""Told what is being made, how many are there by now, and how many there will be."""


class CannotMakeHistory(Exception):
    """Nothing was written; the message says why, and what would help."""


@dataclass(frozen=True)
class Archive:
    """Of ten years; with a `period`, all incidents began in that one."""

    incidents: int
    runbooks: int
    seed: int
    period: Period | None = None


def check_wish(wish: Archive, *, into_existing: bool) -> None:
    """Raises `CannotMakeHistory` for numbers that make no archive, and on a site with records."""
    if not 1 <= wish.incidents <= MOST_INCIDENTS:
        raise CannotMakeHistory(f"Ask for 1 to {MOST_INCIDENTS:,} incidents.")
    if not 0 <= wish.runbooks <= MOST_RUNBOOKS:
        raise CannotMakeHistory(f"Ask for 0 to {MOST_RUNBOOKS:,} runbooks.")
    real = real_incidents()
    if real and not into_existing:
        records = "an incident" if real == 1 else f"{real:,} incidents"
        raise CannotMakeHistory(
            f"This site has {records} of its own, and what is made up would stand among them for"
            " ever: records are withdrawn, not deleted. Use a database of its own"
            " (DATABASE_URL=sqlite:////tmp/history.sqlite3, then migrate), or add --into-existing"
            " if that is meant."
        )


def real_incidents() -> int:
    """Neither made up here nor one of the demo's stories."""
    stories = [story.record["external_key"] for story in read_library().stories]
    # A key that is null is not in a list, nor does it begin with anything.
    no_key = Q(external_key__isnull=True)
    not_made_up = ~Q(external_key__startswith=KEY) & ~Q(external_key__in=stories)
    return Incident.objects.filter(no_key | not_made_up).count()


def make_history(wish: Archive, *, report: Report) -> None:
    """Make what is still missing of the archive, a batch in each transaction.

    Stopped half way, it leaves whole batches; the same wish once more goes on where it stopped, and
    gives the same archive. Records have made-up authors and times.
    """
    with transaction.atomic():
        house = build_house(incidents=wish.incidents, seed=wish.seed, at=FIRST_DAY)
    make_runbooks(wish, house, report)
    make_incidents(wish, house, report)
    # An archive of one period is there to review that one.
    if wish.period is None:
        make_reviews(wish, house, report)
    read_on(wait=True)


def make_runbooks(wish: Archive, house: House, report: Report) -> None:
    for start in range(0, wish.runbooks, BATCH):
        made = [
            make_runbook(number, total=wish.runbooks, seed=wish.seed, house=house)
            for number in range(start, min(start + BATCH, wish.runbooks))
        ]
        slugs = [document.row.slug for _, document in made]
        here = {row.slug: row for row in Runbook.objects.filter(slug__in=slugs)}
        write_documents([document for _, document in made if document.row.slug not in here])
        for trouble, document in made:
            runbook = here.get(document.row.slug, document.row)
            services = [service.pk for service in document.many["services"]]
            house.add_runbook(trouble, runbook, services)
        report("runbooks", start + len(made), wish.runbooks)


def make_incidents(wish: Archive, house: House, report: Report) -> None:
    earlier = already_made(wish)
    report("incidents", len(earlier.incidents), wish.incidents)
    for start in range(len(earlier.incidents), wish.incidents, BATCH):
        made = [
            make_incident(
                number,
                total=wish.incidents,
                seed=wish.seed,
                house=house,
                earlier=earlier,
                period=wish.period,
            )
            for number in range(start, min(start + BATCH, wish.incidents))
        ]
        lessons = list(chain.from_iterable(each.lessons for each in made))
        actions = list(chain.from_iterable(each.actions for each in made))
        write_documents([*(each.incident for each in made), *lessons, *actions])
        earlier.incidents += [each.incident.row.pk for each in made]
        earlier.lessons += [document.row.pk for document in lessons]
        report("incidents", start + len(made), wish.incidents)


def make_reviews(wish: Archive, house: House, report: Report) -> None:
    scopes = reviewed(house)
    for number, scope in enumerate(scopes, start=1):
        make_review(scope, seed=wish.seed, house=house)
        report("reviews", number, len(scopes))


def already_made(wish: Archive) -> Earlier:
    """What an earlier run left, in the order in which it was made."""
    key = key_of(wish.seed, wish.period)
    made = Incident.objects.filter(external_key__startswith=key).order_by("pk")
    lessons = Lesson.objects.filter(learned_from__in=made).order_by("pk")
    return Earlier(
        incidents=list(made.values_list("pk", flat=True)),
        lessons=list(lessons.values_list("pk", flat=True)),
    )


__all__ = ["Archive", "CannotMakeHistory", "check_wish", "make_history"]
