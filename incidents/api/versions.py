"""The optimistic lock: a change names the version that it was made from, in `If-Match`."""

import re
from hashlib import sha256
from http import HTTPStatus

from django.db.models import Model
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from incidents.history.queries import last_change_of

LETTERS_OF_HASH = 32
# `"3"`, `"3.9f86…"`, and with `W/` what a proxy that compresses makes of it.
TAG = re.compile(r'\s*(?:W/)?"(?P<version>[0-9]{1,9})(?:\.[^"]*)?"\s*')


class NameTheVersion(APIException):
    """Who changes without having read would write over what others wrote."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = (
        "Say which version you change: send its ETag in If-Match, or its number in quotes, "
        'such as "3".'
    )


class Stale(APIException):
    """Somebody changed it since; `headers` tell the present version."""

    status_code = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, row: Model, tag: str) -> None:
        self.headers = {"ETag": tag}
        super().__init__(f"{changed_by(row)} Read it again, and send what you want with its ETag.")


def changed_by(row: Model) -> str:
    """Right: "It is at version 4: Ada Lovelace changed it at 2026-03-14T22:30:00Z." """
    version = getattr(row, "version", 0)
    line = last_change_of(row)
    if line is None:
        return f"It is at version {version}."
    who = line.by.name if line.by else "The site itself"
    return f"It is at version {version}: {who} changed it at {line.at:%Y-%m-%dT%H:%M:%SZ}."


def tag_of(content: bytes, version: int | str | None) -> str:
    """The version of the row and a hash of all that is told of it: parts change without the row,
    and two people may be told different parts of one row."""
    told = sha256(content).hexdigest()[:LETTERS_OF_HASH]
    return f'"{version}.{told}"' if version not in {None, ""} else f'"{told}"'


def version_named(request: Request) -> set[int]:
    """The versions in `If-Match`, of which one is to be the present one. What a tag says beside
    the version is not compared: the parts of a record have versions of their own.

    Raises `NameTheVersion`, also for `*`, which names none.
    """
    sent = request.headers.get("If-Match", "")
    if not sent.strip() or sent.strip() == "*":
        raise NameTheVersion
    found = (TAG.fullmatch(one) for one in sent.split(","))
    return {int(one["version"]) for one in found if one}
