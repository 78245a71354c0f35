"""Every figure counted once more: row by row, in plain Python, from what the tables hold.

It shares no code with `incidents.review`, and asks the database for nothing but whole tables.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from incidents.models import (
    ActionItem,
    AlertRule,
    Incident,
    Lesson,
    Participant,
    Runbook,
    RunbookUse,
    Service,
    User,
)

Numbers = dict[str, Any]


class Tables:
    """All rows, read once; what they name is in memory."""

    def __init__(self) -> None:
        allowed = ("allowed_people", "allowed_teams__members")
        lesson = "lessonlinks__lesson__learned_from"
        self.incidents = list(
            Incident.objects.prefetch_related(
                *allowed,
                "teams",
                "services",
                "contributingfactors__factor",
                "configdeltas__knob",
                *(f"{lesson}__{name}" for name in allowed),
            )
        )
        of_incident = {one.pk: one for one in self.incidents}
        self.lessons = list(Lesson.objects.all())
        learned = {lesson.pk: of_incident.get(lesson.learned_from_id) for lesson in self.lessons}
        self.items = [
            (item, of_incident.get(item.incident_id), learned.get(item.lesson_id))
            for item in ActionItem.objects.select_related("team")
        ]
        self.participants = list(Participant.objects.all())
        self.uses = list(RunbookUse.objects.select_related("runbook"))
        self.runbooks = list(Runbook.objects.select_related("team").prefetch_related("services"))
        self.rules = list(AlertRule.objects.all())
        self.services = list(Service.objects.select_related("team"))


class Quarter:
    """The records of the days from `first` to `last`, as `person` may see them."""

    def __init__(
        self,
        first: date,
        last: date,
        zone: str,
        *,
        tables: Tables,
        person: User | None,
        at: datetime,
        team: str = "",
        service: str = "",
    ) -> None:
        self.first, self.last, self.zone = first, last, ZoneInfo(zone)
        self.person, self.at, self.team, self.service = person, at, team, service
        self.tables = tables
        seen = [incident for incident in tables.incidents if self.may_know(incident)]
        self.mine = [incident for incident in seen if self.is_of(incident)]
        self.places = {incident.pk: self.place(incident) for incident in self.mine}
        inside = [one for one in self.mine if self.places[one.pk] == "inside"]
        self.incidents = [one for one in inside if one.state != "withdrawn"]
        self.keys = {one.pk: one for one in self.incidents}
        self.withdrawn = len(inside) - len(self.incidents)

    def may_know(self, incident: Incident | None) -> bool:
        if incident is None or self.person is None or incident.visibility == "everyone":
            return True
        if self.person in incident.allowed_people.all():
            return True
        return any(self.person in team.members.all() for team in incident.allowed_teams.all())

    def is_of(self, incident: Incident) -> bool:
        teams = [team.slug for team in incident.teams.all()]
        services = [service.slug for service in incident.services.all()]
        return (not self.team or self.team in teams) and (
            not self.service or self.service in services
        )

    def place(self, incident: Incident) -> str:
        for phase in ("began", "detected", "mitigated", "resolved"):
            at, precision = (
                getattr(incident, f"{phase}_at"),
                getattr(incident, f"{phase}_precision"),
            )
            if at is None:
                continue
            if precision in ("minute", "hour"):
                here = at.astimezone(self.zone).date()
                return "inside" if self.first <= here <= self.last else "outside"
            there = at.astimezone(ZoneInfo(incident.time_zone)).date()
            days = days_of(there, precision)
            within = [self.first <= day <= self.last for day in days]
            return "inside" if all(within) else "perhaps" if any(within) else "outside"
        return "undated"

    def count_places(self, place: str) -> int:
        return sum(self.places[one.pk] == place and one.state != "withdrawn" for one in self.mine)

    def by(self, field: str) -> Numbers:
        return dict(Counter(getattr(one, f"get_{field}_display")() for one in self.incidents))

    def by_many(self, field: str) -> Numbers:
        return dict(
            Counter(row.name for one in self.incidents for row in getattr(one, field).all())
        )

    def near_misses(self) -> Numbers:
        return dict(
            Counter(
                one.get_detection_display() for one in self.incidents if one.kind == "near_miss"
            )
        )

    def times(self, phase: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.incidents:
            exact = one.began_precision == getattr(one, f"{phase}_precision") == "minute"
            if one.kind != "external" and exact:
                took = (getattr(one, f"{phase}_at") - one.began_at).total_seconds() / 60
                found["all"].append(int(took))
                found[one.get_severity_display()].append(int(took))
        return dict(found)

    def factors(self) -> Numbers:
        return dict(
            Counter(
                use.factor.name for one in self.incidents for use in one.contributingfactors.all()
            )
        )

    def knobs(self) -> Numbers:
        turns = Counter(str(d.knob) for one in self.incidents for d in one.configdeltas.all())
        incidents = Counter(
            name for one in self.incidents for name in {str(d.knob) for d in one.configdeltas.all()}
        )
        return {name: (turns[name], incidents[name]) for name in turns}

    def links(self) -> list[tuple[Incident, Lesson, str]]:
        return [
            (one, link.lesson, link.relation)
            for one in self.incidents
            for link in one.lessonlinks.all()
            if self.may_know(link.lesson.learned_from)
        ]

    def lessons(self) -> Numbers:
        learned = [
            (self.keys[lesson.learned_from_id], lesson)
            for lesson in self.tables.lessons
            if lesson.learned_from_id in self.keys
        ]
        counted = {"learned": learned}
        for relation in ("violated", "upheld", "refined"):
            counted[relation] = [
                (one, lesson) for one, lesson, said in self.links() if said == relation
            ]
        return {
            name: (len({lesson.pk for _, lesson in pairs}), len({one.pk for one, _ in pairs}))
            for name, pairs in counted.items()
        }

    def violated(self) -> list[tuple[int, int]]:
        """Each lesson by its key, with how often it was violated; the most often first."""
        counts = Counter(lesson.pk for _, lesson, said in self.links() if said == "violated")
        return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

    def happened_at(self, incident: Incident) -> datetime:
        times = (getattr(incident, f"{phase}_at") for phase in ("began", "detected", "mitigated"))
        found = next((at for at in times if at is not None), incident.resolved_at)
        assert found is not None
        return found

    def repeats(self, before: list["Quarter"]) -> tuple[set[int], set[int]]:
        """The keys of those that violate a lesson, and of those that share knob and factor."""
        violating = {one.pk for one, _, said in self.links() if said == "violated"}
        known = [one for quarter in (self, *before) for one in quarter.incidents]
        pairs = {
            one.pk: {
                (delta.knob_id, use.factor_id)
                for delta in one.configdeltas.all()
                for use in one.contributingfactors.all()
            }
            for one in known
        }
        sharing = {
            one.pk
            for one in self.incidents
            if any(
                pairs[one.pk] & pairs[other.pk] and self.happened_at(other) < self.happened_at(one)
                for other in known
            )
        }
        return violating, sharing

    def came_again(self, before: list["Quarter"]) -> list[int]:
        """Of each pair of knob and factor, in how many incidents it came again; the most first."""
        known = [one for quarter in (self, *before) for one in quarter.incidents]
        having: dict[tuple[int, int], set[int]] = defaultdict(set)
        when = {one.pk: self.happened_at(one) for one in known}
        for one in known:
            for delta in one.configdeltas.all():
                for use in one.contributingfactors.all():
                    having[delta.knob_id, use.factor_id].add(one.pk)
        counts = [
            sum(key in self.keys and any(when[other] < when[key] for other in keys) for key in keys)
            for keys in having.values()
        ]
        return sorted((count for count in counts if count), reverse=True)

    def items(self) -> list[ActionItem]:
        mine = {one.pk for one in self.mine if one.state != "withdrawn"}
        return [
            item
            for item, incident, learned_from in self.tables.items
            if item.origin == "decided"
            and self.may_know(incident)
            and self.may_know(learned_from)
            and (not self.team or (item.team is not None and item.team.slug == self.team))
            and (not self.service or item.incident_id in mine)
        ]

    @property
    def midnights(self) -> tuple[datetime, datetime]:
        first = datetime.combine(self.first, datetime.min.time(), self.zone)
        after = datetime.combine(self.last + timedelta(days=1), datetime.min.time(), self.zone)
        return first, min(after, self.at)

    def backlog(self) -> Numbers:
        begin, end = self.midnights
        numbers = Counter[str]()
        today = min(self.last + timedelta(days=1), self.at.astimezone(self.zone).date())
        for item in self.items():
            ended = item.done_at if item.done_at is not None else item.declined_at
            closed = item.state in ("done", "wont_do")
            if closed and ended is None:
                continue
            numbers["opened"] += begin <= item.created_at < end
            if closed and ended is not None and begin <= ended < end:
                numbers["done" if item.state == "done" else "will not be done"] += 1
            for name, moment in (("beginning", begin), ("end", end)):
                is_open = not closed or (ended is not None and ended >= moment)
                if item.created_at < moment and is_open:
                    numbers[f"open at the {name}"] += 1
                    if name == "end":
                        numbers["of those, late"] += bool(item.due_date and item.due_date < today)
                        numbers[f"team {item.team.name if item.team else 'no team'}"] += 1
                        numbers[age_of(end - item.created_at)] += 1
        return dict(numbers)

    def people(self) -> tuple[int, int, float, float, float | None]:
        part = [
            row
            for row in self.tables.participants
            if row.incident_id in self.keys
            and self.keys[row.incident_id].kind != "external"
            and row.role not in ("reporter", "affected")
        ]
        who = {("account", row.person_id) if row.person_id else ("name", row.name) for row in part}
        longest = [
            row.longest_stretch_hours for row in part if row.longest_stretch_hours is not None
        ]
        return (
            len(who),
            len(part),
            float(sum(row.hours or 0 for row in part)),
            float(sum(row.hours_outside_work or 0 for row in part)),
            float(max(longest)) if longest else None,
        )

    def served(self) -> Numbers:
        uses = [use for use in self.tables.uses if use.incident_id in self.keys]
        return dict(Counter(use.get_served_display() for use in uses))

    def used(self) -> dict[str, Counter[str]]:
        """By the runbook's address how often it served how."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for use in self.tables.uses:
            if use.incident_id in self.keys:
                found[use.runbook.slug][use.served] += 1
        return found

    def unverified(self) -> dict[str, tuple[int, int]]:
        """By team how many were not verified in time, and of how many."""
        last = min(self.last, self.at.astimezone(self.zone).date() - timedelta(days=1))
        found: dict[str, list[bool]] = defaultdict(list)
        for runbook in self.tables.runbooks:
            services = [service.slug for service in runbook.services.all()]
            team = runbook.team.slug if runbook.team else ""
            if self.team not in ("", team) or (self.service and self.service not in services):
                continue
            since = runbook.last_verified_date or runbook.created_at.date()
            holds = timedelta(days=runbook.verify_every or settings.RUNBOOK_VERIFY_DAYS)
            is_there = runbook.state == "active" and runbook.created_at < self.midnights[1]
            if is_there:
                name = runbook.team.name if runbook.team else "no team"
                found[name].append(since + holds <= last)
        return {name: (sum(due), len(due)) for name, due in found.items() if any(due)}

    def alerts(self) -> dict[str, list[int]]:
        """By service how many alerts there are: answered, linked elsewhere, dead, with nothing.

        Of rules that are meant by nothing but their name, or by a link to a runbook.
        """
        active = [runbook for runbook in self.tables.runbooks if runbook.state == "active"]
        named = {line for runbook in active for line in runbook.alerts.splitlines()}
        pages = {f"{settings.SITE_URL}/runbooks/{runbook.slug}/" for runbook in active}
        ours = {
            name
            for service in self.tables.services
            if service.slug == self.service
            or (self.team and service.team and service.team.slug == self.team)
            for name in (service.slug, service.name)
        }
        found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
        for rule in self.tables.rules:
            service, link = rule.labels.get("service", ""), rule.runbook_url
            if (self.team or self.service) and service not in ours:
                continue
            is_here = link.startswith(settings.SITE_URL)
            if is_here and link not in pages:
                place = 3
            elif link in pages or rule.alert in named:
                place = 1
            else:
                place = 2 if link else 4
            row = found[service or "no service"]
            row[0] += 1
            row[place] += 1
        return dict(found)

    def oldest_drafts(self) -> list[str]:
        drafts = [one for one in self.incidents if one.state in ("draft", "in_review")]
        drafts.sort(key=lambda one: (one.created_at, one.pk))
        return [f"INC-{one.pk}" for one in drafts]

    def unplaced(self) -> list[str]:
        """First those that may belong here, then those without any date."""
        return [
            f"INC-{one.pk}"
            for place in ("perhaps", "undated")
            for one in sorted(self.mine, key=lambda one: one.pk)
            if self.places[one.pk] == place and one.state != "withdrawn"
        ]

    def drafts(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.incidents:
            if one.state in ("draft", "in_review"):
                found[one.get_state_display()].append((self.at - one.created_at).days)
        return dict(found)


def days_of(first: date, precision: str) -> list[date]:
    """Every day of the day, month or year that begins on this one."""
    days = [first + timedelta(days=number) for number in range(366)]
    if precision == "day":
        return days[:1]
    if precision == "month":
        return [day for day in days if (day.year, day.month) == (first.year, first.month)]
    return [day for day in days if day.year == first.year]


def age_of(age: timedelta) -> str:
    for name, days in (("Under 30 days", 30), ("30 to 89", 90), ("90 to 179", 180)):
        if age < timedelta(days=days):
            return name
    return "180 and more"


def place_in(values: list[int], share: float) -> float:
    """The value below which the share lies, on the line between its two neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
