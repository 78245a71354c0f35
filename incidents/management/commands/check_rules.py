"""Which alerts of Prometheus lead to no runbook."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.models import AlertRule
from incidents.runbooks.coverage.judging import WRONG, Judged, Standing
from incidents.runbooks.coverage.operations import keep_rules
from incidents.runbooks.coverage.queries import judged
from incidents.runbooks.coverage.reading import UnreadableRules, read_rules

FINDINGS, UNREADABLE = 1, 2
LONGEST_SOURCE = AlertRule._meta.get_field("source").max_length


class Command(BaseCommand):
    help = (
        "Say which alerts of Prometheus rule files (plain, or PrometheusRule resources) have no "
        "runbook here, and which runbook links are dead. Exit code 0: all have one; 1: some have "
        "none; 2: a file could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rules", nargs="+", type=Path, metavar="RULES.yaml")
        parser.add_argument("--all", action="store_true", help="also list the alerts that have one")
        parser.add_argument("--json", action="store_true", help="the findings as JSON")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="keep what was read for /runbooks/coverage/, in place of what the same file said",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[tuple[Path, Judged]] = []
        unread: list[tuple[Path, str]] = []
        for path in options["rules"]:
            try:
                rules = read_rules(path)
            except UnreadableRules as refused:
                unread.append((path, str(refused)))
                continue
            if options["keep"]:
                keep_rules(self.source(path), rules, at=timezone.now())
            found += [(path, one) for one in judged(rules)]
        tell = self.tell_as_data if options["json"] else self.tell
        tell([pair for pair in found if options["all"] or pair[1].standing in WRONG], found)
        for path, why in unread:
            self.stderr.write(f"{path}: {why}")
        if unread:
            sys.exit(UNREADABLE)
        if any(one.standing in WRONG for _path, one in found):
            sys.exit(FINDINGS)

    def source(self, path: Path) -> str:
        source = str(path)
        if len(source) > (LONGEST_SOURCE or 0):
            raise CommandError(f"The path has more than {LONGEST_SOURCE} characters: {source}")
        return source

    def tell(self, told: list[tuple[Path, Judged]], found: list[tuple[Path, Judged]]) -> None:
        for path, one in told:
            about = one.slug or one.rule.runbook_url
            line = f"{one.standing.label:16} {one.rule.alert}  {about}".rstrip()
            self.stdout.write(f"{line}  ({path}, {one.rule.group})")
        standings = [one.standing for _path, one in found]
        counted = (f"{one.label}: {standings.count(one)}" for one in Standing)
        self.stdout.write(f"{len(found)} alerts; {', '.join(counted)}.")

    def tell_as_data(self, told: list[tuple[Path, Judged]], found: object) -> None:
        rows = [
            {
                "source": str(path),
                "group": one.rule.group,
                "alert": one.rule.alert,
                "standing": one.standing.value,
                "runbook": one.slug,
                "runbook_url": one.rule.runbook_url,
            }
            for path, one in told
        ]
        self.stdout.write(json.dumps(rows, indent=2))
