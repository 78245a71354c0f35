"""Lookups while a broker refuses or hangs, the mail server says nothing, and nobody works."""

import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest

from incidents.lookup.operations import keep_findable
from incidents.models import Job, JobState
from tests.bench.server import FORM, TOKEN
from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.own_site import served, signed_in
from tests.redis import private_redis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.timeout(300),
]

LOOKUPS, EVERY = 100, 20
LOST = "/accounts/password/reset/"


@pytest.mark.parametrize("fault", ["refuses", "hangs"])
def test_all_are_answered_and_what_is_owed_waits(fault: str, tmp_path: Path) -> None:
    keep_findable(a_runbook(title="Make room", slug="room", alerts="DiskFull"))
    cookie = signed_in(a_user())
    form = {**FORM, "Cookie": f"csrftoken={TOKEN}"}
    looked_up, owed = [], []
    with private_redis() as redis, socket.create_server(("127.0.0.1", 0)) as silent:
        told = {"BROKER_URL": redis.url, "EMAIL_HOST": "127.0.0.1"}
        told["EMAIL_PORT"] = str(silent.getsockname()[1])
        with served(database_url(), tmp_path, cookie=cookie, **told) as site:
            redis.kill() if fault == "refuses" else redis.hang()
            for number in range(LOOKUPS):
                if number % EVERY == 0:
                    fields = urlencode({"email": f"lost{number}@example.com"})
                    owed.append(site.ask("POST", LOST, fields, form).status)
                answer = site.get("/lookup/?q=DiskFull")
                looked_up.append((answer.status, "/runbooks/room/" in answer.body))

    assert looked_up == [(200, True)] * LOOKUPS
    assert owed == [302] * (LOOKUPS // EVERY)
    jobs = Job.objects.filter(kind="directory.mail_lost_password", state=JobState.OWED)
    assert jobs.count() == len(owed)
