"""What an index cannot see: how much of a title was said, and names that are whole."""

import pytest

from incidents.lookup.engines import Ranked
from incidents.lookup.operations import keep_findable
from incidents.lookup.reranking import Wanted, find_in_archive, find_runbooks, is_named, said
from incidents.lookup.terms import asked, whole_names
from incidents.models import FoundKind, Incident, Lesson, SearchEntry
from tests.factories import a_lesson, a_runbook


def question(text: str) -> Wanted:
    return Wanted(frozenset(asked(text).terms), frozenset(whole_names(text)))


def a_head(title: str, names: str = "") -> SearchEntry:
    return SearchEntry(title=title, names=names)


def test_it_works() -> None:
    asked_with = question("the pool is empty")
    assert said(a_head("Empty pools"), asked_with) == 1
    assert said(a_head("Pool leaks"), asked_with) == 0.5
    assert said(a_head("Quorum"), asked_with) == 0


def test_a_title_without_words_is_no_error() -> None:
    assert said(a_head("???"), question("pool")) == 0


def test_a_name_that_is_a_whole_line_is_named() -> None:
    head = a_head("Something else", names="redis\nKubePodCrashLooping")
    assert is_named(head, question("[FIRING:1] KubePodCrashLooping on web-7"))
    assert is_named(a_head("node_down"), question("node-down"))


@pytest.mark.parametrize(
    "names", ["KubePodCrashLoopingForLong", "KubePodCrashLooping and more", "Kube", "", " \n "]
)
def test_a_name_that_is_part_of_a_line_is_not(names: str) -> None:
    assert not is_named(a_head("Something else", names=names), question("KubePodCrashLooping"))


@pytest.mark.django_db
class TestBest:
    def ranked(self, text: str, limit: int = 5) -> list[Ranked]:
        return find_runbooks(text, among=SearchEntry.objects.all(), limit=limit)

    def test_the_named_alert_leads_whatever_else_speaks_of_it(self) -> None:
        named = a_runbook(title="Southbound is stale", alerts="SouthboundStale")
        other = a_runbook(
            title="Southbound database disconnected: southbound stale northbound",
            body="SouthboundStale " * 20,
        )
        keep_findable(named, other)
        assert self.ranked("SouthboundStale\nsouthbound database")[0].record_id == named.pk

    def test_a_slip_of_the_finger_finds_it_too(self) -> None:
        wanted = a_runbook(title="Cluster lost its quorum")
        keep_findable(wanted, a_runbook(title="Disk is full"))
        assert [one.record_id for one in self.ranked("clutser quroum")] == [wanted.pk]

    def test_what_stands_in_a_body_is_no_slip(self) -> None:
        keep_findable(a_runbook(title="Cluster"), a_runbook(title="Disk", body="cluyster"))
        assert len(self.ranked("cluyster")) == 1

    def test_no_more_than_wanted_of_each_kind(self) -> None:
        for number in range(4):
            keep_findable(a_runbook(title=f"Pool {number}"))
        found = self.ranked("pool", limit=2)
        assert len(found) == 2
        assert found[0].found == 4

    def test_every_kind_keeps_its_own(self) -> None:
        for number in range(3):
            keep_findable(a_lesson(sentence=f"Watch pool {number}"))
        among = {FoundKind.INCIDENT: Incident.objects.all(), FoundKind.LESSON: Lesson.objects.all()}
        found = find_in_archive("watch the pool", among=among, limit=2)
        assert [one.kind for one in found] == ["lesson", "lesson"]
