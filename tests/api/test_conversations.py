"""Whatever is asked, the answer is one of those that are described, and tells nobody too much."""

import os
import sys
from math import ceil

import pytest

from tests.access.restricted import World
from tests.api.conversations import ROLES, Talk, operations
from tests.api.test_reading import freeze_a_year

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # `make conversations` has thousands of requests made.
    pytest.mark.timeout(7200),
]
REQUESTS = int(os.environ.get("CONVERSATIONS", "0"))
IN_THE_SUITE = 2
"""Of each operation, so many by each role."""


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_described_and_tells_nobody_too_much(role: str, world: World) -> None:
    freeze_a_year(world.admin)
    talk, asked = Talk(ROLES[role], world), operations()

    for operation in asked:
        talk.over(operation, ceil(REQUESTS / len(asked)) or IN_THE_SUITE)

    assert talk.asked >= max(REQUESTS, len(asked))
    # Else all were refused at the door, and nothing was learned.
    assert talk.statuses >= ({200, 404} if ROLES[role] else {401})
    sys.stdout.write(f"{role}: {talk.asked} requests, answered {sorted(talk.statuses)}\n")
