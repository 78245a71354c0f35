"""Asks the lookup with texts whose right runbooks are known, and says how well it did."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from incidents.lookup.evaluation import (
    DEPTH,
    Answer,
    NotAQuery,
    Query,
    answers_to,
    as_data,
    read_queries,
    scores,
)
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from incidents.models import Runbook


class Command(BaseCommand):
    help = (
        "Score the lookup of runbooks with queries whose right answers are known: JSON lines "
        '{"id", "text", "relevant": [slug…]}, with "alert", "labels" and "variant" if wanted. '
        "Prints recall@1, recall@5, MRR@10 and the latency of each variant."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", type=Path, metavar="QUERIES.jsonl")
        parser.add_argument("--json", action="store_true", help="the figures as JSON")
        parser.add_argument(
            "--ranked", type=Path, metavar="FILE", help='keeps {"id", "ranked": [slug…]} a line'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["queries"].open(encoding="utf-8") as file:
                queries = read_queries(file)
        except (OSError, UnicodeDecodeError, NotAQuery) as error:
            raise CommandError(str(error)) from None
        if not queries:
            raise CommandError(f"There is no query in {options['queries']}.")
        answers = answers_to(queries, ask)
        if options["ranked"]:
            keep(answers, options["ranked"])
        figures = scores(answers)
        if options["json"]:
            self.stdout.write(json.dumps(as_data(figures), indent=2))
            return
        self.warn_of_missing(queries)
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


def ask(query: Query) -> list[str]:
    found = best_runbooks(read_question(query.text, query.labels), limit=DEPTH)
    return [runbook.slug for runbook in found]


def keep(answers: list[Answer], path: Path) -> None:
    lines = (json.dumps({"id": answer.query.id, "ranked": answer.ranked}) for answer in answers)
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise CommandError(str(error)) from None
