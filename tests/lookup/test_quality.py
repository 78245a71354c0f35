"""Real alerts find their runbooks. The floors are a point or two below what was measured.

Corpus C1 has the runbooks as published. In C2 they do not name their alerts, and what they copied
from them is cut. Q1 is an alert as pasted, Q2 the same without its name, Q3 six words of it, Q4 a
paste with labels and expression.
"""

from pathlib import Path

import pytest

from incidents.importers.runbooks.operations import import_runbooks
from incidents.importers.runbooks.reading import read_tree
from incidents.lookup.evaluation import DEPTH, Query, answers_to, read_queries, scores
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from tests.corpus import find_corpus
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.corpus, pytest.mark.timeout(600)]

# recall@1 and MRR@10, in percent.
FLOORS = {
    "C1": {"Q1": (99, 99), "Q2": (87, 91), "Q3": (75, 81), "Q4": (99, 99)},
    "C2": {"Q1": (97, 98), "Q2": (78, 84), "Q3": (64, 73), "Q4": (95, 96)},
}


def ask(query: Query) -> list[str]:
    found = best_runbooks(read_question(query.text, query.labels), limit=DEPTH)
    return [runbook.slug for runbook in found]


@pytest.mark.parametrize("name", FLOORS)
def test_real_alerts_find_their_runbooks(name: str) -> None:
    corpus = find_corpus()
    assert corpus is not None
    tree = read_tree([Path(corpus, name)])
    assert not tree.unread
    done = import_runbooks(tree.pages, by=None, at=NOW)
    assert len(done.made) == len(tree.pages) > 200

    with Path(corpus, "queries.jsonl").open(encoding="utf-8") as file:
        answers = answers_to(read_queries(file), ask)

    figures = scores(answers)
    for variant, (recall, mrr) in FLOORS[name].items():
        assert figures[variant].recall_at_1 * 100 >= recall, variant
        assert figures[variant].mrr_at_10 * 100 >= mrr, variant
