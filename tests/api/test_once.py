"""`Idempotency-Key`: a request that comes twice makes nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from incidents.api.operations import KEPT, LONGEST_RUN, StillRunning, carry_out, claim_request
from incidents.api.tasks import forget
from incidents.models import Incident, KeyedRequest, Role, TimelineEvent
from tests.api.programs import Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db
SENT = {"title": "Orders time out"}


def test_it_works() -> None:
    program = an_editor()
    first = program.sends("post", "incidents/", SENT, idempotency_key="a-1")
    again = program.sends("post", "incidents/", SENT, idempotency_key='"a-1"')
    assert Incident.objects.count() == 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("ETag", "Location", "Content-Type"):
        assert again[name] == first[name]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_without_a_key_it_is_made_twice() -> None:
    program = an_editor()
    for _ in range(2):
        program.writes("post", "incidents/", SENT)
    assert Incident.objects.count() == 2
    assert not KeyedRequest.objects.exists()


def test_another_request_with_the_same_key_is_refused() -> None:
    program = an_editor()
    incident = an_incident()
    program.writes("post", "incidents/", SENT, idempotency_key="a")
    other = Program(program.owner, scope="write")
    for who, path, sent in (
        (program, "incidents/", {"title": "Other"}),
        (program, f"incidents/{incident.reference}/events/", SENT),
        # It may reach less.
        (other, "incidents/", SENT),
    ):
        answer = who.sends("post", path, sent, idempotency_key="a")
        assert list(refused(answer, 422)["errors"]) == ["Idempotency-Key"]


def test_each_person_has_their_own_keys() -> None:
    for program in (an_editor(), an_editor()):
        program.writes("post", "incidents/", SENT, idempotency_key="a")
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    refused(an_editor().sends("post", "incidents/", SENT, idempotency_key=key), 400)
    assert not Incident.objects.exists()


def test_what_was_refused_may_be_sent_again() -> None:
    program = an_editor()
    refused(program.sends("post", "incidents/", {}, idempotency_key="a"), 422)
    program.writes("post", "incidents/", SENT, idempotency_key="a")


def test_what_broke_may_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    program = an_editor()
    program.client.raise_request_exception = False

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("incidents.api.resources.incidents.with_parts", breaks)
        refused(program.sends("post", "incidents/", SENT, idempotency_key="a"), 500)
    assert not Incident.objects.exists()
    program.writes("post", "incidents/", SENT, idempotency_key="a")


def test_what_is_under_way_is_not_begun_again() -> None:
    program = an_editor()
    program.writes("post", "incidents/", SENT, idempotency_key="a")
    KeyedRequest.objects.update(made=None, status=None)
    refused(program.sends("post", "incidents/", SENT, idempotency_key="a"), 409)
    assert Incident.objects.count() == 1


def test_what_a_process_left_is_taken_up() -> None:
    program = an_editor()
    program.writes("post", "incidents/", SENT, idempotency_key="a")
    long_ago = timezone.now() - LONGEST_RUN
    KeyedRequest.objects.update(made=None, status=None, begun_at=long_ago)
    Incident.objects.all().delete()
    program.writes("post", "incidents/", SENT, idempotency_key="a")
    assert Incident.objects.count() == 1


def test_who_was_taken_over_writes_nothing() -> None:
    person, at = a_user(), timezone.now()
    mine = claim_request(key="a", fingerprint="f", by=person, at=at)
    claim_request(key="a", fingerprint="f", by=person, at=at + LONGEST_RUN)

    def does() -> tuple[int, int]:
        return an_incident().pk, 201

    with pytest.raises(StillRunning):
        carry_out(mine, does, by=person, at=at)
    assert not Incident.objects.exists()
    assert KeyedRequest.objects.get().status is None


def test_steps_and_parts_take_keys_too() -> None:
    program = an_editor()
    incident = an_incident(owner=program.owner)
    way = f"incidents/{incident.reference}"
    for _ in range(2):
        program.writes("post", f"{way}/events/", {"text": "It rose."}, idempotency_key="e")
        told = program.writes("post", f"{way}/withdraw/", {"reason": "x"}, idempotency_key="w")
        assert told["state"] == "withdrawn"
    assert TimelineEvent.objects.count() == 1


def test_a_step_that_names_its_version_is_taken_once() -> None:
    program, runbook = an_editor(), a_runbook()
    at = f"runbooks/{runbook.slug}/verify/"
    answers = [program.sends("post", at, of=runbook, idempotency_key="v") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1]["Idempotency-Replayed"] == "true"
    refused(program.sends("post", at, of=runbook, idempotency_key="w"), 412)


def test_the_answer_is_for_who_may_see_it_still() -> None:
    program = an_editor()
    sent = {**SENT, "owner": None}
    made = program.writes("post", "incidents/", sent, idempotency_key="a")
    Incident.objects.update(visibility="restricted")
    refused(program.sends("post", "incidents/", sent, idempotency_key="a"), 404)
    assert made["reference"] == Incident.objects.get().reference
    program.owner.role = Role.READER
    program.owner.save()
    refused(program.sends("post", "incidents/", sent, idempotency_key="a"), 403)


def test_it_is_forgotten_after_a_day() -> None:
    program = an_editor()
    program.writes("post", "incidents/", SENT, idempotency_key="old")
    KeyedRequest.objects.update(begun_at=timezone.now() - KEPT)
    program.writes("post", "incidents/", SENT, idempotency_key="new")

    class Work:
        at = timezone.now()

    assert forget(Work()) == "Requests of programs forgotten: 1"  # type: ignore[arg-type]
    assert KeyedRequest.objects.get().key == "new"


def test_an_old_key_may_be_used_again() -> None:
    program = an_editor()
    program.writes("post", "incidents/", SENT, idempotency_key="a")
    KeyedRequest.objects.update(begun_at=timezone.now() - KEPT - timedelta(seconds=1))
    program.writes("post", "incidents/", {"title": "Another"}, idempotency_key="a")
    assert Incident.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_it() -> None:
    program = an_editor()
    start = Barrier(4)

    def send(_: int) -> Any:
        try:
            start.wait()
            return program.sends("post", "incidents/", SENT, idempotency_key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))

    assert Incident.objects.count() == 1
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 409}
    replayed = [one for one in answers if one.headers.get("Idempotency-Replayed")]
    assert statuses.count(201) == 1 + len(replayed)
