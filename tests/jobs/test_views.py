"""The pages of work that is owed: for administrators alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.jobs import nudges, queries
from incidents.jobs.operations import owe, owe_batch
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Job, JobState, Queue, QueueSeen, User
from tests.factories import NOW, a_user
from tests.jobs.conftest import Register
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> User:
    user = a_user("admin")
    client.force_login(user)
    return user


def refuse(work: Work, *, number: int = 0) -> str:
    raise CannotBeDone("Not like this.")


def text(client: Client, address: str = "/jobs/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def a_failed_job(a_kind: Register) -> Job:
    a_kind(refuse)
    job = owe("test.work", {}, at=NOW)
    do_all_jobs()
    return job


class TestTheList:
    def test_it_works(self, client: Client, admin: User, a_kind: Register) -> None:
        a_kind()
        a_kind(refuse, name="test.refused")
        owe("test.work", {}, at=NOW)
        owe("test.refused", {}, at=NOW)
        do_all_jobs()

        page = text(client)

        assert "It went well" in page
        assert "Not like this." in page

    def test_what_failed_is_first(self, client: Client, admin: User, a_kind: Register) -> None:
        a_kind()
        failed = a_failed_job_of("test.refused", a_kind)
        later = owe("test.work", {}, at=NOW)

        answer = client.get("/jobs/")

        assert list(answer.context["page"]) == [failed, later]

    @pytest.mark.parametrize(
        ("asked", "count"),
        [("state=failed", 1), ("state=owed", 1), ("queue=heavy", 0), ("kind=test.work", 1)],
    )
    def test_it_can_be_narrowed(
        self, client: Client, admin: User, a_kind: Register, asked: str, count: int
    ) -> None:
        a_kind()
        a_failed_job_of("test.refused", a_kind)
        owe("test.work", {}, at=NOW)

        assert len(client.get(f"/jobs/?{asked}").context["page"]) == count

    @pytest.mark.parametrize("asked", ["state=lost", "kind=nobody.knows", "queue=", "sort=secret"])
    def test_a_strange_wish_does_no_harm(self, client: Client, admin: User, asked: str) -> None:
        assert client.get(f"/jobs/?{asked}").status_code == 200

    @pytest.mark.parametrize("role", ["reader", "editor"])
    def test_it_is_for_administrators(self, client: Client, role: str) -> None:
        client.force_login(a_user(role))

        assert client.get("/jobs/").status_code == 403

    def test_an_empty_list_says_so(self, client: Client, admin: User) -> None:
        assert "Nothing is owed" in text(client)

    def test_queries_do_not_grow(
        self,
        client: Client,
        admin: User,
        a_kind: Register,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        a_kind(refuse)
        counts = []
        for jobs in (3, 30):
            owe_batch("Some", "test.work", [{"number": n} for n in range(jobs)], at=NOW, by=admin)
            do_all_jobs()
            with django_assert_max_num_queries(15) as found:
                text(client)
            counts.append(len(found))

        assert counts[0] == counts[1]

    def test_work_of_another_version_is_told(
        self, client: Client, admin: User, a_kind: Register
    ) -> None:
        a_kind()
        job = owe("test.work", {}, at=NOW)
        Job.objects.update(kind="of.tomorrow")

        assert "of another version" in text(client)
        assert "does not know this kind" in text(client, job.get_absolute_url())


class TestWhoLooks:
    def test_a_queue_without_a_worker_is_told(self, client: Client, admin: User) -> None:
        assert text(client).count("No worker looks for") == 2

    def test_a_worker_that_looks_is_enough(self, client: Client, admin: User) -> None:
        QueueSeen.objects.create(queue=Queue.LIGHT, seen_at=timezone.now())
        QueueSeen.objects.create(queue=Queue.HEAVY, seen_at=timezone.now() - timedelta(hours=1))

        page = text(client)

        assert "for heavy work: the last one did 1" in page
        assert "for light work" not in page

    def test_so_is_one_that_is_at_it(self) -> None:
        Job.objects.create(
            kind="test.work",
            queue=Queue.HEAVY,
            state=JobState.RUNNING,
            token="x",
            lease_until=NOW,
            made_at=NOW,
            due_at=NOW,
        )

        assert [each.queue for each in queries.unattended(at=NOW)] == ["light"]

    def test_a_broker_that_is_away_is_told(
        self, client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "broker" not in text(client)
        monkeypatch.setattr(nudges._nudger, "failure", "ConnectionRefusedError")
        assert "The broker cannot be reached (ConnectionRefusedError)" in text(client)


class TestOneJob:
    def test_it_works(self, client: Client, admin: User, a_kind: Register) -> None:
        def remind(work: Work, *, person: int, note: str, by_mail: bool) -> str:
            return "Reminded"

        a_kind(remind)
        given = {"person": 1, "note": "The secret title", "by_mail": True}
        job = owe("test.work", given, at=NOW, by=admin)
        Job.objects.update(state=JobState.RUNNING, token="x", lease_until=NOW)
        Job.objects.update(progress_done=3, progress_total=7)

        page = text(client, job.get_absolute_url())

        assert "3 of 7" in page
        assert "<dd>1</dd>" in page
        # Nobody knows whether its reader may.
        assert "The secret title" not in page
        assert "a text of 16 characters" in page
        assert admin.username in page

    def test_it_looks_again_until_it_is_ended(
        self, client: Client, admin: User, a_kind: Register
    ) -> None:
        a_kind()
        job = owe("test.work", {}, at=NOW)
        assert 'hx-trigger="every 2s"' in text(client, job.get_absolute_url())
        do_all_jobs()
        piece = client.get(
            job.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "job"}
        )

        assert "hx-trigger" not in piece.content.decode()
        assert piece.content.decode().strip().startswith("<section")

    def test_what_is_not_there_is_not_found(self, client: Client, admin: User) -> None:
        assert client.get("/jobs/99/").status_code == 404
        assert client.get(f"/jobs/{10**30}/").status_code == 404

    def test_it_is_for_administrators(self, client: Client, a_kind: Register) -> None:
        job = a_failed_job(a_kind)
        client.force_login(a_user("editor"))

        assert client.get(job.get_absolute_url()).status_code == 403


class TestRetrying:
    def test_it_works(self, client: Client, admin: User, a_kind: Register) -> None:
        job = a_failed_job(a_kind)

        answer = client.post(f"/jobs/{job.pk}/retry/", follow=True)

        assert "It is owed again." in answer.content.decode()
        job.refresh_from_db()
        assert (job.state, job.by) == (JobState.OWED, admin)

    def test_what_somebody_retried_already_is_told(
        self, client: Client, admin: User, a_kind: Register
    ) -> None:
        job = a_failed_job(a_kind)
        client.post(f"/jobs/{job.pk}/retry/")

        answer = client.post(f"/jobs/{job.pk}/retry/")

        assert answer.status_code == 409
        assert "somebody retried it already" in answer.content.decode()

    def test_all_of_a_kind(self, client: Client, admin: User, a_kind: Register) -> None:
        a_failed_job(a_kind)
        owe("test.work", {}, at=NOW)
        do_all_jobs()

        answer = client.post("/jobs/retry/", {"kind": "test.work"}, follow=True)

        assert "2 of “test.work” owed again." in answer.content.decode()
        assert not Job.objects.filter(state=JobState.FAILED).exists()

    @pytest.mark.parametrize("kind", ["", "nobody.knows"])
    def test_of_a_kind_that_did_not_fail_nothing(
        self, client: Client, admin: User, kind: str
    ) -> None:
        answer = client.post("/jobs/retry/", {"kind": kind}, follow=True)

        assert "has failed, or somebody retried it" in answer.content.decode()

    @pytest.mark.parametrize("role", ["reader", "editor"])
    def test_it_is_for_administrators(self, client: Client, a_kind: Register, role: str) -> None:
        job = a_failed_job(a_kind)
        client.force_login(a_user(role))

        assert client.post(f"/jobs/{job.pk}/retry/").status_code == 403
        assert client.post("/jobs/retry/", {"kind": "test.work"}).status_code == 403
        job.refresh_from_db()
        assert job.state == JobState.FAILED


class TestABatch:
    def test_it_works(self, client: Client, admin: User, a_kind: Register) -> None:
        a_kind(refuse)
        batch = owe_batch("Reminders", "test.work", [{"number": n} for n in range(5)], at=NOW)

        before = text(client, batch.get_absolute_url())
        do_all_jobs()
        after = text(client, batch.get_absolute_url())

        assert "<dt>Left</dt><dd>5</dd>" in before
        assert "<dt>Failed</dt><dd>5</dd>" in after
        assert "Reminders" in text(client)

    def test_it_looks_again_until_all_is_ended(
        self, client: Client, admin: User, a_kind: Register
    ) -> None:
        a_kind()
        batch = owe_batch("Reminders", "test.work", [{}], at=NOW)
        assert 'hx-trigger="every 2s"' in text(client, batch.get_absolute_url())
        do_all_jobs()
        piece = client.get(batch.get_absolute_url(), headers={"HX-Target": "counts"})

        assert "hx-trigger" not in piece.content.decode()

    def test_it_is_for_administrators(self, client: Client, a_kind: Register) -> None:
        a_kind()
        batch = owe_batch("Reminders", "test.work", [{}], at=NOW)
        client.force_login(a_user("editor"))

        assert client.get(batch.get_absolute_url()).status_code == 403


def a_failed_job_of(name: str, a_kind: Register) -> Job:
    a_kind(refuse, name=name)
    job = owe(name, {}, at=NOW)
    do_all_jobs()
    return job
