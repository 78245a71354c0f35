"""Of each check it is kept what was checked, by which guards as they were, and what was found."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.guard.files import Given
from incidents.guard.operations import change_guard
from incidents.guard.runs import operations, rows
from incidents.jobs.operations import owe
from incidents.models import (
    CheckDoor,
    CheckFinding,
    CheckRun,
    FoundByCheck,
    GuardVersion,
    Job,
    LessonState,
    Visibility,
)
from tests.factories import NOW, a_delta, a_knob, a_lesson, a_user, an_incident
from tests.guard.runs.made import BEFORE, a_guard, a_run
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

BEARER = {"Authorization": "Bearer token"}
SECRET = "hunter2hunter2"
READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET default_transaction_read_only = on",
        "SET default_transaction_read_only = off",
    ),
}


def everything() -> str:
    """All that is written down of all runs."""
    tables = (CheckRun, CheckFinding, GuardVersion)
    return json.dumps([list(table._base_manager.values()) for table in tables], default=str)


def findings(kind: FoundByCheck) -> list[CheckFinding]:
    return list(CheckFinding.objects.filter(kind=kind).order_by("position"))


def test_it_works() -> None:
    guard = a_guard(severity="warning")

    run = a_run(name="checkout", revision="3f2a1c")

    assert (run.name, run.revision, run.door, run.by) == ("checkout", "3f2a1c", "program", None)
    assert [one["name"] for one in run.files] == ["unicorn.rb"]
    assert (run.file_count, run.setting_count, run.unreadable) == (1, 1, [])
    (found,) = CheckFinding.objects.all()
    assert found.run == run
    assert (found.kind, found.lesson, found.incident) == (
        "violated",
        guard.lesson,
        guard.lesson.learned_from,
    )
    assert (found.name, found.file, found.line, found.written) == (
        "unicorn.timeout",
        "unicorn.rb",
        1,
        "30",
    )
    assert found.message == "30 s is too short."
    assert found.guard is not None
    assert (found.guard.guard, found.guard.version) == (guard, 1)
    assert found.guard.expression == "unicorn.timeout >= 60"
    assert (found.guard.message, found.guard.severity) == (guard.message, "warning")


def test_a_guard_is_kept_as_it_was() -> None:
    guard = a_guard()
    first, second = a_run(), a_run()

    change_guard(guard, version=1, values={"expression": "unicorn.timeout > 45"}, by=None, at=NOW)
    third = a_run()

    of_run = {found.run_id: found.guard for found in CheckFinding.objects.select_related("guard")}
    assert [(one.version, one.expression) for one in map(of_run.get, (first.pk, third.pk))] == [
        (1, "unicorn.timeout >= 60"),
        (2, "unicorn.timeout > 45"),
    ]
    # Written down once.
    assert of_run[first.pk] == of_run[second.pk]
    assert GuardVersion.objects.count() == 2


def test_so_are_the_guards_that_found_nothing() -> None:
    held = a_guard(
        expression="unicorn.timeout < 100", failing_example={"unicorn": {"timeout": 100}}
    )
    elsewhere = a_guard(
        expression="sidekiq.concurrency < 9",
        message="No",
        failing_example={"sidekiq": {"concurrency": 9}},
        passing_example={"sidekiq": {"concurrency": 8}},
    )
    unconcerned = a_guard(
        precondition="unicorn.timeout > 70",
        failing_example={"unicorn": {"timeout": 50}},
        passing_example={"unicorn": {"timeout": 80}},
        state="draft",
    )
    type(unconcerned).objects.filter(pk=unconcerned.pk).update(
        state="active", failing_example={"a": 1}
    )

    run = a_run()

    version = {row.guard_id: row.pk for row in GuardVersion.objects.all()}
    assert run.held == [version[held.pk]]
    assert run.not_checked == {str(version[elsewhere.pk]): ["sidekiq.concurrency"]}
    assert run.unconcerned == [version[unconcerned.pk]]


def test_a_repeated_change_and_a_knob_with_a_past() -> None:
    timeout = a_knob(component="unicorn", key="timeout", unit="s")
    listen = a_knob(component="unicorn", key="listen")
    fixed, first, second = an_incident(), an_incident(), an_incident()
    a_delta(fixed, knob=timeout)
    for incident in (first, second):
        a_delta(incident, knob=listen, before="1", after="2", part="tried")

    a_run(
        files=[Given("unicorn.rb", b"timeout 30\nlisten 4\n")],
        before=[Given("unicorn.rb", b"timeout 60\nlisten 3\n")],
    )

    (repeated,) = findings(FoundByCheck.REPEATS)
    assert (repeated.incident, repeated.guard, repeated.written) == (fixed, None, "30")
    assert repeated.message.endswith("from 30 s to 60 s fixed it; this sets it to 30 s.")
    # One for each incident, and no sentence that names both.
    touched = findings(FoundByCheck.TOUCHES)
    assert {one.incident for one in touched} == {first, second}
    assert {(one.name, one.message) for one in touched} == {("unicorn.listen", "")}


class TestWhatIsInTheFiles:
    def test_is_not_kept(self) -> None:
        a_guard()
        text = f"timeout 30\nlisten '/run/{SECRET}'\n# {SECRET}\n".encode()

        a_run(files=[Given("unicorn.rb", text)], before=[Given("unicorn.rb", text + b"\n")])

        assert "30 s is too short." in everything()
        assert SECRET not in everything()

    def test_nor_the_value_of_a_secret_that_a_guard_reads(self) -> None:
        a_guard(
            expression='app.db_password != "" && app.size > 5',
            message="{app.db_password} and {app.size}",
            failing_example={"app": {"db_password": "x", "size": 1}},
            passing_example={"app": {"db_password": "x", "size": 6}},
        )

        a_run(files=[Given("app.toml", f'db_password = "{SECRET}"\nsize = 1\n'.encode())])

        (found,) = findings(FoundByCheck.VIOLATED)
        assert found.message.startswith("[hidden: ")
        assert found.message.endswith(" and 1")
        assert found.values["app.size"] == {"written": "1", "file": "app.toml", "line": 2}
        assert SECRET not in everything()

    def test_nor_a_line_that_cannot_be_read(self) -> None:
        run = a_run(files=[Given("x.toml", f"size = {SECRET}\n".encode())])

        assert run.unreadable == [{"file": "x.toml", "line": 1}]
        assert SECRET not in everything()

    def test_equal_files_have_equal_fingerprints(self) -> None:
        runs = [a_run(), a_run(), a_run(files=BEFORE)]

        prints = [run.files[0]["fingerprint"] for run in runs]
        assert prints[0] == prints[1] != prints[2]

    def test_nobody_finds_a_file_by_its_fingerprint(self, settings: Settings) -> None:
        one = a_run()

        settings.SECRET_KEY = "another"
        other = a_run()

        assert one.files[0]["fingerprint"] != other.files[0]["fingerprint"]

    def test_names_that_no_database_takes(self) -> None:
        run = a_run(files=[Given("a\0b\udc80.toml", b"x = 1"), Given("x" * 400, b"\0")])

        assert [one["name"] for one in run.files] == ["a b .toml", "x" * 300]


class TestBounds:
    def test_findings_that_are_left_out_are_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(operations, "MOST_FINDINGS", 2)
        for _ in range(5):
            a_guard()

        run = a_run()

        assert CheckFinding.objects.count() == 2
        assert run.left_out == 3

    def test_what_is_restricted_is_bounded_by_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who sees fewer than are kept, and that others are left out, would know of it."""
        monkeypatch.setattr(operations, "MOST_FINDINGS", 2)
        user = a_user()
        for visibility in [Visibility.RESTRICTED, Visibility.EVERYONE] * 3:
            incident = an_incident(visibility=visibility)
            incident.allowed_people.add(user)
            a_guard(a_lesson(learned_from=incident))

        run = a_run(by=user)

        open_ones = CheckFinding.objects.visible_to(a_user()).count()
        assert (open_ones, CheckFinding.objects.visible_to(user).count()) == (2, 4)
        assert run.left_out == 1

    def test_of_many_files_the_first_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rows, "MOST_FILES", 2)

        run = a_run(files=[Given(f"{number}.toml", b"\0") for number in range(5)])

        assert (len(run.files), run.file_count) == (2, 5)
        assert (len(run.unreadable), run.unreadable_count) == (2, 5)


