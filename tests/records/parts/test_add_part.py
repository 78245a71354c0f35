"""Adding a part to a record."""

import pytest
from django.test import Client

from incidents.models import Change, Factor, Incident, Knob, SearchEntry, TimelineEvent
from incidents.records.parts.kinds import KINDS
from tests.factories import (
    NOW,
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_event,
    an_incident,
)
from tests.records.parts.forms import KIND_NAMES, row_of, sent

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def incident() -> Incident:
    return an_incident(time_zone="Europe/Berlin")


def new(incident: Incident, kind: str) -> str:
    return f"/incidents/{incident.reference}/{kind}/new/"


def test_every_kind_is_tested() -> None:
    assert set(KIND_NAMES) == set(KINDS)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_it_works(client: Client, incident: Incident, kind: str) -> None:
    user = a_user()
    client.force_login(user)
    assert client.get(new(incident, kind)).status_code == 200

    answer = client.post(new(incident, kind), sent(kind))

    (part,) = KINDS[kind].model._base_manager.filter(incident=incident)
    assert answer.status_code == 302
    assert answer["Location"] == f"/incidents/{incident.reference}/#{part.anchor}"
    line = Change.objects.filter(document_type="incident", document_id=incident.pk).get()
    assert (line.by, line.parts[0]["did"]) == (user, "created")
    assert line.summary.startswith("Added to the ")
    assert SearchEntry.objects.filter(kind="incident", record_id=incident.pk).exists()


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_in_place_the_section_comes_back(client: Client, incident: Incident, kind: str) -> None:
    client.force_login(a_user())
    row_of(kind, incident)
    form = client.get(new(incident, kind), headers=HTMX)
    assert b"<html" not in form.content
    assert f'id="{KINDS[kind].section}-new"'.encode() in form.content

    answer = client.post(new(incident, kind), sent(kind), headers=HTMX)

    assert answer.status_code == 200
    assert answer["HX-Retarget"] == f"#{KINDS[kind].section}"
    for part in KINDS[kind].model._base_manager.filter(incident=incident):
        assert f'id="{part.anchor}"'.encode() in answer.content
    assert b"<html" not in answer.content
    # And with it how many there are, for the list of what is on the page.
    beside = f'<span class="count" id="{KINDS[kind].section}-count" hx-swap-oob="true">2</span>'
    assert beside in answer.content.decode()
    page = client.get(incident.get_absolute_url()).content.decode()
    assert f'id="{KINDS[kind].section}-count">2</span>' in page


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_form_sent_twice_adds_one(client: Client, incident: Incident, kind: str) -> None:
    client.force_login(a_user())
    form = sent(kind)

    assert client.post(new(incident, kind), form).status_code == 302
    assert client.post(new(incident, kind), form).status_code == 302

    assert KINDS[kind].model._base_manager.filter(incident=incident).count() == 1


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_an_empty_form_comes_back_with_reasons(
    client: Client, incident: Incident, kind: str
) -> None:
    client.force_login(a_user())

    answer = client.post(new(incident, kind), {"source": "a log"}, headers=HTMX)

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert b"a log" in answer.content
    assert not KINDS[kind].model._base_manager.filter(incident=incident).exists()


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_who_may_not(client: Client, incident: Incident, kind: str) -> None:
    hidden = a_restricted_incident(a_user())
    client.force_login(a_user("reader"))
    assert client.post(new(incident, kind), sent(kind)).status_code == 403
    client.force_login(a_user("admin"))
    assert client.get(new(hidden, kind)).status_code == 404
    assert client.post(new(hidden, kind), sent(kind)).status_code == 404


def test_a_kind_that_is_none_is_no_address(client: Client, incident: Incident) -> None:
    client.force_login(a_user())
    assert client.get(new(incident, "root-cause")).status_code == 404


@pytest.mark.parametrize(
    "problem",
    [
        ("event", {"event": "14.3.2026"}, "event", "not a time that can be read"),
        ("event", {"event": "1969-12-31"}, "event", "before 1970"),
        ("event", {"text": "x" * 10_000_000}, "text", "200000"),
        ("event", {"kind": "root_cause"}, "kind", "not one of the available choices"),
        ("factor", {"category": ""}, "category", "new here"),
        ("delta", {"after": "512"}, "after", "nothing was changed"),
        ("delta", {"before": ""}, "before", "say that it is unknown"),
        ("delta", {"before": "", "after": ""}, "after", "say that it is unknown"),
        ("delta", {"component": "nginx/main"}, "component", "no slash"),
        ("delta", {"component": "."}, "component", "part of an address"),
        ("delta", {"key": "a/../b"}, "key", "part of an address"),
        ("delta", {"note": "x" * 300_000}, "note", "200000"),
        ("measure", {"value": "201"}, "value", "not larger than the whole"),
        ("measure", {"value": "-1"}, "value", "not negative"),
        ("measure", {"out_of": "0"}, "out_of", "more than none"),
        ("person", {"person": ""}, "name", "Name the person"),
        ("person", {"hours": "2", "hours_outside_work": "3"}, "hours", "not more than all"),
        ("lesson-link", {"lesson": "LES-999"}, "lesson", "no LES-999"),
        ("lesson-link", {"lesson": "seven"}, "lesson", "like LES-42"),
        ("related", {"other": "INC-999999"}, "other", "no INC-999999"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    client: Client, incident: Incident, problem: tuple[str, dict[str, object], str, str]
) -> None:
    kind, fields, field, said = problem
    client.force_login(a_user())

    answer = client.post(new(incident, kind), sent(kind, **fields))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in " ".join(form.errors[field])
    for name, value in fields.items():
        assert str(form[name].value()) == str(value)
    assert not KINDS[kind].model._base_manager.filter(incident=incident).exists()


def test_a_record_is_not_related_to_itself(client: Client, incident: Incident) -> None:
    client.force_login(a_user())

    answer = client.post(new(incident, "related"), sent("related", other=incident.reference))

    assert answer.status_code == 422
    assert answer.context["form"].errors["other"] == ["A record is not related to itself."]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("factor", "factor_name"),
        ("lesson-link", "lesson"),
        ("runbook-use", "runbook"),
        ("related", "other"),
    ],
)
def test_nothing_is_named_twice(client: Client, incident: Incident, kind: str, field: str) -> None:
    client.force_login(a_user())
    form = sent(kind)
    client.post(new(incident, kind), form)

    answer = client.post(new(incident, kind), sent(kind, **{field: form[field]}))

    assert answer.status_code == 422
    assert "already named" in answer.context["form"].errors[field][0]


