"""The responder's page, and the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from incidents.access.gates import person
from incidents.lookup import queries
from incidents.models import FoundKind

OF_EACH_KIND = 5
OF_ONE_KIND = 50
SUGGESTED = 3
LONGEST_SHOWN = 2_000
"""Characters of the question that the page repeats: what its box can hold."""


def home(request: HttpRequest) -> HttpResponse:
    """The lookup box has the focus; below it what needs the person."""
    user = person(request)
    context = {"waiting": queries.waiting_for(user), "today": user.date_at(timezone.now())}
    return render(request, "lookup/home.html", context)


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


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()


def asked_kind(request: HttpRequest) -> FoundKind | None:
    """The one kind to show; any other word means all of them."""
    kind = request.GET.get("kind", "")
    return FoundKind(kind) if kind in FoundKind.values else None
