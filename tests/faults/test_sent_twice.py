"""A form that is sent ten times at once makes one record, and every answer leads to it."""

import pytest
from django.test import Client

from incidents.models import ActionItem, Change, Factor, Incident, Knob, Lesson, Runbook
from tests.factories import a_user
from tests.faults.threads import at_once
from tests.pages import forms_on

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 10
FORMS = {
    "/incidents/new/": (Incident, {"title": "Orders time out"}),
    "/lessons/new/": (Lesson, {"sentence": "Watch the pool."}),
    "/actions/new/": (ActionItem, {"title": "Raise the limit"}),
    "/runbooks/new/": (Runbook, {"title": "Pool is full"}),
    "/factors/new/": (Factor, {"name": "Pool too small", "category": "capacity"}),
    "/knobs/new/": (Knob, {"component": "unicorn", "key": "worker_processes"}),
}


@pytest.mark.parametrize("path", FORMS)
def test_ten_times_at_once_make_one(path: str) -> None:
    table, typed = FORMS[path]
    user = a_user()
    first = Client()
    first.force_login(user)
    page = first.get(path).content.decode()
    (form,) = [form for form in forms_on(page, path) if "token" in form.names()]
    sent = {**form.sent(), **typed}

    def send(client: Client) -> tuple[int, str]:
        answer = client.post(path, sent)
        return answer.status_code, answer.headers.get("Location", "")

    clients = [Client() for _ in range(TIMES)]
    for client in clients:
        client.cookies = first.cookies
    answers = at_once(send, clients, threads=TIMES)

    made = table._default_manager.get()
    assert set(answers) == {(302, made.get_absolute_url())}
    assert Change.objects.count() == 1
