"""No program writes at an address of what it may not know of, and none is told that it is there."""

import json

import pytest
from django.db import transaction

from incidents.access.tokens import new_secret
from tests.access.restricted import World
from tests.access.walk import Stranger, visits
from tests.factories import a_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    pytest.mark.timeout(400),
]
ROOT = "/api/v1/"
METHODS = ("post", "patch", "delete")
# What some step, form or part would take.
SENT = [{}, {"title": "Mine now", "text": "Mine now", "reason": "x", "direction": "up"}]


@pytest.mark.parametrize(
    ("who", "over"),
    [
        ("editor", {"scope": "write"}),
        ("admin", {"scope": "admin"}),
        # Named on the record, and shows a token that does not reach it.
        ("named", {"scope": "write", "reach": "own"}),
    ],
)
def test_what_is_hidden_answers_as_what_is_not_there(
    world: World, who: str, over: dict[str, str]
) -> None:
    owner, secret = getattr(world, who), new_secret()
    a_token(owner, secret=secret, **over)
    walker = Stranger(owner, secret=secret)
    asked = 0

    for visit in visits(world):
        if not visit.path.startswith(ROOT) or not visit.twin:
            continue
        for method in METHODS:
            for sent in SENT:
                answers = []
                for path in (visit.path, visit.twin):
                    with transaction.atomic():
                        answers.append(
                            walker.client.generic(
                                method.upper(),
                                path,
                                json.dumps(sent),
                                content_type="application/json",
                                headers={"If-Match": '"1"'},
                            )
                        )
                        transaction.set_rollback(True)
                walker.note(f"{method} {visit.path}", answers[0], visit.path, sent)
                walker.compare(f"{method} {visit.path}", *answers)
                assert answers[0].status_code in {403, 404, 405}, visit.path
                asked += 1

    assert walker.told == {}
    assert walker.differing == []
    assert asked > 200
