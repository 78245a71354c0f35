"""Rows for tests, each with only what its test does not care about filled in."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from incidents.access.tokens import hash_of
from incidents.exports.feeds import links
from incidents.models import (
    ActionItem,
    AnsweredBy,
    ConfigDelta,
    ContributingFactor,
    Factor,
    Feed,
    Incident,
    Knob,
    Lesson,
    Lookup,
    Review,
    Runbook,
    RunbookUse,
    Service,
    Tag,
    Team,
    TimelineEvent,
    Token,
    User,
    Visibility,
    Way,
)

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
numbers = count(1)


def a_user(role: str = "editor", **fields: Any) -> User:
    fields.setdefault("username", f"{role}{next(numbers)}")
    fields.setdefault("email", f"{fields['username']}@example.com")
    return User.objects.create_user(password=PASSWORD, role=role, **fields)


def a_token(owner: User, *, secret: str = "", **fields: Any) -> Token:
    """Good for long; `secret` is what opens it, nothing where it is left out."""
    return Token.objects.create(
        **{
            "owner": owner,
            "name": "Deploys",
            "sha256": hash_of(secret or f"nothing {next(numbers)}"),
            "beginning": secret[:10] or "pmk_000000",
            "made_at": NOW,
            "expires_at": datetime(2999, 1, 1, tzinfo=UTC),
            **fields,
        }
    )


def a_feed(owner: User, kind: str = "incidents", **fields: Any) -> Feed:
    """Of all that the owner may see, or of what is theirs."""
    nonce = fields.setdefault("nonce", f"{next(numbers):064x}")
    return Feed.objects.create(
        **{
            "owner": owner,
            "name": "My reader",
            "kind": kind,
            "span": "all" if kind == "incidents" else "mine",
            "sha256": links.hash_of(links.secret_of(nonce)),
            "made_at": NOW,
            **fields,
        }
    )


def a_team(*members: User, **fields: Any) -> Team:
    number = next(numbers)
    team = Team.objects.create(**{"name": f"Team {number}", "slug": f"team-{number}", **fields})
    team.members.set(members)
    return team


def a_service(**fields: Any) -> Service:
    number = next(numbers)
    return Service.objects.create(
        **{"name": f"Service {number}", "slug": f"service-{number}", **fields}
    )


def a_review(**fields: Any) -> Review:
    """Frozen, of a day of its own: of one period there is one. Without its editions."""
    day = date(2026, 1, 1) + timedelta(days=next(numbers))
    values = {"title": "A day", "start_date": day, "end_date": day + timedelta(days=1)}
    return Review.objects.create(**{**values, "frozen_at": NOW, "frozen_by": a_user(), **fields})


def a_tag(**fields: Any) -> Tag:
    return Tag.objects.create(**{"name": f"tag{next(numbers)}", **fields})


def an_incident(**fields: Any) -> Incident:
    return Incident.objects.create(**{"title": "Orders time out", **fields})


def a_restricted_incident(*people: User, teams: tuple[Team, ...] = (), **fields: Any) -> Incident:
    incident = an_incident(visibility=Visibility.RESTRICTED, **fields)
    incident.allowed_people.set(people)
    incident.allowed_teams.set(teams)
    return incident


def an_event(incident: Incident, **fields: Any) -> TimelineEvent:
    return TimelineEvent.objects.create(
        **{"incident": incident, "text": "Latency rose", "position": next(numbers), **fields}
    )


def a_factor(**fields: Any) -> Factor:
    number = next(numbers)
    return Factor.objects.create(
        **{
            "name": f"Factor {number}",
            "slug": f"factor-{number}",
            "category": "capacity",
            **fields,
        }
    )


def a_contributing_factor(incident: Incident, **fields: Any) -> ContributingFactor:
    fields.setdefault("factor", None)
    fields["factor"] = fields["factor"] or a_factor()
    return ContributingFactor.objects.create(
        **{"incident": incident, "how": "It filled up.", **fields}
    )


def a_knob(**fields: Any) -> Knob:
    return Knob.objects.create(**{"component": "unicorn", "key": f"key{next(numbers)}", **fields})


def a_delta(incident: Incident, **fields: Any) -> ConfigDelta:
    knob = fields.pop("knob", None) or a_knob()
    return ConfigDelta.objects.create(
        **{
            "incident": incident,
            "knob": knob,
            "before": "30",
            "after": "60",
            "part": "fixed",
            **fields,
        }
    )


def a_lesson(**fields: Any) -> Lesson:
    return Lesson.objects.create(**{"sentence": f"Remember this {next(numbers)}.", **fields})


def a_runbook(**fields: Any) -> Runbook:
    number = next(numbers)
    if day := fields.get("last_verified_date"):
        # Verified at the end of that day.
        moment = datetime.combine(day + timedelta(days=1), time(), UTC)
        fields.setdefault("last_verified_at", moment)
    return Runbook.objects.create(
        **{"title": f"Runbook {number}", "slug": f"runbook-{number}", **fields}
    )


def an_action_item(**fields: Any) -> ActionItem:
    return ActionItem.objects.create(**{"title": f"Do this {next(numbers)}", **fields})


def a_form(**fields: object) -> dict[str, object]:
    """What a form sends: the token of a new one, and what the test fills in."""
    return {"token": str(uuid4()), **fields}


def a_lookup(*offered: Runbook, **fields: Any) -> Lookup:
    return Lookup.objects.create(
        **{
            "asked_at": NOW,
            "way": Way.ADDRESS,
            "text": "disk full",
            "gist": fields.get("text", "disk full").casefold()[:200],
            "answered_by": AnsweredBy.WORDS if offered else AnsweredBy.NOTHING,
            "offered": [runbook.pk for runbook in offered],
            **fields,
        }
    )


def a_runbook_use(incident: Incident, **fields: Any) -> RunbookUse:
    runbook = fields.pop("runbook", None) or a_runbook()
    return RunbookUse.objects.create(
        **{"incident": incident, "runbook": runbook, "served": "helped", **fields}
    )
