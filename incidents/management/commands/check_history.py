"""Whether somebody changed history past the site."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from incidents.history.checking import Checked, Finding, check

FINDINGS = 1


class Command(BaseCommand):
    help = (
        "Look at every line of history: whether it is as it was written, and none is missing. Exit "
        "code 0: all is well; 1: something is not, and what it is, line by line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="what is wrong, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = Checked()
        wrong = 0
        if options["json"]:
            found = [as_data(one) for one in check(checked)]
            self.stdout.write(json.dumps({"lines": checked.lines, "wrong": found}, indent=2))
            wrong = len(found)
        else:
            # Each as it is found: there may be very many.
            for one in check(checked):
                self.stdout.write(as_text(one))
                wrong += 1
            self.stdout.write(f"{checked.lines:,} lines of history; {wrong:,} wrong.")
        if wrong:
            sys.exit(FINDINGS)


def as_data(finding: Finding) -> dict[str, Any]:
    return {
        "document_type": finding.document.type,
        "document_id": finding.document.id,
        "line": finding.line,
        "wrong": finding.wrong,
    }


def as_text(finding: Finding) -> str:
    document = f"{finding.document.type} {finding.document.id}"
    line = "" if finding.line is None else f", line {finding.line}"
    return f"{document}{line}: {finding.wrong}"
