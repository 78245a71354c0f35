"""Kinds of work that only tests have."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

from incidents.jobs.kinds import KINDS, JobKind, job_kind
from incidents.jobs.work import Work
from incidents.models import Queue

Register = Callable[..., JobKind]


@pytest.fixture
def a_kind() -> Iterator[Register]:
    """Registers a handler as the kind `test.work`, or another name, until the test ends."""

    def register(
        handler: Callable[..., str] | None = None, name: str = "test.work", **options: Any
    ) -> JobKind:
        options.setdefault("queue", Queue.LIGHT)
        job_kind(name, **options)(handler or well)
        return KINDS[name]

    with mock.patch.dict(KINDS):
        yield register


def well(work: Work, **arguments: Any) -> str:
    return "It went well"
