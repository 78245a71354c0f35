"""The copy of the runbooks that a device keeps, and that the file has in it: plain data.

Only what everybody who signs in may read is in it: of incidents what was turned last time, where
they are published and not restricted. How often a runbook helped is not: that is counted over all.
"""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from gzip import compress
from hashlib import sha256
from itertools import groupby
from threading import Lock
from typing import Any

from django.conf import settings

from incidents.lib.approximate_time import UNKNOWN, write, zone_named
from incidents.lookup.matchers import AlertLine, Matcher, readable_alerts
from incidents.models import ConfigDelta, Incident, Known, Runbook, Served, Service
from incidents.runbooks.offline.index import index_of
from incidents.runbooks.offline.patterns import NotForTheDevice, for_javascript
from incidents.runbooks.offline.queries import (
    HELPED_THEN,
    last_turns,
    runbooks_to_copy,
    versions,
)

FORMAT = 3
"""Raise it with every change of what a copy looks like: devices then fetch theirs anew."""

LEVEL = 6
"""Of the compression: more takes half as long again, and leaves a hundredth out."""

WORDS = {
    "served": Served.choices,
    "part": [(part, part.label) for part in HELPED_THEN],
    "known": [(known, known.label) for known in Known if known != Known.KNOWN],
}
"""For the codes in a copy."""


def copy_of(runbooks: Sequence[Runbook], *, site: str, at: datetime) -> dict[str, Any]:
    """`runbooks` are as `queries.runbooks_to_copy` gives them; `site` is the address of the site
    that it is a copy of; `at` when it is made."""
    turned = what_was_turned()
    return {
        "format": FORMAT,
        "site": site,
        "made_at": in_copies(at),
        "runbooks": [
            {**runbook_as_data(runbook), "turned": turned[runbook.pk]} for runbook in runbooks
        ],
        "index": index_of([runbook.copied_words for runbook in runbooks]),
    }


def runbook_as_data(runbook: Runbook) -> dict[str, Any]:
    words = runbook.copied_words
    verified = runbook.last_verified_date
    return {
        "slug": runbook.slug,
        "title": runbook.title,
        "summary": runbook.summary,
        "services": [service_as_data(service) for service in runbook.services.all()],
        "owner": runbook.owner.name if runbook.owner else "",
        "team": runbook.team.name if runbook.team else "",
        "verified": verified.isoformat() if verified else None,
        "due": runbook.verification_due_date.isoformat(),
        "alerts": [line_as_data(line) for line in readable_alerts(runbook.alerts)],
        "html": runbook.body_html,
        "steps": words.steps_html,
        "more_steps": words.more_steps,
    }


def service_as_data(service: Service) -> dict[str, Any]:
    links = [{"label": one.label, "address": one.address} for one in service.link_list]
    return {"name": service.name, "slug": service.slug, "links": links}


def line_as_data(line: AlertLine) -> dict[str, Any]:
    """`matchers` is null where the device cannot try them."""
    try:
        matchers = [matcher_as_data(matcher) for matcher in line.matchers]
    except NotForTheDevice:
        matchers = None
    return {"text": line.text, "matchers": matchers, "specificity": list(line.specificity)}


def matcher_as_data(matcher: Matcher) -> dict[str, str]:
    """Raises `NotForTheDevice`."""
    told = {"label": matcher.name, "operator": matcher.operator, "value": matcher.value}
    if matcher.operator in {"=~", "!~"}:
        pattern = for_javascript(matcher.value)
        told |= {"pattern": pattern.source, "flags": pattern.flags}
    return told


def what_was_turned() -> dict[int, list[dict[str, Any]]]:
    """By the keys of runbooks, the latest incident first."""
    turned: dict[int, list[dict[str, Any]]] = defaultdict(list)
    # Annotated: `runbook_id` and `served`.
    rows: list[Any] = list(last_turns())
    for (runbook, _incident), some in groupby(rows, lambda row: (row.runbook_id, row.incident_id)):
        first, *rest = some
        told = {**incident_as_data(first.incident), "served": first.served}
        turned[runbook].append({**told, "turns": [turn_as_data(one) for one in (first, *rest)]})
    return turned


def incident_as_data(incident: Incident) -> dict[str, str]:
    """`when` is the day, or as much of it as is known."""
    times = (incident.began, incident.detected, incident.mitigated, incident.resolved)
    known = next((time for time in times if time.at), UNKNOWN)
    day, _, _ = write(known, zone_named(incident.time_zone)).partition(" ")
    return {"reference": incident.reference, "title": incident.title, "when": day}


def turn_as_data(turn: ConfigDelta) -> dict[str, str]:
    """`before` and `after` are empty where `…_known` says why."""
    told = ("before", "before_known", "after", "after_known", "part", "place")
    when = write(turn.time, zone_named(turn.incident.time_zone))
    knob = {name: getattr(turn.knob, name) for name in ("component", "key", "unit")}
    return {**knob, **{name: getattr(turn, name) for name in told}, "when": when}


def fingerprint(services: Collection[str]) -> str:
    """Of all that a copy for these services is made of, without making it."""
    made_by = (FORMAT, settings.SITE_URL, settings.RUNBOOK_VERIFY_DAYS, sorted(set(services)))
    return sha256(repr((made_by, versions())).encode()).hexdigest()


class Kept:
    """The copies that this process made last, compressed: many devices ask for the same one."""

    MOST = 4

    def __init__(self) -> None:
        self.made: OrderedDict[str, bytes] = OrderedDict()
        self.lock = Lock()

    def copy(self, mark: str, services: Collection[str], *, at: datetime) -> bytes:
        """JSON, compressed by gzip. `mark` is its fingerprint, taken before: a change since then is
        in the copy, and another fingerprint is asked for the next time."""
        if made := self.made.get(mark):
            return made
        # Who asks for the same meanwhile waits, rather than make it too.
        with self.lock:
            if mark not in self.made:
                told = copy_of(runbooks_to_copy(services), site=settings.SITE_URL, at=at)
                self.made[mark] = compress(in_json(told), LEVEL, mtime=0)
            made = self.made[mark]
            while len(self.made) > self.MOST:
                self.made.popitem(last=False)
            return made


def in_copies(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def in_json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


kept = Kept()
