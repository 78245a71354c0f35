"""How good the lookup is: asked with texts whose right runbooks are known.

The measures are those of information retrieval: of each query, the rank r of the first relevant
runbook among the first ten. recall@k is the share of queries with r ≤ k; MRR@10 is the mean of 1/r,
nought where there is none (reciprocal rank: E. M. Voorhees, TREC-8, 1999).
"""

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEPTH = 10
"""How many runbooks are asked for."""


class NotAQuery(ValueError):
    """A line that is no query; the message says which and why."""


@dataclass(frozen=True)
class Query:
    """`relevant` are slugs; `variant` names the phrasing, for figures of each apart."""

    id: str
    text: str
    relevant: tuple[str, ...]
    variant: str = ""
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The slugs offered for a query, best first, and how long that took, in seconds."""

    query: Query
    ranked: tuple[str, ...]
    seconds: float

    @property
    def rank(self) -> int | None:
        """The place of the first relevant one, counted from 1."""
        places = (at for at, slug in enumerate(self.ranked, 1) if slug in self.query.relevant)
        return next(places, None)


@dataclass(frozen=True)
class Score:
    """Over `queries` queries: shares from 0 to 1, latencies in milliseconds."""

    queries: int
    recall_at_1: float
    recall_at_5: float
    mrr_at_10: float
    p50_ms: float
    p95_ms: float


def read_queries(lines: Iterable[str]) -> list[Query]:
    """JSON lines `{"id", "text", "relevant": [slug…], "alert"?, "labels"?, "variant"?}`.

    Raises `NotAQuery`.
    """
    return [read_query(line, at) for at, line in enumerate(lines, 1) if line.strip()]


def read_query(line: str, at: int) -> Query:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAQuery(f"Line {at} is not JSON: {error}.") from None
    if not isinstance(told, dict):
        raise NotAQuery(f"Line {at} is not an object.")
    for name, kind in (("id", str), ("text", str), ("relevant", list)):
        if not isinstance(told.get(name), kind):
            what = "a list of slugs" if kind is list else "a text"
            raise NotAQuery(f"Line {at} needs “{name}”, {what}.")
    labels = told.get("labels") or {}
    if not isinstance(labels, dict):
        raise NotAQuery(f"Line {at}: “labels” is not an object.")
    labels = {str(name): str(value) for name, value in labels.items()}
    if told.get("alert"):
        labels["alertname"] = str(told["alert"])
    return Query(
        id=told["id"],
        text=told["text"],
        relevant=tuple(map(str, told["relevant"])),
        variant=str(told.get("variant") or ""),
        labels=labels,
    )


def as_line(query: Query) -> str:
    """The line of JSON that `read_query` reads as this query."""
    told: dict[str, Any] = {"id": query.id, "text": query.text, "relevant": query.relevant}
    if query.labels:
        told["labels"] = query.labels
    if query.variant:
        told["variant"] = query.variant
    return json.dumps(told, ensure_ascii=False)


def answers_to(queries: Sequence[Query], ask: Callable[[Query], Sequence[str]]) -> list[Answer]:
    """`ask` gives the slugs for a query, best first."""
    answers = []
    for query in queries:
        begun = time.perf_counter()
        ranked = tuple(ask(query))[:DEPTH]
        answers.append(Answer(query, ranked, time.perf_counter() - begun))
    return answers


def scores(answers: Sequence[Answer]) -> dict[str, Score]:
    """One of all answers, named "all", and one of each variant."""
    by_variant: dict[str, list[Answer]] = {"all": list(answers)} if answers else {}
    for answer in answers:
        if answer.query.variant:
            by_variant.setdefault(answer.query.variant, []).append(answer)
    return {name: score(of) for name, of in by_variant.items()}


def score(answers: Sequence[Answer]) -> Score:
    """Raises `ValueError` where there is no answer: a share of nothing is no figure."""
    if not answers:
        raise ValueError("There is nothing to score.")
    ranks = [answer.rank for answer in answers]
    taken = sorted(answer.seconds * 1000 for answer in answers)

    def share(k: int) -> float:
        return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)

    return Score(
        queries=len(answers),
        recall_at_1=share(1),
        recall_at_5=share(5),
        mrr_at_10=sum(1 / rank for rank in ranks if rank is not None) / len(ranks),
        p50_ms=percentile(taken, 0.5),
        p95_ms=percentile(taken, 0.95),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def fallen(answers: Iterable[Answer], best: Mapping[str, int | None]) -> list[str]:
    """A sentence for each answer that stands lower than the best place of its query, by its id."""
    return [
        f"Query {answer.query.id} fell ({answer.query.text[:60]!r}):"
        f" {' or '.join(answer.query.relevant)} stood at place {before},"
        f" and {f'stands at {answer.rank}' if answer.rank else 'is not found'} now."
        for answer in answers
        if (before := best.get(answer.query.id)) and (answer.rank is None or answer.rank > before)
    ]


def as_data(all_scores: dict[str, Score]) -> dict[str, Any]:
    return {
        name: {key: round(value, 4) for key, value in vars(one).items()}
        for name, one in all_scores.items()
    }
