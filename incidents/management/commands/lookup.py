"""The responder's search in a terminal."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from incidents.access.permissions import everybody
from incidents.api.lookup import LIMIT, MOST, answers_as_data, find
from incidents.lookup.learning.operations import keep
from incidents.lookup.learning.row import Asker, row_of
from incidents.lookup.matchers import ALERTNAME
from incidents.lookup.question import LONGEST_JSON, read_question
from incidents.models import Way

NOTHING_FOUND = 1


class Command(BaseCommand):
    help = (
        "Find the runbooks for an alert or any text, with past incidents like it. Shows what is "
        "open to everybody who signs in; restricted records are not among it. Ends with 1 where "
        "nothing is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "text", nargs="*", metavar="TEXT", help="what was seen; - reads it from the input"
        )
        parser.add_argument("--alert", metavar="NAME", help="the alert's name")
        parser.add_argument(
            "--label",
            action="append",
            default=[],
            type=label,
            metavar="NAME=VALUE",
            help="a label of the alert; may be given several times",
        )
        parser.add_argument(
            "--limit", type=limit, default=LIMIT, metavar="N", help="how many of each kind"
        )
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        text = " ".join(options["text"])
        if options["text"] == ["-"]:
            text = sys.stdin.buffer.read(LONGEST_JSON).decode(errors="replace")
        labels = dict(options["label"])
        if options["alert"]:
            labels[ALERTNAME] = options["alert"]
        # What a terminal passes that is no text becomes a sign for it.
        text = text.encode(errors="replace").decode()
        question = read_question(text, labels)
        answered = find(question, user=everybody(), limit=options["limit"])
        found = answers_as_data(answered)
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            # At once, so that `| head` closes nothing that is still being written to.
            self.stdout.write("\n".join(self.lines_of(found)))
        asker = Asker(by=None, way=Way.TERMINAL, at=timezone.now())
        if row := row_of(question, answered.answers.runbooks, asker):
            keep([row])
        if not any(found[kind] for kind in ("runbooks", "incidents", "knobs", "lessons")):
            sys.exit(NOTHING_FOUND)

    def lines_of(self, found: dict[str, Any]) -> Iterator[str]:
        for runbook in found["runbooks"]:
            yield from self.runbook_lines(runbook)
        if not found["runbooks"]:
            yield "No runbook for this."
        for incident in found["incidents"]:
            yield from self.incident_lines(incident)
        for row in [*found["knobs"], *found["lessons"]]:
            yield f"{plain(row['title'])}  {self.faint(row['url'])}"
        if found["unsearched"]:
            yield (
                f"{found['unsearched']:,} records could not be searched: the index of this machine"
                " is not made yet. A running site makes it, and manage.py rebuild_lookup."
            )

    def runbook_lines(self, runbook: dict[str, Any]) -> Iterator[str]:
        why = runbook["why"]
        title = self.style.SUCCESS if why["exact_alert"] else self.style.MIGRATE_HEADING
        yield f"{title(plain(runbook['title']))}  {self.faint(runbook['url'])}"
        reasons = [f"alert {why['alert_line']}"] if why["alert_line"] else []
        reasons += [f"service {name}" for name in why["services"]]
        reasons += ["words"] if why["words"] else []
        reasons += [f"verified {runbook['verified']}" if runbook["verified"] else "never verified"]
        if runbook["unverified_since"]:
            reasons += [f"unverified since {runbook['unverified_since']}"]
        reasons += [f"helped {runbook['helped']}, failed {runbook['failed']}"]
        yield "  " + " · ".join(map(plain, reasons))
        yield from (f"    {plain(line)}" for line in runbook["first_steps"])
        yield ""

    def incident_lines(self, incident: dict[str, Any]) -> Iterator[str]:
        title = self.style.MIGRATE_HEADING(plain(incident["title"]))
        yield f"{incident['reference']}  {title}  {self.faint(incident['url'])}"
        for turn in incident["turned"]:
            knob = f"{turn['component']} {turn['key']}"
            yield plain(f"    {turn['part']}: {knob}: {turn['before']} → {turn['after']}")
        for what, how_long in incident["took"].items():
            yield f"    {what} after {how_long}"

    def faint(self, text: str) -> str:
        return self.style.HTTP_INFO(text)


def plain(text: str) -> str:
    """Without what a terminal would obey: titles and texts are anybody's."""
    return "".join(char if char.isprintable() else " " for char in text)


def label(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise ArgumentTypeError(f"“{text}” is not NAME=VALUE.")
    return name, value


def limit(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST:
        raise ArgumentTypeError(f"It is a whole number from 1 to {MOST}.")
    return int(text)