class TestOnThePage:
    def test_it_works(self, client: Client) -> None:
        user = a_user("reader")
        client.force_login(user)
        a_guard()

        page = client.post("/guard/", {"name": "unicorn.rb", "text": "timeout 30\n"}).text

        run = CheckRun.objects.get()
        assert (run.door, run.by) == (CheckDoor.PAGE, user)
        assert f'<a href="/guard/runs/{run.pk}/">This run is kept</a>' in page

    def test_bad_input_is_no_run(self, client: Client) -> None:
        client.force_login(a_user())

        assert client.post("/guard/", {}).status_code == 422
        assert not CheckRun.objects.exists()

    def test_what_cannot_be_kept_is_answered_all_the_same(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.force_login(a_user())
        a_guard()
        # A column that is not there, as while a new version is set up.
        monkeypatch.setattr(CheckRun._meta, "db_table", "nowhere")

        answer = client.post("/guard/", {"name": "unicorn.rb", "text": "timeout 30\n"})

        assert answer.status_code == 200
        assert "30 s is too short." in answer.text
        assert "This run is not kept: the database could not be written." in answer.text


class TestForPrograms:
    @pytest.fixture(autouse=True)
    def takes_a_token(self, settings: Settings) -> None:
        settings.GUARD_TOKEN = "token"

    def asked(self, client: Client, **fields: object) -> Any:
        fields = {"files": SimpleUploadedFile("unicorn.rb", b"timeout 30\n"), **fields}
        return client.post("/api/v1/guard/", fields, headers=BEARER)

    def test_it_works(self, client: Client, settings: Settings) -> None:
        a_guard()

        answer = self.asked(client, name="checkout", revision=" 3f2a1c ", component="unicorn")

        run = CheckRun.objects.get()
        assert answer.json()["run"] == f"{settings.SITE_URL}/guard/runs/{run.pk}/"
        assert (run.name, run.revision, run.component) == ("checkout", "3f2a1c", "unicorn")
        assert (run.door, run.by) == (CheckDoor.PROGRAM, None)

    @pytest.mark.parametrize("name", ["name", "revision", "component"])
    def test_what_is_too_long_is_refused(self, client: Client, name: str) -> None:
        answer = self.asked(client, **{name: "x" * 201})

        assert answer.status_code == 400
        assert answer.json()["detail"] == f"“{name}” has more than 200 characters."
        assert not CheckRun.objects.exists()


class TestInATerminal:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "unicorn.rb").write_text("timeout 30\n")
        a_guard()

    def run(self, *arguments: str) -> tuple[object, str, str]:
        out, err = StringIO(), StringIO()
        code: object = 0
        try:
            call_command("check_config", "unicorn.rb", *arguments, stdout=out, stderr=err)
        except SystemExit as ended:
            code = ended.code
        return code, out.getvalue(), err.getvalue()

    def test_it_works(self, settings: Settings) -> None:
        code, told, _ = self.run("--name", "checkout", "--revision", "3f2a1c")

        run = CheckRun.objects.get()
        assert code == 1
        assert told.endswith(f"Kept as {settings.SITE_URL}/guard/runs/{run.pk}/\n")
        assert (run.name, run.revision, run.door) == ("checkout", "3f2a1c", CheckDoor.TERMINAL)

    def test_a_file_that_is_not_there_is_kept_as_unreadable(self) -> None:
        assert self.run("nothing.rb")[0] == 2
        assert CheckRun.objects.get().unreadable == [{"file": "nothing.rb", "line": None}]

    def test_nothing_is_kept_where_that_is_asked_for(self) -> None:
        code, told, _ = self.run("--no-keep")

        assert code == 1
        assert "Kept" not in told
        assert not CheckRun.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_database_that_cannot_be_written(self) -> None:
        begin, end = READ_ONLY[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(begin)
        try:
            code, told, complaint = self.run()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(end)

        assert code == 1
        assert "30 s is too short." in told
        assert complaint == "This run is not kept: the database could not be written.\n"

    def test_a_name_that_is_too_long(self) -> None:
        with pytest.raises(CommandError, match="more than 200 characters"):
            self.run("--name", "x" * 201)


class TestForgetting:
    def forgotten(self) -> str:
        owe("guard.forget_runs", {}, at=timezone.now())
        do_all_jobs()
        return Job.objects.latest("pk").outcome.partition(" that")[0]

    def test_it_works(self, settings: Settings) -> None:
        settings.GUARD_RUN_DAYS = 30
        a_guard()
        old = a_run(at=timezone.now() - timedelta(days=31))
        young = a_run(at=timezone.now() - timedelta(days=29))

        assert self.forgotten() == "Forgot 1"

        assert list(CheckRun.objects.all()) == [young]
        assert not CheckFinding.objects.filter(run=old.pk).exists()

    def test_a_site_that_keeps_nothing(self, settings: Settings, client: Client) -> None:
        a_run(at=timezone.now() - timedelta(minutes=1))
        settings.GUARD_RUN_DAYS = 0
        client.force_login(a_user())

        page = client.post("/guard/", {"name": "unicorn.rb", "text": "timeout 30\n"}).text

        assert "This run is kept" not in page
        assert "not kept:" not in page
        assert self.forgotten() == "Forgot 1"
        assert not CheckRun.objects.exists()


def test_a_lesson_that_is_retired_fires_no_more() -> None:
    guard = a_guard()
    a_run()
    guard.lesson.state = LessonState.RETIRED
    guard.lesson.save()

    a_run()

    assert CheckFinding.objects.count() == 1
