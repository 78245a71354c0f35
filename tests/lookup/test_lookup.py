"""The responder's page: what to do about an alert, or about any text."""

import json
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.operations import keep_findable, rebuild
from incidents.lookup.queries import look_beside, look_up, what_was_turned
from incidents.lookup.question import read_question
from incidents.models import Incident, Runbook, User
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_service,
    a_user,
    an_incident,
)
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db

DRAWN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
NONSENSE = "xqzwv"
LARGEST_PAGE = 100_000


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def runbook_for(alerts: str, **fields: Any) -> Runbook:
    runbook = a_runbook(alerts=alerts, **fields)
    keep_findable(runbook)
    return runbook


def page(client: Client, **asked: str) -> str:
    answer = client.get("/lookup/", asked)
    assert answer.status_code == 200
    return DRAWN.sub("", answer.content.decode())


def piece(client: Client, address: str, text: str) -> str:
    answer = client.post(address, {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return DRAWN.sub("", answer.content.decode())


def found(user: User, text: str = "", **labels: str) -> list[Runbook]:
    answers = look_up(read_question(text, labels), user=user, limit=10)
    return [answer.runbook for answer in answers.runbooks]


def test_it_works(client: Client, reader: User) -> None:
    runbook = runbook_for(
        "DiskFull",
        title="Make room",
        slug="room",
        body="1. Look.",
        body_html="<ol><li>Look.</li></ol>",
        last_verified_date=date(2026, 1, 2),
    )
    a_runbook_use(an_incident(), runbook=runbook, served="helped")

    told = page(client, alertname="DiskFull", service="orders")

    assert "exact alert match" in told
    assert "<code><bdi>DiskFull</bdi></code>" in told
    assert "<li>Look.</li>" in told
    assert "2026-01-02" in told
    assert "helped 1 time" in told
    assert '<a class="button button-primary" href="/runbooks/room/" data-key="o">' in told


class TestOrder:
    def test_the_very_alert_leads_though_words_say_otherwise(self, reader: User) -> None:
        by_words = runbook_for("", title="Disk full: the disk of the database is full")
        exact = runbook_for("DiskFull", title="Something else")
        text = "DiskFull\nthe disk of the database is full"
        assert found(reader, text) == [exact, by_words]

    def test_the_most_specific_line_wins(self, reader: User) -> None:
        pattern = runbook_for('alertname=~"Disk.*", severity="page"')
        name = runbook_for("DiskFull")
        both = runbook_for('alertname="DiskFull", team="db"')
        asked = {"alertname": "DiskFull", "team": "db", "severity": "page"}
        assert found(reader, **asked) == [both, name, pattern]
        # The words of its line still find the third.
        assert found(reader, **{**asked, "team": "web"}) == [name, pattern, both]

    def test_the_best_of_several_lines_counts(self, client: Client, reader: User) -> None:
        runbook_for('alertname=~"Disk.*"\nDiskFull\nseverity="page"')
        told = page(client, alertname="DiskFull", severity="page")
        assert "exact alert match" in told
        assert "<code><bdi>DiskFull</bdi></code>" in told

    def test_what_speaks_of_other_labels_alone_comes_after_the_words(self, reader: User) -> None:
        any_page = runbook_for('severity="page"', title="Open an incident")
        by_words = runbook_for("", title="Disk full")
        assert found(reader, "disk full", severity="page") == [by_words, any_page]

    def test_what_words_found_keeps_its_place_with_a_line_of_other_labels(
        self, reader: User
    ) -> None:
        first = runbook_for('severity="page"', title="Disk full on the database")
        second = runbook_for("", title="Disk slow")
        assert found(reader, "disk full database", severity="page") == [first, second]

    def test_without_labels_no_line_matches(self, reader: User) -> None:
        runbook_for('team!="db"')
        assert found(reader, NONSENSE) == []

    def test_a_retired_runbook_is_not_offered(self, reader: User) -> None:
        runbook = runbook_for("DiskFull", title="Disk full", state="retired")
        assert found(reader, "DiskFull") == []
        Runbook.objects.filter(pk=runbook.pk).update(state="active")
        rebuild()
        assert found(reader, "DiskFull") == [runbook]


class TestWhatIsAsked:
    def test_any_parameter_is_a_label(self, client: Client, reader: User) -> None:
        runbook_for('alertname=~".+", zone="eu", "service.name"="orders"', title="Orders in Europe")
        told = page(client, **{"alertname": "Slow", "zone": "eu", "service.name": "orders"})
        assert "alert pattern" in told
        assert "{alertname=&quot;Slow&quot;, zone=&quot;eu&quot;" in told

    def test_what_stands_in_the_box_asks_the_same_again(self, client: Client, reader: User) -> None:
        runbook_for('alertname="Disk full", team="db"', title="Make room")
        told = client.get("/lookup/", {"alertname": "Disk full", "team": "db", "q": "help"})
        box = told.context["box"]
        assert "exact alert match" in page(client, q=box)

    def test_a_webhook_payload_is_understood(self, client: Client, reader: User) -> None:
        runbook_for('alertname="DiskFull", team="db"', title="Make room")
        alert = {"status": "firing", "labels": {"alertname": "DiskFull", "team": "db"}}
        payload = json.dumps({"version": "4", "alerts": [alert] * 3}, indent=1)
        assert "exact alert match" in page(client, q=payload)

    def test_the_services_of_the_alert_are_told(self, client: Client, reader: User) -> None:
        runbook = runbook_for("DiskFull")
        runbook.services.add(a_service(name="Orders API", slug="orders"), a_service())
        told = page(client, alertname="DiskFull", service="orders")
        assert "service <bdi>Orders API</bdi>" in told

    def test_a_reference_leads_to_its_record(self, client: Client, reader: User) -> None:
        lesson = a_lesson()
        answer = client.get("/lookup/", {"q": f"les {lesson.pk}"})
        assert answer["Location"] == f"/lessons/LES-{lesson.pk}/"

    def test_without_a_question_it_says_what_can_be_asked(
        self, client: Client, reader: User
    ) -> None:
        assert "Paste what you have" in page(client)
        assert "Paste what you have" in page(client, q=" ", alertname="", service="<no value>")

    def test_what_is_sent_has_an_address_of_its_own(self, client: Client, reader: User) -> None:
        answer = client.post("/lookup/", {"q": "disk full"})
        assert answer["Location"] == "/lookup/?q=disk+full"

    def test_what_is_too_long_for_an_address_is_answered_at_once(
        self, client: Client, reader: User
    ) -> None:
        runbook_for("DiskFull", title="Make room")
        answer = client.post("/lookup/", {"q": "[FIRING:1] DiskFull " + "words " * 100_000})
        assert answer.status_code == 200
        assert "exact alert match" in answer.content.decode()
        assert len(answer.content) < LARGEST_PAGE

    @pytest.mark.parametrize("letter", ["x", "日", "\U0001f525"])
    def test_an_address_is_never_too_long_for_a_proxy(
        self, client: Client, reader: User, letter: str
    ) -> None:
        for length in (300, 400, 2_000, 5_000):
            answer = client.post("/lookup/", {"q": letter * length})
            assert len(answer.headers.get("Location", "")) <= 4_000
        assert client.post("/lookup/", {"q": letter * 300}).status_code == 302

    def test_any_text_is_answered(self, client: Client, reader: User) -> None:
        runbook_for('alertname=~".*", team!="db"', title="Pods crash")
        for text in HOSTILE:
            assert client.get("/lookup/", {"q": text, "alertname": text[:2_000]}).status_code == 200

    def test_any_other_method_is_refused(self, client: Client, reader: User) -> None:
        assert client.put("/lookup/").status_code == 405


class TestNothingFound:
    def test_an_editor_may_write_it_down(self, client: Client) -> None:
        client.force_login(a_user("editor"))
        told = page(client, q="[FIRING:1] DiskFull\nIt is full")
        assert "No runbook for this" in told
        address = re.search(r'href="(/runbooks/new/[^"]+)"', told)
        assert address
        form = client.get(address[1].replace("&amp;", "&")).context["form"]
        assert form["title"].value() == form["alerts"].value() == "DiskFull"
        assert "    It is full" in form["body"].value()

    def test_a_reader_is_not_asked_to(self, client: Client, reader: User) -> None:
        told = page(client, q=NONSENSE)
        assert "No runbook for this" in told
        assert "/new/" not in told


class TestBeside:
    def test_incidents_tell_what_was_turned_and_how_long_it_took(
        self, client: Client, reader: User
    ) -> None:
        incident = an_incident(
            title="Disk full",
            began_at=NOW,
            began_precision="minute",
            mitigated_at=NOW + timedelta(hours=1),
            mitigated_precision="minute",
        )
        knob = a_knob(component="postgresql", key="max_wal_size")
        a_delta(incident, knob=knob, part="mitigated", before="1GB", after="4GB")
        a_delta(incident, part="tried", before="7", after="777")
        keep_findable(incident)

        told = page(client, q="disk full")

        assert "mitigated after 1 h" in told
        assert "max_wal_size" in told
        assert "4GB" in told
        assert "tried:" not in told

    def test_what_was_turned_in_a_hidden_one_is_not_told(self, reader: User) -> None:
        hidden, shown = a_restricted_incident(), an_incident()
        for incident in (hidden, shown):
            a_delta(incident, part="mitigated")
        assert set(what_was_turned([hidden, shown], user=reader)) == {shown.pk}

    def test_without_a_beginning_nothing_is_said_of_how_long(self, reader: User) -> None:
        keep_findable(an_incident(title="Disk full", resolved_at=NOW, resolved_precision="day"))
        (past,) = look_beside(read_question("disk"), user=reader, limit=3).incidents
        assert past.took == []

    def test_knobs_and_lessons_are_named(self, client: Client, reader: User) -> None:
        knob = a_knob(component="disk", key="reserve")
        knob.runbooks.add(a_runbook())
        keep_findable(knob, a_lesson(sentence="Watch the disk."))
        told = page(client, q="disk")
        assert "<mark>disk</mark> · reserve" in told
        assert "Watch the <mark>disk</mark>." in told


class TestWhileTyping:
    def test_runbooks_come_first_and_the_rest_by_itself(self, client: Client, reader: User) -> None:
        first = runbook_for("DiskFull", title="Make room")
        keep_findable(an_incident(title="DiskFull in March"))
        told = piece(client, "/lookup/answers/", "DiskFull")
        assert "exact alert match" in told
        assert "in March" not in told
        assert f'hx-post="/lookup/beside/?first={first.pk}&amp;shown={first.pk}' in told
        assert "in March" in piece(client, "/lookup/beside/", "DiskFull")

    def test_an_empty_box_shows_nothing(self, client: Client, reader: User) -> None:
        assert piece(client, "/lookup/answers/", " ").count("<") == 2

    @pytest.mark.parametrize("address", ["/lookup/answers/", "/lookup/beside/"])
    def test_opened_by_themselves_they_lead_to_the_page(
        self, client: Client, reader: User, address: str
    ) -> None:
        answer = client.get(address, {"q": "a pool"})
        assert answer["Location"] == "/lookup/?q=a+pool"


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    for address in ("/lookup/", "/lookup/answers/", "/lookup/beside/"):
        answer = client.get(address, {"alertname": "DiskFull"})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_the_question_is_shown_as_text(client: Client, reader: User) -> None:
    hostile = "</textarea><script>alert(1)</script>"
    assert "<script>alert" not in page(client, q=hostile, alertname=hostile)


def test_many_records_take_no_more_queries_and_a_page_of_a_size(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    step = f"<li>{'Disk. ' * 100}</li>"

    def some(number: int) -> None:
        for _ in range(number):
            runbook = runbook_for(
                'alertname=~"Disk.*"\nteam=~"d.*"', title="Disk", body_html=f"<ol>{step * 9}</ol>"
            )
            runbook.services.add(a_service(name=f"disk {runbook.pk}"))
            incident = an_incident(title="Disk " * 30)
            a_delta(incident)
            a_runbook_use(incident, runbook=runbook)
            knob = a_knob(component="disk")
            knob.runbooks.add(runbook)
            keep_findable(incident, knob, a_lesson(sentence="The disk. " * 20))

    some(1)
    # What is kept of a lookup depends on what was asked before.
    page(client, q="something else")
    with django_assert_max_num_queries(50) as few:
        page(client, q="disk", alertname="DiskFull", team="db")
    some(10)
    with django_assert_max_num_queries(len(few)):
        told = page(client, q="disk " * 2_000, alertname="DiskFull", team="db")
    assert told.count("<article") == 6
    assert len(told.encode()) < LARGEST_PAGE


class TestWhatIsRestricted:
    """Somebody who is not named learns nothing: not that it exists, not what was turned."""

    @pytest.fixture(autouse=True)
    def hidden(self) -> Incident:
        incident = a_restricted_incident(title="Zanzibar breach")
        knob = a_knob(component="zanzibar", key="keys")
        a_delta(incident, knob=knob)
        keep_findable(incident, knob, a_lesson(sentence="Zanzibar.", learned_from=incident))
        a_runbook_use(incident, runbook=runbook_for("DiskFull", title="Make room"))
        return incident

    def same(self, client: Client, address: str, text: str) -> bool:
        headers = {"HX-Request": "true"} if address != "/lookup/" else {}
        pages = []
        for asked in (text, NONSENSE):
            answer = client.get(address, {"q": asked}, headers=headers).content.decode()
            answer = DRAWN.sub("", answer)
            for echo in (asked, quote(asked), quote_plus(asked)):
                answer = answer.replace(echo, "")
            pages.append(answer)
        return pages[0] == pages[1]

    @pytest.mark.parametrize("address", ["/lookup/", "/lookup/answers/", "/lookup/beside/"])
    @pytest.mark.parametrize("role", ["reader", "admin"])
    def test_a_stranger_sees_the_page_of_nonsense(
        self, client: Client, address: str, role: str
    ) -> None:
        client.force_login(a_user(role))
        for text in ("zanzibar", "Zanzibar breach", "zanzibar.keys"):
            assert self.same(client, address, text)

    def test_neither_do_references_tell(
        self, client: Client, reader: User, hidden: Incident
    ) -> None:
        assert self.same(client, "/lookup/", f"inc {hidden.pk}")

    def test_how_a_runbook_served_there_is_not_counted(self, client: Client, reader: User) -> None:
        assert "helped" not in page(client, alertname="DiskFull")

    def test_who_is_named_is_told(self, client: Client, hidden: Incident) -> None:
        user = a_user("reader")
        hidden.allowed_people.add(user)
        client.force_login(user)
        told = page(client, q="DiskFull zanzibar")
        assert "helped 1 time" in told
        assert "<mark>Zanzibar</mark> breach" in told
