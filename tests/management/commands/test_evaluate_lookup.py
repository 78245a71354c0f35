import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.lookup.operations import keep_findable
from tests.factories import a_runbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    keep_findable(
        a_runbook(title="Pool is empty", slug="pool", alerts="PoolEmpty"),
        a_runbook(title="Disk is full", slug="disk"),
    )
    path = tmp_path / "queries.jsonl"
    lines = [
        {"id": "1", "text": "empty pool", "relevant": ["pool"], "variant": "words"},
        {"id": "2", "text": "", "alert": "PoolEmpty", "relevant": ["pool"], "variant": "name"},
        {"id": "3", "text": "quorum", "relevant": ["disk"], "variant": "words"},
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def evaluated(*arguments: object) -> str:
    said = StringIO()
    call_command("evaluate_lookup", *map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


def test_it_works(queries: Path) -> None:
    said = evaluated(queries)
    assert "66.7%" in said
    assert "words" in said


def test_the_figures_as_data_and_what_was_ranked(queries: Path, tmp_path: Path) -> None:
    ranked = tmp_path / "ranked.jsonl"
    figures = json.loads(evaluated(queries, "--json", "--ranked", ranked))
    assert figures["name"]["recall_at_1"] == 1
    assert [json.loads(line) for line in ranked.read_text().splitlines()] == [
        {"id": "1", "ranked": ["pool"]},
        {"id": "2", "ranked": ["pool"]},
        {"id": "3", "ranked": []},
    ]


def test_what_is_to_be_found_and_is_not_here_is_said(queries: Path) -> None:
    queries.write_text('{"id": "1", "text": "pool", "relevant": ["elsewhere"]}\n')
    assert "1 of the 1 runbooks" in evaluated(queries)


@pytest.mark.parametrize("text", ["", "\n\n", "nonsense"])
def test_a_file_without_queries_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(text)
    with pytest.raises(CommandError):
        evaluated(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"queries\.jsonl"):
        evaluated(tmp_path / "queries.jsonl")
