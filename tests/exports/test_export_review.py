"""The pack of a review: asked for on its page or in a terminal, with what its reader may see."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incidents.exports.formats import FORMATS, pdf
from incidents.exports.reviews import ReviewPack
from incidents.exports.typesetting import CannotBeLaidOut, Refused
from incidents.lib.periods import read_period
from incidents.models import Export, ExportFormat, ExportState, Incident, User
from incidents.review.editions import edition_for
from incidents.review.figure import to_json
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.exports.formats.reading import letters, text_of
from tests.factories import (
    NOW,
    a_delta,
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_event,
    an_incident,
)
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

PUBLISHED = {"state": "published", "published_at": NOW}
IN_MARCH = {"began_at": NOW, "began_precision": "minute"}


@pytest.fixture
def reader(client: Client) -> User:
    reader = a_user("reader")
    client.force_login(reader)
    return reader


def in_march(title: str = "Orders time out", **fields: Any) -> Incident:
    incident = an_incident(title=title, **{**PUBLISHED, **IN_MARCH, **fields})
    an_event(incident)
    a_delta(incident)
    return incident


def ask(client: Client, wanted: str = "json", **more: str) -> Any:
    return client.post("/exports/review/", {"format": wanted, "period": "2026Q1", **more})


def told_to(client: Client) -> Any:
    do_all_jobs()
    answer = client.get(f"/exports/{Export.objects.latest('pk').pk}/file/")
    assert answer.status_code == 200
    return json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]


@pytest.mark.parametrize("wanted", ExportFormat.values)
def test_it_works(client: Client, reader: User, wanted: str) -> None:
    in_march()
    answer = ask(client, wanted)
    do_all_jobs()

    export = Export.objects.get()
    assert (export.state, export.title) == (ExportState.READY, "Review 2026Q1")
    assert "Review 2026Q1" in client.get(answer.url).content.decode()
    file = client.get(f"/exports/{export.pk}/file/")
    ending = "zip" if wanted == "csv" else wanted
    assert file["Content-Disposition"] == f'attachment; filename="Review 2026Q1.{ending}"'
    assert file["Content-Type"] == FORMATS[ExportFormat(wanted)].media_type
    assert len(b"".join(file.streaming_content)) == export.size  # type: ignore[attr-defined]


def test_it_has_the_records_of_the_period_the_most_severe_first(
    client: Client, reader: User
) -> None:
    minor = in_march(severity="sev4")
    major = in_march(severity="sev1")
    an_incident(began_at=NOW - timedelta(days=200), began_precision="day")
    in_march(state="withdrawn", withdrawn_reason="It was a test")
    an_incident(title="Without a date")
    ask(client)
    told = told_to(client)

    references = [incident["reference"] for incident in told["incidents"]]
    assert references == [major.reference, minor.reference]
    assert told["period"] == {"key": "2026Q1", "starts": "2026-01-01", "ends": "2026-04-01"}
    unplaced = next(each for each in told["figures"] if each["key"] == "unplaced")
    assert unplaced["rows"][0][1] == "Without a date"


def test_restricted_records_are_in_it_for_who_may_see_them(client: Client, reader: User) -> None:
    secret = a_restricted_incident(reader, title="Zqvxabc", **PUBLISHED, **IN_MARCH)
    ask(client)
    told = told_to(client)
    assert [each["title"] for each in told["incidents"]] == ["Zqvxabc"]
    assert told["restricted"] == 1
    client.force_login(a_user("admin"))
    ask(client)
    theirs = told_to(client)

    assert (theirs["incidents"], theirs["restricted"]) == ([], 0)
    assert "Zqvx" not in json.dumps(theirs)
    # Who is named no more cannot fetch what was written before.
    client.force_login(reader)
    export = Export.objects.earliest("pk")
    secret.allowed_people.clear()
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404


def test_it_is_of_a_team_or_a_service(client: Client, reader: User) -> None:
    team, service = a_team(), a_service()
    of_team, of_service = in_march(), in_march()
    of_team.teams.add(team)
    of_service.services.add(service)

    ask(client, team=team.slug)
    assert [each["reference"] for each in told_to(client)["incidents"]] == [of_team.reference]
    ask(client, service=service.slug)
    assert [each["reference"] for each in told_to(client)["incidents"]] == [of_service.reference]
    assert Export.objects.latest("pk").title == f"Review 2026Q1, {service.name}"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"period": "2026Q9"}, "There is no Q9"),
        ({"period": "soon"}, "is not a period"),
        ({"format": "exe"}, "There is no such format"),
        ({"team": "nobodys"}, "valid choice"),
    ],
)
def test_a_bad_wish_is_refused(
    client: Client, reader: User, more: dict[str, str], words: str
) -> None:
    answer = client.post("/exports/review/", {"format": "pdf", "period": "2026Q1", **more})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Export.objects.exists()


def test_not_of_a_team_and_a_service(client: Client, reader: User) -> None:
    answer = ask(client, team=a_team().slug, service=a_service().slug)

    assert answer.status_code == 422
    assert "not both" in answer.content.decode()


@pytest.mark.parametrize("wanted", ExportFormat.values)
def test_a_broken_record_is_named_and_stops_nothing(wanted: str, tmp_path: Path) -> None:
    broken, whole = in_march(), in_march("The queue grew")
    Incident.objects.filter(pk=broken.pk).update(time_zone="Nowhere/Land")
    path = tmp_path / f"out.{wanted}"
    reader = a_user()
    heard: list[tuple[int, int]] = []
    scope = Scope(period=read_period("2026Q1"), user=reader)

    def tell(done: int, total: int) -> None:
        heard.append((done, total))

    # What the figures make of it is theirs: here the record is told.
    documents = list(ReviewPack(scope, at=NOW + timedelta(days=30), tell=tell).documents())
    assert len(documents) == 2
    assert heard[-1] == (2, 2)
    pack = ReviewPack(scope, at=NOW + timedelta(days=30), tell=tell).pack
    FORMATS[ExportFormat(wanted)].write(pack, path, lambda: None)

    if wanted == "pdf":
        text = letters(text_of(path))
        assert broken.reference in text
        assert letters("the record is broken") in text
        assert letters("The queue grew") in text
    elif wanted in {"json", "md", "html"}:
        text = path.read_text(encoding="utf-8")
        assert "record is broken" in text
        assert whole.title in text


def test_a_chapter_that_cannot_be_laid_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = in_march("Zqvxbad"), in_march("Zqvxgood")
    really = pdf.typeset

    def typeset(data: Any, *args: Any, **more: Any) -> None:
        if any(chapter["title"] == "Zqvxbad" for chapter in data["chapters"]):
            raise Refused("assertion failed")
        really(data, *args, **more)

    monkeypatch.setattr(pdf, "typeset", typeset)
    scope = Scope(period=read_period("2026Q1"), user=a_user())
    pack = ReviewPack(scope, at=NOW + timedelta(days=30), tell=lambda done, total: None).pack
    path = tmp_path / "out.pdf"
    pdf.write(pack, path)
    text = letters(text_of(path))

    assert letters(f"{bad.reference}: its pages could not be laid out") in text
    assert letters(good.title) in text


def test_queries_do_not_grow_with_records(django_assert_max_num_queries: Any) -> None:
    scope = Scope(period=read_period("2026Q1"), user=a_user())
    for count in (2, 10):
        for _ in range(count):
            in_march()
        with django_assert_max_num_queries(80):
            pack = ReviewPack(scope, at=NOW + timedelta(days=30), tell=lambda done, total: None)
            assert len(list(pack.documents())) >= count


def test_in_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_march()
    a_restricted_incident(title="Zqvxabc", **PUBLISHED, **IN_MARCH)
    path = tmp_path / "q1.json"
    call_command("export_review", "2026Q1", format="json", output=path)

    assert "Review Q1 2026, 1 incident, " in capsys.readouterr().out
    assert "Zqvx" not in path.read_text(encoding="utf-8")


def test_in_a_terminal_as_somebody(tmp_path: Path) -> None:
    named = a_user()
    a_restricted_incident(named, title="Zqvxabc", **PUBLISHED, **IN_MARCH)
    path = tmp_path / "q1.md"
    call_command("export_review", "2026Q1", format="md", output=path, reader=named.username)

    assert "Zqvxabc" in path.read_text(encoding="utf-8")
    assert "One restricted record is in it" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"period": "2026Q9"}, "There is no Q9"),
        ({"reader": "nobody"}, "no active account “nobody”"),
        ({"team": "nobodys"}, "There is no team “nobodys”"),
        ({"output": "/nowhere/at/all.json"}, "cannot be written"),
    ],
)
def test_a_bad_wish_in_a_terminal_is_refused(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    period = options.pop("period", "2026Q1")
    given = {"format": "json", "output": tmp_path / "out.json", **options}
    given["output"] = Path(given["output"])

    with pytest.raises(CommandError, match=words):
        call_command("export_review", period, **given)
    assert list(tmp_path.iterdir()) == []


def test_chapters_that_are_too_much_become_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        in_march(f"Zqvx{number}")
    really = pdf.typeset

    def typeset(data: Any, *args: Any, **more: Any) -> None:
        if len(data["chapters"]) > 2:
            raise CannotBeLaidOut("It took more than 120 seconds.")
        really(data, *args, **more)

    monkeypatch.setattr(pdf, "typeset", typeset)
    monkeypatch.setattr(pdf, "FEWEST_CHAPTERS", 1)
    scope = Scope(period=read_period("2026Q1"), user=a_user())
    pack = ReviewPack(scope, at=NOW + timedelta(days=30), tell=lambda done, total: None).pack
    path = tmp_path / "out.pdf"
    pdf.write(pack, path)

    assert letters("The 2 most severe that are published") in letters(text_of(path))


def test_a_frozen_review_has_the_figures_that_were_kept() -> None:
    incident = in_march(severity="sev1")
    reader = a_user()
    scope = Scope(period=read_period("2026Q1"), user=reader)
    frozen_at = NOW + timedelta(days=30)
    review = freeze_review(scope, by=reader, at=frozen_at)
    Incident.objects.filter(pk=incident.pk).update(severity="sev5")
    in_march()
    later = frozen_at + timedelta(days=30)
    pack = ReviewPack(scope, at=later, tell=lambda done, total: None).pack

    kept = edition_for(review, reader)
    assert [to_json(figure) for figure in pack.figures] == kept.figures
    assert pack.as_of == frozen_at
    assert kept.sha256 in pack.foot


def test_nor_who_lost_sight_of_what_its_figures_count(client: Client, reader: User) -> None:
    """An action item is counted, whenever its incident was."""
    long_ago = a_restricted_incident(reader, title="Long ago")
    ask(client)
    told_to(client)
    long_ago.allowed_people.clear()

    assert client.get(f"/exports/{Export.objects.get().pk}/file/").status_code == 404