def test_an_unknown_value_is_kept_as_unknown(client: Client, incident: Incident) -> None:
    client.force_login(a_user())

    client.post(new(incident, "delta"), sent("delta", before="", before_known="unknown"))

    (delta,) = incident.configdeltas.all()
    assert (delta.before, delta.before_known, delta.before_text) == ("", "unknown", "unknown")


def test_who_types_a_value_knows_it(client: Client, incident: Incident) -> None:
    client.force_login(a_user())

    client.post(new(incident, "delta"), sent("delta", before_known="absent"))

    (delta,) = incident.configdeltas.all()
    assert (delta.before, delta.before_known) == ("512", "known")


def test_knobs_and_factors_that_are_there_are_used(client: Client, incident: Incident) -> None:
    client.force_login(a_user())
    knob = a_knob(component="nginx", key="worker_connections")
    factor = a_factor(name="Pool too small")

    client.post(new(incident, "delta"), sent("delta"))
    client.post(new(incident, "factor"), sent("factor", factor_name="pool  too small", category=""))

    assert incident.configdeltas.get().knob == knob
    assert incident.contributingfactors.get().factor == factor
    assert (Knob.objects.count(), Factor.objects.count()) == (1, 1)


def test_new_knobs_and_factors_are_written_down(client: Client, incident: Incident) -> None:
    client.force_login(a_user())
    a_factor(name="Another", slug="pool-too-small")

    client.post(new(incident, "delta"), sent("delta", unit="connections"))
    client.post(new(incident, "factor"), sent("factor"))

    knob, factor = Knob.objects.get(), Factor.objects.get(name="Pool too small")
    assert (str(knob), knob.unit) == ("nginx · worker_connections", "connections")
    assert (factor.slug, factor.category) == ("pool-too-small-2", "capacity")
    for kind, row in (("knob", knob), ("factor", factor)):
        assert SearchEntry.objects.filter(kind=kind, record_id=row.pk).exists()
        assert Change.objects.filter(document_type=kind, document_id=row.pk).exists()


def test_a_time_is_read_in_the_zone_of_the_record(client: Client, incident: Incident) -> None:
    client.force_login(a_user())

    client.post(new(incident, "event"), sent("event"))
    client.post(new(incident, "event"), sent("event", event="2026-03", text="Earlier"))

    exact, coarse = incident.timelineevents.order_by("-event_at")
    assert exact.event_at is not None
    assert exact.event_at.isoformat() == "2026-03-14T13:05:00+00:00"
    assert coarse.event_precision == "month"
    summaries = Change.objects.order_by("id").values_list("summary", flat=True)
    assert list(summaries) == [
        "Added to the timeline: 2026-03-14 14:05 Latency rose",
        "Added to the timeline: 2026-03 Earlier",
    ]


def test_an_event_goes_to_its_place(client: Client, incident: Incident) -> None:
    client.force_login(a_user())
    for position, hour in enumerate((10, 12)):
        an_event(
            incident,
            text=f"At {hour}",
            event_at=NOW.replace(hour=hour),
            event_precision="minute",
            position=position,
        )

    client.post(new(incident, "event"), sent("event", event="2026-03-14 12:00", text="At 11"))

    assert [event.text for event in incident.timelineevents.all()] == ["At 10", "At 11", "At 12"]
    assert TimelineEvent.objects.filter(version__gt=1).count() == 0


def test_only_what_one_may_know_of_is_suggested(client: Client, incident: Incident) -> None:
    hidden = a_restricted_incident(a_user(), title="The secret one")
    a_lesson(learned_from=hidden, sentence="A secret lesson")
    row_of("factor", hidden, factor=a_factor(name="A secret factor"))
    row_of("delta", hidden, knob=a_knob(component="secret-component"))
    client.force_login(a_user())

    for kind in KIND_NAMES:
        assert b"ecret" not in client.get(new(incident, kind)).content
    answer = client.post(new(incident, "related"), sent("related", other=hidden.reference))
    assert answer.status_code == 422
    assert b"The secret one" not in answer.content


def test_a_factor_named_like_a_page_of_the_site_has_a_page_of_its_own(
    client: Client, incident: Incident
) -> None:
    client.force_login(a_user())

    client.post(new(incident, "factor"), sent("factor", factor_name="New"))

    factor = Factor.objects.get(name="New")
    assert client.get(factor.get_absolute_url()).context["factor"] == factor
