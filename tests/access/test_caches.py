"""No address can be dressed as a file, so that a cache between keeps what was for one person."""

import pytest
from django.test import Client

from tests.access.restricted import World
from tests.access.walk import visits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    pytest.mark.timeout(400),
    # The other one has no part in it.
    pytest.mark.of_database("sqlite"),
]

# What caches go by that look at the end of a path, and what a server may cut off before it looks.
DRESSED = ("x.css", ".css", ";x.css", "%2fx.css", "%0ax.css")


def is_for_all(cache_control: str) -> bool:
    return not {"private", "no-store"} & {each.strip() for each in cache_control.split(",")}


@pytest.mark.parametrize("dress", DRESSED)
def test_an_address_with_the_end_of_a_file_is_nothing(world: World, dress: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.owner)
    shown: dict[str, int] = {}
    for path in one_of_each(world):
        for dressed in (f"{path}{dress}", f"{path.rstrip('/')}{dress}"):
            answer = client.get(dressed)
            # To the address that has a slash at its end, which is that of a page.
            is_sent_on = answer.status_code == 301 and answer["Location"].endswith("/")
            is_kept = is_for_all(answer.get("Cache-Control", ""))
            if (answer.status_code < 400 and not is_sent_on) or is_kept:
                shown[dressed] = answer.status_code

    assert shown == {}


def test_what_is_for_one_person_is_not_kept_for_another(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.owner)
    answers = {path: client.get(path) for path in one_of_each(world)}

    kept = {
        path: answer.get("Cache-Control")
        for path, answer in answers.items()
        if is_for_all(answer.get("Cache-Control", ""))
    }
    assert kept == {}
    assert len(answers) > 100


def one_of_each(world: World) -> list[str]:
    paths: dict[tuple[str, bool], str] = {}
    for visit in visits(world):
        paths.setdefault((visit.address, visit.twin is not None), visit.path)
    return list(paths.values())
