"""From a request and its answer to the lookup that is kept."""

from datetime import datetime
from functools import partial
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from incidents.lib.answer_then import AnswerThen
from incidents.lib.together import Together
from incidents.lookup.answers import RunbookAnswer
from incidents.lookup.learning import operations, queries
from incidents.lookup.learning.row import Asker, row_of
from incidents.lookup.question import Question
from incidents.models import Lookup, Runbook, User, Way

_asked = Together(operations.keep)


def keep_after(
    answer: HttpResponse,
    request: HttpRequest,
    question: Question,
    answers: list[RunbookAnswer],
    *,
    way: Way,
) -> HttpResponse:
    """The same answer; when it has gone out, the lookup is kept, a moment later and with others:
    what is kept beside the next question takes its time."""
    if not is_looked_at(request):
        return answer
    by = request.user if isinstance(request.user, User) else None
    asker = Asker(by=by, way=way, at=timezone.now(), typing=typed_on(request))
    row = row_of(question, answers, asker)
    if row is None:
        return answer
    return AnswerThen(answer, partial(_asked.add, row, pause=settings.LOOKUP_KEPT_AFTER))


def is_looked_at(request: HttpRequest) -> bool:
    return request.method != "HEAD" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def opened_from(
    request: HttpRequest, runbook: Runbook, *, user: User, at: datetime
) -> Lookup | None:
    """The person's own lookup from whose answers they came to this page.

    The browser says from which of our pages it came, so no address has to name a lookup: an address
    that is passed on in a chat is the runbook's own, and nobody's question.
    """
    # By hand: what stands there is anybody's, and a parser refuses some of it.
    host, slash, rest = request.headers.get("Referer", "").partition("://")[2].partition("/")
    path = slash + rest.partition("?")[0]
    if host != request.get_host() or path not in {reverse("lookup:home"), reverse("lookup:lookup")}:
        return None
    if not is_looked_at(request):
        return None
    _asked.finish()
    return queries.led_to(runbook, user=user, at=at)


def note_opening_after(
    answer: HttpResponse, lookup: Lookup | None, runbook: Runbook, *, at: datetime
) -> HttpResponse:
    if lookup is None:
        return answer
    return AnswerThen(answer, partial(operations.note_opening, lookup, runbook=runbook, at=at))


def typed_on(request: HttpRequest) -> str:
    """What tells the page on which it is typed from every other; empty where it is not typed.

    Each page that is drawn has a token of its own against forgery, and sends it with what is typed.
    """
    token = request.POST.get("csrfmiddlewaretoken", "")
    return sha256(token.encode(errors="replace")).hexdigest() if token else ""
