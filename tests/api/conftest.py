"""The world in which there is something to hide, for programs too."""

from tests.access.conftest import _quiet, world

__all__ = ["_quiet", "world"]
