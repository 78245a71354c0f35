"""What is wrong with a database that fails for a while, in words for whoever asked."""

import errno
from enum import Enum
from typing import NamedTuple

import psycopg
from django.db import Error, InterfaceError
from django.utils.translation import gettext_lazy

from incidents.lib.words.translated import Translated


class Words(NamedTuple):
    """`again_after` is in seconds."""

    heading: Translated
    sentence: Translated
    again_after: int


class Trouble(Enum):
    AWAY = Words(
        gettext_lazy("The database cannot be reached"),
        gettext_lazy(
            "It is away, or takes nobody else just now. Nothing is lost that was saved before."
        ),
        5,
    )
    BUSY = Words(
        gettext_lazy("The database is busy"),
        gettext_lazy(
            "Others were writing for longer than this could wait. What you sent was not kept."
        ),
        5,
    )
    LONG = Words(
        gettext_lazy("That took too long"),
        gettext_lazy(
            "The database was stopped while it worked on this. Ask for less at once, or try again."
        ),
        30,
    )
    READ_ONLY = Words(
        gettext_lazy("Nothing can be saved just now"),
        gettext_lazy(
            "The database takes no changes. What you sent was not kept; everything that is "
            "there can be read and looked up."
        ),
        60,
    )
    FULL = Words(
        gettext_lazy("There is no room to save anything"),
        gettext_lazy(
            "The disk is full. What you sent was not kept; everything that is there can be "
            "read and looked up."
        ),
        60,
    )


# https://www.postgresql.org/docs/current/errcodes-appendix.html
SQLSTATES = {
    "25006": Trouble.READ_ONLY,
    "40001": Trouble.BUSY,
    "40P01": Trouble.BUSY,
    "53100": Trouble.FULL,
    "53300": Trouble.AWAY,
    "55P03": Trouble.BUSY,
    "57014": Trouble.LONG,
    "57P01": Trouble.AWAY,
    "57P02": Trouble.AWAY,
    "57P03": Trouble.AWAY,
    "57P05": Trouble.AWAY,
}
CONNECTION = "08"
"""The class of what is wrong with a connection."""
# https://www.sqlite.org/rescode.html
SQLITE_CODES = {
    5: Trouble.BUSY,
    6: Trouble.BUSY,
    8: Trouble.READ_ONLY,
    9: Trouble.LONG,
    10: Trouble.AWAY,
    13: Trouble.FULL,
    14: Trouble.AWAY,
}
NO_ROOM = frozenset({778, 1034, 1546, 4874})
"""Failed to write, to sync, to truncate, to make the index of the log larger: what a disk without
room does when it is not SQLite itself that asks for it."""
SYSTEM_CODES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """None where waiting mends nothing: an error of ours, or one that a person has to look at."""
    if isinstance(error, Error):
        return of_database(error.__cause__ or error)
    if isinstance(error, OSError):
        return SYSTEM_CODES.get(error.errno or 0)
    return None


def of_database(error: BaseException) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return Trouble.FULL if code in NO_ROOM else SQLITE_CODES.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return Trouble.AWAY if state.startswith(CONNECTION) else SQLSTATES.get(state)
    # Of a server that was not reached, or is gone, there is no code.
    is_gone = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, InterfaceError))
    return Trouble.AWAY if is_gone else None
