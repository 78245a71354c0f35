"""Discovery only: each module that is imported here tells which kinds of work there are."""

from incidents.action_items import tasks as action_items
from incidents.api import tasks as api
from incidents.backups import tasks as backups
from incidents.directory import tasks as directory
from incidents.exports import tasks as exports
from incidents.exports.archive import tasks as archive
from incidents.guard import tasks as guard
from incidents.importers.intake import tasks as imports
from incidents.jobs import tasks as jobs
from incidents.lookup import tasks as lookup
from incidents.notifications import tasks as notifications
from incidents.runbooks import tasks as runbooks

__all__ = [
    "action_items",
    "api",
    "archive",
    "backups",
    "directory",
    "exports",
    "guard",
    "imports",
    "jobs",
    "lookup",
    "notifications",
    "runbooks",
]
