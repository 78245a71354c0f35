"""The page, and what the device and its service worker ask for."""

import json
import re

import pytest
from django.test import Client

from incidents.models import User
from incidents.runbooks.offline.owner import mark_of
from incidents.runbooks.operations import change_runbook, create_runbook
from tests.factories import NOW, a_runbook, a_service, a_user

pytestmark = pytest.mark.django_db

PAGE, COPY, FILE = "/runbooks/offline/", "/runbooks/offline/copy/", "/runbooks/offline/file/"


@pytest.fixture
def reader() -> User:
    return a_user("reader")


@pytest.fixture
def client(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def test_it_works(client: Client) -> None:
    for name in ("Orders", "Search"):
        a_runbook().services.add(a_service(name=name))

    page = client.get(PAGE).content.decode()

    assert "all 2." in page
    assert "Orders" in page
    assert f'action="{FILE}"' in page
    assert PAGE in client.get("/runbooks/").content.decode()


def test_without_runbooks_there_is_nothing_to_keep(client: Client) -> None:
    page = client.get(PAGE).content.decode()

    assert "No runbooks yet" in page
    assert "manage.js" not in page


def test_the_copy_is_for_who_is_signed_in(client: Client, reader: User) -> None:
    a_runbook(title="Make room")

    answer = client.get(COPY)

    assert [one["title"] for one in answer.json()["runbooks"]] == ["Make room"]
    assert answer["Copy-For"] == mark_of(reader) != mark_of(a_user())
    assert str(reader.pk) != mark_of(reader)
    assert answer["Cache-Control"] == "private, no-store"


def test_programs_may_have_it_compressed(client: Client) -> None:
    a_runbook(title="Make room")

    answer = client.get(COPY, headers={"accept-encoding": "br, gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert answer.content.startswith(b"\x1f\x8b")


def test_what_the_device_has_is_not_sent_again(client: Client) -> None:
    room = a_runbook(slug="room")
    etag = client.get(COPY)["ETag"]

    assert client.get(COPY, headers={"if-none-match": etag}).status_code == 304
    change_runbook(room, version=1, values={"title": "Make more room"}, by=None, at=NOW)
    answer = client.get(COPY, headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert [one["title"] for one in answer.json()["runbooks"]] == ["Make more room"]


def test_a_runbook_out_of_use_is_not_in_the_next_one(client: Client) -> None:
    room = create_runbook(values={"title": "Make room"}, by=None, at=NOW)
    etag = client.get(COPY)["ETag"]
    change_runbook(room, version=1, values={"state": "retired"}, by=None, at=NOW)

    answer = client.get(COPY, headers={"if-none-match": etag}).json()

    assert answer["runbooks"] == []
    assert "room" not in answer["index"]["terms"]


def test_somebody_elses_copy_is_never_up_to_date(client: Client) -> None:
    a_runbook()
    etag = client.get(COPY)["ETag"]
    client.force_login(a_user("reader"))

    assert client.get(COPY, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("is_closed", [False, True])
def test_nobody_is_told_to_sign_in_first(client: Client, reader: User, is_closed: bool) -> None:
    if is_closed:
        User.objects.filter(pk=reader.pk).update(is_active=False)
    else:
        client.logout()

    answer = client.get(COPY)

    assert answer.status_code == 401
    assert "runbooks" not in answer.json()
    assert client.get(FILE).status_code == client.get(PAGE).status_code == 302


def test_one_may_choose(client: Client) -> None:
    for name in ("orders", "search"):
        a_runbook(title=name).services.add(a_service(slug=name))

    chosen = client.get(COPY, {"service": ["orders"]}).json()

    assert [one["title"] for one in chosen["runbooks"]] == ["orders"]
    assert '"title": "search"' not in client.get(FILE, {"service": "orders"}).content.decode()


def test_the_file_is_saved_not_shown(client: Client) -> None:
    a_runbook(title="Make room")

    answer = client.get(FILE)

    assert re.fullmatch(
        r'attachment; filename="runbooks-\d{4}-\d\d-\d\d\.html"', answer["Content-Disposition"]
    )
    assert "Make room" in answer.content.decode()


def test_the_worker_is_never_kept_and_names_what_the_shell_needs(client: Client) -> None:
    client.logout()
    answer = client.get("/sw.js")
    text = answer.content.decode()

    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    told = json.loads(text.split(" = ", 1)[1].split(";\n", 1)[0])
    assert {"/static/css/site.css", "/static/js/offline/shell.js"} <= set(told["pieces"])
    assert all(piece.startswith("/static/") for piece in told["pieces"])
    for path in (told["shell"], told["home"], told["lookup"], told["runbooks"]):
        assert client.get(path).status_code in {200, 302}


def test_the_shell_holds_nothing_of_anybody(client: Client, reader: User) -> None:
    a_runbook(title="Make room")

    signed_in = client.get("/runbooks/offline/shell/").content
    client.logout()

    assert client.get("/runbooks/offline/shell/").content == signed_in
    assert b"Make room" not in signed_in
    assert reader.username.encode() not in signed_in


def test_a_runbook_cannot_take_the_address() -> None:
    runbook = create_runbook(values={"title": "Offline"}, by=None, at=NOW)

    assert runbook.slug == "offline-2"
