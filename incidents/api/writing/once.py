"""`Idempotency-Key`: a request that comes twice is carried out once."""

from collections.abc import Callable
from hashlib import sha256

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from incidents.access.gates import person
from incidents.api.operations import AnotherRequest, StillRunning, carry_out, claim_request
from incidents.api.writing.bodies import raw
from incidents.api.writing.refusals import NotNow, Unprocessable
from incidents.models import LONGEST_KEY, Token

HEADER = "Idempotency-Key"


def key_named(request: Request) -> str | None:
    """Bare, or in quotes as the draft has it. Raises `ParseError`."""
    sent: str | None = request.headers.get(HEADER)
    if sent is None:
        return None
    key = sent.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 0 < len(key) <= LONGEST_KEY or not all("!" <= sign <= "~" for sign in key):
        raise ParseError(f"{HEADER}: 1 to {LONGEST_KEY} ASCII characters, without spaces.")
    return key


def fingerprint_of(request: Request, sent: bytes | None = None) -> str:
    """Another token may not see the same: its request is another one. `sent` is in the place of
    the body where that differs each time."""
    who = f"token {request.auth.pk}" if isinstance(request.auth, Token) else "session"
    head = f"{request.method} {request.get_full_path()} {who}\n"
    return sha256(head.encode() + (raw(request) if sent is None else sent)).hexdigest()


def once(
    request: Request,
    *,
    write: Callable[[], int],
    answer: Callable[[int], HttpResponse],
    sent: bytes | None = None,
) -> HttpResponse:
    """Write, and answer with the row of the key that `write` returns, in one transaction.

    Asked again with the same key, nothing is written and the row is told as it is now, as far as it
    is still open to who asks. Raises what both raise, `ParseError`, `NotNow` and `Unprocessable`.
    """
    key = key_named(request)
    if key is None:
        with transaction.atomic():
            return answer(write())
    by, at = person(request), timezone.now()
    answers: list[HttpResponse] = []

    def does() -> tuple[int, int]:
        made = write()
        answers.append(answer(made))
        return made, answers[0].status_code

    try:
        claimed = claim_request(key=key, fingerprint=fingerprint_of(request, sent), by=by, at=at)
        if claimed.made is not None:
            again = answer(claimed.made)
            again["Idempotency-Replayed"] = "true"
            return again
        carry_out(claimed, does, by=by, at=at)
    except AnotherRequest as refusal:
        raise Unprocessable({HEADER: [str(refusal)]}) from refusal
    except StillRunning as refusal:
        raise NotNow(str(refusal)) from refusal
    return answers[0]
