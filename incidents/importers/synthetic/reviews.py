"""Reviews of made-up quarters: frozen, with the notes and decisions of the meeting over them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from incidents.history.operations import create_record
from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.house import House
from incidents.importers.synthetic.times import LAST_DAY
from incidents.lib.periods import quarter_of
from incidents.models import ActionItem, Review, ReviewDecision, Role, User, Visibility
from incidents.review.editions import editions_of
from incidents.review.operations import keep_review, write_notes
from incidents.review.scope import Scope

QUARTERS = 4
MOST_ACTED_ON = 3
NOTES = (
    "The team leads and two of the people on call met.",
    "Detection by customers is what hurts most; each of these is worth an alert.",
    "Some records are drafts still: their owners finish them this month.",
    "What came again had an action item that nobody had time for.",
    "The longest stretch was one person's whole night; the handover comes earlier from now on.",
    "There are too few values for the severest to say anything about how long they take.",
)
DECISIONS = (
    "Every alert that wakes somebody has a runbook by the end of the quarter",
    "Action items that are late by more than a month are declined or done",
    "One day of each sprint is for what repeats",
    "Runbooks that failed their reader are gone through within a week",
)


def reviewed(house: House) -> list[Scope]:
    """The last quarters, of all; the latest of them of a team and of a service, too.

    The quarter that the archive ends with is nobody's yet.
    """
    quarters = quarter_of(LAST_DAY.date()).previous(QUARTERS + 1)[1:]
    latest = quarters[0]
    return [
        *(Scope(period=period, user=None) for period in reversed(quarters)),
        Scope(period=latest, user=None, team=house.teams[0]),
        Scope(period=latest, user=None, service=house.services[0]),
    ]


@transaction.atomic
def make_review(scope: Scope, *, seed: int, house: House) -> None:
    """What is frozen already is left as it is. Nobody is told."""
    if Review.objects.of(scope.period, team=scope.team, service=scope.service).exists():
        return
    chance = Chance(f"{seed}:review:{scope.label}")
    by = chance.choice([person for person in house.people if person.role != Role.READER])
    frozen_at = scope.period.moments(scope.zone)[1] + timedelta(days=3, hours=9)
    met_at = frozen_at + timedelta(days=chance.randint(1, 6), hours=2)
    review = keep_review(scope, editions_of(scope, at=frozen_at), by=by, at=frozen_at)
    notes = "\n\n".join(chance.sample(NOTES, 3))
    write_notes(review, version=review.version, values={"notes": notes}, by=by, at=met_at)
    for text in chance.sample(DECISIONS, 2):
        decide(review, text, None, by=by, at=met_at)
    for item in acted_on(scope):
        decide(review, item.title, item, by=by, at=met_at)


def acted_on(scope: Scope) -> QuerySet[ActionItem]:
    """What a meeting can have decided: of incidents of the period, of those open to all."""
    incidents = scope.all_incidents().filter(
        visibility=Visibility.EVERYONE, began_at__range=scope.period.moments(scope.zone)
    )
    items = ActionItem.objects.filter(incident__in=incidents, decision=None)
    return items.order_by("pk")[:MOST_ACTED_ON]


def decide(
    review: Review, text: str, item: ActionItem | None, *, by: User, at: datetime
) -> ReviewDecision:
    decision = ReviewDecision(review=review, text=text, action_item=item)
    return create_record(decision, by=by, at=at, summary=f"Added the decision “{text}”")
