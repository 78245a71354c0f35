"""The world in which there is something to hide."""

import logging
from collections.abc import Iterator

import pytest

from tests.access.restricted import World, a_world, hide_an_incident, link_from_outside


@pytest.fixture
def world() -> World:
    world = a_world()
    hide_an_incident(world)
    link_from_outside(world)
    world.team.members.remove(world.former)
    return world


@pytest.fixture
def _quiet() -> Iterator[None]:
    """A thousand refusals are not worth a thousand lines of log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
