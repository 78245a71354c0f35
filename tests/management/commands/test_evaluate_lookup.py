import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.lookup.learning.operations import keep_query
from incidents.lookup.operations import keep_findable
from incidents.models import KeptQuery, Lookup, Runbook
from incidents.runbooks.operations import change_runbook
from tests.factories import NOW, a_runbook, a_user

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


def fails(*arguments: object) -> str:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("evaluate_lookup", *map(str, arguments), stdout=StringIO(), stderr=said)
    assert ended.value.code == 1
    return said.getvalue()


class TestFloors:
    def test_a_figure_below_its_floor_fails(self, queries: Path) -> None:
        said = fails(queries, "--floor-recall-at-1", "0.7", "--floor-mrr-at-10", "0.6")
        assert said == "recall_at_1 is 0.667, below its floor of 0.7.\n"

    def test_a_figure_at_its_floor_does_not(self, queries: Path) -> None:
        evaluated(queries, "--floor-recall-at-1", "0.66", "--floor-recall-at-5", "0")

    @pytest.mark.parametrize("floor", ["x", "-0.1", "1.1", "nan", "90"])
    def test_what_is_no_share_is_refused(self, queries: Path, floor: str) -> None:
        with pytest.raises(CommandError, match="from 0 to 1"):
            evaluated(queries, f"--floor-mrr-at-10={floor}")


class TestKeptQueries:
    """What people asked and did not find, once somebody said which runbook is right."""

    @pytest.fixture
    def room(self) -> Runbook:
        runbook = a_runbook(title="Clean up", slug="room", version=1)
        keep_findable(runbook, a_runbook(title="A disk that is full"))
        return runbook

    def keep(self, *relevant: Runbook, text: str = "disk full", **labels: str) -> KeptQuery:
        return keep_query(text, labels, relevant=relevant, by=a_user(), at=NOW)

    def change(self, runbook: Runbook, **values: str) -> None:
        runbook.refresh_from_db()
        change_runbook(runbook, version=runbook.version, values=values, by=None, at=NOW)

    def test_a_miss_that_was_mended_may_not_be_missed_again(self, room: Runbook) -> None:
        query = self.keep(room)
        assert query.best_rank is None
        # Never found, it cannot drop.
        assert "0.0%" in evaluated("--fail-on-drop")

        self.change(room, title="Disk full: clean up")
        assert "100.0%" in evaluated("--fail-on-drop")
        self.change(room, title="Clean up")

        said = fails("--fail-on-drop")
        assert said == (
            f"Query {query.pk} fell ('disk full'): room stood at place 1, and is not found now.\n"
        )
        query.refresh_from_db()
        assert query.best_rank == 1

    def test_one_place_lower_is_a_drop(self, room: Runbook) -> None:
        self.change(room, title="Disk full: clean up")
        self.keep(room)
        other = a_runbook(title="Disk full")
        keep_findable(other)
        assert "room stood at place 1, and stands at 2 now." in fails("--fail-on-drop")
        # Without being asked to it tells figures, and ends well.
        assert "0.0%" in evaluated()

    def test_of_several_right_ones_one_is_enough(self, room: Runbook) -> None:
        other = a_runbook(title="Disk full")
        keep_findable(other)
        assert self.keep(room, other).best_rank == 1

    def test_labels_are_asked_with(self, room: Runbook) -> None:
        self.change(room, alerts="NoSpace")
        assert self.keep(room, text="", alertname="NoSpace").best_rank == 1
        assert "100.0%" in evaluated()

    def test_a_retired_runbook_is_a_drop(self, room: Runbook) -> None:
        self.change(room, title="Disk full")
        self.keep(room)
        self.change(room, state="retired")
        assert "not found" in fails("--fail-on-drop")

    def test_asking_again_is_no_lookup(self, room: Runbook) -> None:
        self.keep(room)
        evaluated()
        assert not Lookup.objects.exists()

    def test_they_can_be_kept_beside_the_code(self, room: Runbook, tmp_path: Path) -> None:
        self.keep(room, text="disk “full”\n\u2028", alertname="NoSpace")
        self.keep(room)
        path = tmp_path / "kept.jsonl"
        assert "Kept queries written: 2." in evaluated("--export", path)
        told = [json.loads(line) for line in path.read_text().split("\n")[:-1]]
        assert [line["text"] for line in told] == ["disk “full”\n\u2028", "disk full"]
        assert told[0]["labels"] == {"alertname": "NoSpace"}
        assert told[0]["relevant"] == ["room"]
        here, there = (json.loads(evaluated(*which, "--json")) for which in ([], [path]))
        assert here["all"]["recall_at_5"] == there["all"]["recall_at_5"]
        assert here["all"]["queries"] == there["all"]["queries"] == 2

    def test_without_any_there_is_nothing_to_ask(self) -> None:
        with pytest.raises(CommandError, match="no query in what is kept on the site"):
            evaluated()

    @pytest.mark.parametrize("option", [["--fail-on-drop"], ["--export", "kept.jsonl"]])
    def test_a_file_has_no_best_places(self, queries: Path, option: list[str]) -> None:
        with pytest.raises(CommandError, match="for the kept queries"):
            evaluated(queries, *option)

    def test_a_folder_that_is_not_there_is_refused(self, room: Runbook, tmp_path: Path) -> None:
        self.keep(room)
        with pytest.raises(CommandError, match="nowhere"):
            evaluated("--export", tmp_path / "nowhere" / "kept.jsonl")
