"""Asks the lookup with texts whose right runbooks are known, and says how well it did."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from incidents.lookup.evaluation import (
    DEPTH,
    NotAQuery,
    Query,
    Score,
    answers_to,
    as_data,
    as_line,
    fallen,
    read_queries,
    scores,
)
from incidents.lookup.learning.operations import remember_ranks
from incidents.lookup.learning.queries import as_query, kept_queries
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from incidents.models import Runbook

FELL = 1
FLOORS = ("recall_at_1", "recall_at_5", "mrr_at_10")


class Command(BaseCommand):
    help = (
        "Score the lookup of runbooks with queries whose right answers are known: JSON lines "
        '{"id", "text", "relevant": [slug…]}, with "alert", "labels" and "variant" if wanted. '
        "Without a file it asks the test queries that are kept on the site. "
        "Prints recall@1, recall@5, MRR@10 and the latency of each variant. "
        "Ends with 1 where a figure is below its floor, or a kept query fell."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", type=Path, metavar="QUERIES.jsonl", nargs="?")
        parser.add_argument("--json", action="store_true", help="the figures as JSON")
        parser.add_argument(
            "--ranked", type=Path, metavar="FILE", help='keeps {"id", "ranked": [slug…]} a line'
        )
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FILE",
            help="writes the kept queries there, in the shape in which they are read, and ends",
        )
        parser.add_argument(
            "--fail-on-drop",
            action="store_true",
            help="names the kept queries that stood higher before",
        )
        for name in FLOORS:
            parser.add_argument(
                f"--floor-{name.replace('_', '-')}",
                type=share,
                metavar="SHARE",
                help="from 0 to 1, over all queries",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["queries"] and (options["export"] or options["fail_on_drop"]):
            raise CommandError("--export and --fail-on-drop are for the kept queries: no file.")
        kept = [] if options["queries"] else list(kept_queries().order_by("pk"))
        queries = read_file(options["queries"]) if options["queries"] else [*map(as_query, kept)]
        if options["export"]:
            write(options["export"], [as_line(query) for query in queries])
            self.stderr.write(f"Kept queries written: {len(queries)}.")
            return
        if not queries:
            where = options["queries"] or "what is kept on the site"
            raise CommandError(f"There is no query in {where}.")
        answers = answers_to(queries, ask)
        if options["ranked"]:
            lines = ({"id": answer.query.id, "ranked": answer.ranked} for answer in answers)
            write(options["ranked"], [json.dumps(line) for line in lines])
        figures = scores(answers)
        if not options["json"]:
            self.warn_of_missing(queries)
        self.show(figures, as_json=options["json"])
        drops = below_floors(figures["all"], options)
        if options["fail_on_drop"]:
            drops += fallen(answers, {str(query.pk): query.best_rank for query in kept})
        remember_ranks(kept, [answer.rank for answer in answers])
        if drops:
            self.stderr.write("\n".join(drops))
            sys.exit(FELL)

    def show(self, figures: dict[str, Score], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(as_data(figures), indent=2))
            return
        self.stdout.write(f"On {connection.display_name}, of the first {DEPTH}; in percent:")
        self.stdout.write("           queries  recall@1  recall@5  MRR@10   p50 ms  p95 ms")
        for name, one in figures.items():
            self.stdout.write(
                f"{name:10} {one.queries:7}  {one.recall_at_1:8.1%}  {one.recall_at_5:8.1%}"
                f"  {one.mrr_at_10:6.1%}  {one.p50_ms:7.1f} {one.p95_ms:7.1f}"
            )

    def warn_of_missing(self, queries: list[Query]) -> None:
        wanted = {slug for query in queries for slug in query.relevant}
        here = set(Runbook.objects.values_list("slug", flat=True))
        if missing := wanted - here:
            self.stderr.write(
                f"{len(missing)} of the {len(wanted)} runbooks that are to be found are not here."
            )


def read_file(path: Path) -> list[Query]:
    try:
        with path.open(encoding="utf-8") as file:
            return read_queries(file)
    except (OSError, UnicodeDecodeError, NotAQuery) as error:
        raise CommandError(str(error)) from None


def ask(query: Query) -> list[str]:
    found = best_runbooks(read_question(query.text, query.labels), limit=DEPTH)
    return [runbook.slug for runbook in found]


def write(path: Path, lines: list[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise CommandError(str(error)) from None


def below_floors(figures: Score, options: dict[str, Any]) -> list[str]:
    asked = {name: options[f"floor_{name}"] for name in FLOORS}
    return [
        f"{name} is {getattr(figures, name):.3f}, below its floor of {floor:g}."
        for name, floor in asked.items()
        if floor is not None and getattr(figures, name) < floor
    ]


def share(text: str) -> float:
    sentence = f"“{text}” is no share: it is a number from 0 to 1."
    try:
        number = float(text)
    except ValueError:
        raise ArgumentTypeError(sentence) from None
    if not 0 <= number <= 1:
        raise ArgumentTypeError(sentence)
    return number
