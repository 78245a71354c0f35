"""Recording an incident and editing it, through its forms."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Change, Incident, User
from tests.factories import a_restricted_incident, a_team, a_user, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user(time_zone="Europe/Berlin")
    client.force_login(user)
    return user


def empty_form(client: Client, address: str = "/incidents/new/") -> dict[str, Any]:
    """What a browser would send back of a form as it came."""
    form = client.get(address).context["form"]
    return {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, False, [])
    }


def test_it_works(client: Client, writer: User) -> None:
    sent = empty_form(client) | {"title": "Orders stall", "began": "2026-03-29 22:30"}

    answer = client.post("/incidents/new/", sent)

    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/INC-{incident.pk}/"
    assert (incident.owner, incident.time_zone) == (writer, "Europe/Berlin")
    assert incident.began_at is not None
    assert incident.began_at.isoformat() == "2026-03-29T20:30:00+00:00"
    assert incident.began_precision == "minute"
    assert client.get(answer["Location"]).status_code == 200


def test_a_form_sent_twice_makes_one_record(client: Client, writer: User) -> None:
    sent = empty_form(client) | {"title": "Orders stall"}
    first, second = (client.post("/incidents/new/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "required"),
        ("title", "x" * 201, "200"),
        ("title", "a\x00b", "Null"),
        ("severity", "apocalyptic", "apocalyptic"),
        ("time_zone", "Mars/Olympus", "Mars/Olympus"),
        ("time_zone", "Europe/Berln", "Europe/Berlin"),
        ("began", "1969-12-31", "1970"),
        ("began", "last night", "2019-12-24 22:30"),
        ("began", "2026-03-29 02:30", "did not happen"),
        ("began", "2026-10-25 02:30", "+02:00"),
        ("summary", "x" * 200_001, "200000"),
        ("tags", ",".join(f"t{n}" for n in range(21)), "20"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    client: Client, writer: User, field: str, value: str, said: str
) -> None:
    sent = empty_form(client) | {"title": "Orders stall", "background": "kept", field: value}

    answer = client.post("/incidents/new/", sent)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in str(form.errors[field])
    assert form[field].value() == value
    assert not Incident.objects.exists()


def test_it_cannot_be_resolved_before_it_began(client: Client, writer: User) -> None:
    sent = empty_form(client) | {"title": "x", "began": "2026-03-14", "resolved": "2026-03-13"}
    answer = client.post("/incidents/new/", sent)
    assert "before it began" in str(answer.context["form"].errors["resolved"])


def test_a_restricted_record_is_for_its_maker_at_first(client: Client, writer: User) -> None:
    client.post("/incidents/new/", empty_form(client) | {"title": "x", "restricted": "on"})
    incident = Incident.objects.get()
    assert incident.is_restricted
    assert list(incident.allowed_people.all()) == [writer]


def test_editing_shows_what_is_there(client: Client, writer: User) -> None:
    made = empty_form(client) | {"title": "x", "began": "2026-03", "tags": "redis, Pools"}
    client.post("/incidents/new/", made)
    address = f"/incidents/{Incident.objects.get().reference}/edit/"

    shown = empty_form(client, address)

    assert (shown["began"], shown["tags"]) == ("2026-03", "pools, redis")
    answer = client.post(address, shown | {"summary": "More"})
    assert answer.status_code == 302
    line = Change.objects.last()
    assert line is not None
    assert list(line.parts[0]["fields"]) == ["summary"]


def test_in_another_zone_the_clock_on_the_wall_stays(client: Client, writer: User) -> None:
    made = empty_form(client) | {"title": "x", "began": "2026-03-14 22:30"}
    client.post("/incidents/new/", made)
    address = f"/incidents/{Incident.objects.get().reference}/edit/"

    client.post(address, empty_form(client, address) | {"time_zone": "Asia/Kathmandu"})

    incident = Incident.objects.get()
    assert incident.began_at is not None
    assert incident.began_at.isoformat() == "2026-03-14T16:45:00+00:00"


def test_the_second_saver_sees_both_texts(client: Client, writer: User) -> None:
    incident = an_incident()
    address = f"/incidents/{incident.reference}/edit/"
    sent = empty_form(client, address)
    client.post(address, sent | {"summary": "Hers", "impact": "Five people"})

    answer = client.post(address, sent | {"summary": "His", "response": "Restarted"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Hers" in page
    assert "His" in page
    incident.refresh_from_db()
    assert (incident.summary, incident.response) == ("Hers", "")


def test_access_names_people_and_teams(client: Client, writer: User) -> None:
    incident, team, other = an_incident(), a_team(), a_user("reader")
    address = f"/incidents/{incident.reference}/access/"
    sent = {
        "version": 1,
        "visibility": "restricted",
        "allowed_people": [other.pk],
        "allowed_teams": [team.pk],
    }
    assert client.post(address, sent).status_code == 302
    assert set(incident.allowed_people.all()) == {writer, other}
    assert list(incident.allowed_teams.all()) == [team]


@pytest.mark.parametrize("ending", ["", "edit/", "access/"])
def test_a_restricted_record_is_as_good_as_none(client: Client, writer: User, ending: str) -> None:
    secret = a_restricted_incident(a_user())
    answer = client.get(f"/incidents/{secret.reference}/{ending}")
    none = client.get(f"/incidents/INC-{secret.pk + 1000}/{ending}")
    assert answer.status_code == none.status_code == 404


@pytest.mark.parametrize("ending", ["edit", "access", "review", "publish", "draft", "withdraw"])
def test_a_reader_may_not_change_it(client: Client, ending: str) -> None:
    incident = an_incident()
    client.force_login(a_user("reader"))
    assert client.post(f"/incidents/{incident.reference}/{ending}/").status_code == 403


def test_the_steps_through_their_forms(client: Client, writer: User) -> None:
    incident, reviewer = an_incident(owner=writer), a_user("reader")
    address = f"/incidents/{incident.reference}/"

    refused = client.post(f"{address}publish/", {})
    assert refused.status_code == 422
    assert "Nobody has approved it yet" in refused.content.decode()

    assert client.post(f"{address}review/", {"reviewers": [reviewer.pk]}).status_code == 302
    client.force_login(reviewer)
    assert "Your review" in client.get(address).content.decode()
    client.post(f"{address}answer/", {"answer": "approved", "note": "Clear."})
    client.force_login(writer)
    assert client.post(f"{address}publish/", {}).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "published"
    assert client.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}withdraw/", {"reason": "Twice"}).status_code == 302
    assert "Twice" in client.get(address).content.decode()
