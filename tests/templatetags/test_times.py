"""How long ago something was, in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.templatetags.times import ago


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=1), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=10, seconds=5), "10\xa0minutes ago"),
        (timedelta(hours=1, minutes=2), "1\xa0hour, 2\xa0minutes ago"),
    ],
)
def test_it_works(passed: timedelta, words: str) -> None:
    assert ago(timezone.now() - passed) == words
