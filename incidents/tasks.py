"""Discovery only: each module that is imported here tells which kinds of work there are."""

from incidents.directory import tasks as directory
from incidents.jobs import tasks as jobs

__all__ = ["directory", "jobs"]
