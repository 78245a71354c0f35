"""The responder's page, and the search over everything."""

import re
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from incidents.access.gates import person
from incidents.lookup import queries
from incidents.lookup.alerts.queries import count_firing
from incidents.lookup.answers import draft_for
from incidents.lookup.learning.keeping import keep_after
from incidents.lookup.learning.queries import count_unsaid
from incidents.lookup.places import places_for
from incidents.lookup.question import Question, as_text, read_question
from incidents.lookup.references import read_reference
from incidents.models import FoundKind, User, Way
from incidents.models.runbooks import mark_unverified

OF_EACH_KIND = 5
OF_ONE_KIND = 50
SUGGESTED = 3
PLACES_SHOWN = 10
LONGEST_SHOWN = 2_000
"""Characters of the question that the page repeats: what its box can hold."""
RUNBOOKS, BESIDE = 6, 4
"""How many runbooks the responder is offered, and how many of each kind beside them."""
LONGEST_REPEATED = 5_000
"""Characters of what was pasted that the page repeats."""
LONGEST_ADDRESS = 4_000
"""Characters of an address that come through every proxy."""
NO_LABELS = {"q", "csrfmiddlewaretoken"}
ASKING = ("GET", "HEAD", "POST")
KEY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def home(request: HttpRequest) -> HttpResponse:
    """The lookup box has the focus; below it what needs the person."""
    user = person(request)
    context = {
        "waiting": queries.waiting_for(user),
        "today": user.date_at(timezone.now()),
        "firing": count_firing(),
        "unsaid": count_unsaid(user, at=timezone.now()),
    }
    return render(request, "lookup/home.html", context)


class Asked(NamedTuple):
    """`box` is what stands in the box: a text that reads as the same question."""

    question: Question
    box: str

    @property
    def address(self) -> str:
        """Where it is answered, for those who may be sent there."""
        return reverse("lookup:lookup", query={"q": self.box[:LONGEST_ADDRESS]})


@require_http_methods(ASKING)
def lookup(request: HttpRequest) -> HttpResponse:
    """What to do about an alert, or about any text; a reference leads straight to its record.

    What is too long for an address is sent, and answered where it was sent to.
    """
    user, asked = person(request), what_is_asked(request)
    if record := queries.by_reference(asked.box, user=user):
        return redirect(record.get_absolute_url())
    if request.method == "POST" and asked.box and len(asked.address) <= LONGEST_ADDRESS:
        return redirect(asked.address)
    context = runbooks_for(asked, user=user)
    if context["answers"]:
        first = context["answers"].first_key
        context["beside"] = queries.look_beside(
            asked.question, user=user, limit=BESIDE, first_runbook=first
        )
        mark_unverified((one.runbook for one in context["answers"].runbooks), user)
    return kept(request, "lookup/lookup.html", context, asked, way=Way.ADDRESS)


@require_http_methods(ASKING)
def answers(request: HttpRequest) -> HttpResponse:
    """What comes under the box while somebody types; by itself, it leads to the page."""
    user, asked = person(request), what_is_asked(request)
    if not getattr(request, "htmx", False):
        return redirect(asked.address)
    context = runbooks_for(asked, user=user)
    return kept(request, "lookup/_answers.html", context, asked, way=Way.TYPED)


@require_http_methods(ASKING)
def beside(request: HttpRequest) -> HttpResponse:
    """What the archive has for it, after the runbooks; by itself, it leads to the page.

    What is sent may say in its address which runbook stands first, and which are shown: what
    incidents say of those comes along, for it would keep the runbooks waiting.
    """
    user, asked = person(request), what_is_asked(request)
    if not getattr(request, "htmx", False):
        return redirect(asked.address)
    told = request.GET.get("first", "") if request.method == "POST" else ""
    first = int(told) if KEY.fullmatch(told) else None
    found = queries.look_beside(asked.question, user=user, limit=BESIDE, first_runbook=first)
    keys = [int(key) for key in request.GET.getlist("shown")[:RUNBOOKS] if KEY.fullmatch(key)]
    shown = queries.shown_runbooks(keys, user=user)
    return render(request, "lookup/_beside.html", {"beside": found, "shown": shown})


def kept(
    request: HttpRequest, template: str, context: dict[str, Any], asked: Asked, *, way: Way
) -> HttpResponse:
    """The page; once it is out, the lookup is kept. A reference asks for no runbook."""
    page = render(request, template, context)
    if context["answers"] is None or read_reference(asked.box):
        return page
    return keep_after(page, request, asked.question, context["answers"].runbooks, way=way)


def runbooks_for(asked: Asked, *, user: User) -> dict[str, Any]:
    """The context of the answers; without a question there are none."""
    context: dict[str, Any] = {"box": asked.box[:LONGEST_REPEATED], "answers": None}
    if asked.box:
        context |= {
            "question": asked.question,
            "answers": queries.look_up(asked.question, user=user, limit=RUNBOOKS),
            "draft": urlencode(draft_for(asked.question)),
            "today": user.date_at(timezone.now()),
        }
    return context


def what_is_asked(request: HttpRequest) -> Asked:
    """`q` is the text; every other parameter is a label of the alert."""
    sent = request.POST if request.method == "POST" else request.GET
    labels = {name: str(value) for name, value in sent.items() if name not in NO_LABELS}
    text = sent.get("q", "").replace("\0", "").strip()
    return Asked(read_question(text, labels), as_text(text, labels))


def search(request: HttpRequest) -> HttpResponse:
    """A reference leads straight to its record; every other text to what it finds."""
    user, text, kind = person(request), asked_text(request), asked_kind(request)
    if record := queries.by_reference(text, user=user):
        return redirect(record.get_absolute_url())
    found = None
    if text:
        kinds, limit = ([kind], OF_ONE_KIND) if kind else (list(FoundKind), OF_EACH_KIND)
        found = queries.search(text, user=user, kinds=kinds, limit=limit)
    context = {"search_text": text[:LONGEST_SHOWN], "found": found, "kind": kind}
    return render(request, "lookup/search.html", context)


def suggestions(request: HttpRequest) -> HttpResponse:
    """What the header's box shows while somebody types; by itself, it leads to the search."""
    user, text = person(request), asked_text(request)
    if not getattr(request, "htmx", False):
        return redirect(reverse("lookup:search", query={"q": text}))
    found = queries.search(text, user=user, limit=SUGGESTED) if text else None
    context = {"search_text": text[:LONGEST_SHOWN], "found": found}
    return render(request, "lookup/_suggestions.html", context)


def palette(request: HttpRequest) -> HttpResponse:
    """What Ctrl-K offers: places, and records as the header's box; by itself, the search."""
    user, text = person(request), asked_text(request)
    if not getattr(request, "htmx", False):
        return redirect(reverse("lookup:search", query={"q": text}))
    context = {
        "search_text": text[:LONGEST_SHOWN],
        "places": places_for(text, user=user, today=user.date_at(timezone.now()))[:PLACES_SHOWN],
        "found": queries.search(text, user=user, limit=SUGGESTED) if text else None,
    }
    return render(request, "lookup/_palette.html", context)


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()


def asked_kind(request: HttpRequest) -> FoundKind | None:
    """The one kind to show; any other word means all of them."""
    kind = request.GET.get("kind", "")
    return FoundKind(kind) if kind in FoundKind.values else None
