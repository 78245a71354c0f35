"""Did it help: one press, a note after it; and what people said, for those who put it right."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person
from incidents.history.flows import REFUSED
from incidents.lookup.learning.queries import Asking, asking, own_lookups
from incidents.models import Lookup, Runbook, Said, Verdict
from incidents.runbooks.feedback import operations, queries
from incidents.runbooks.feedback.forms import NoteForm

PIECE = "runbooks/_did_it_help.html"


@require_POST
def did_it_help(request: HttpRequest, slug: str) -> HttpResponse:
    """One press: of a lookup of one's own that offered the runbook, or of no lookup."""
    runbook = one_or_404(Runbook.objects.all(), slug=slug)
    lookup = own_lookup(request, runbook)
    said = request.POST.get("said", "")
    if said in Said.values:
        at = timezone.now()
        operations.say(runbook, said=Said(said), by=person(request), at=at, lookup=lookup)
        return answer(request, runbook, lookup)
    if not is_by_htmx(request):
        messages.error(request, gettext("Say by one of the buttons whether it helped."))
    return answer(request, runbook, lookup, status=REFUSED)


@require_POST
def say_more(request: HttpRequest, slug: str) -> HttpResponse:
    verdict = own_verdict(request, slug)
    form = NoteForm(request.POST)
    if form.is_valid():
        note, by = form.cleaned_data["note"], person(request)
        operations.say_more(verdict, note=note, by=by, at=timezone.now())
        messages_unless_htmx(request, gettext("Noted, thank you."))
        return answer(request, verdict.runbook, verdict.lookup)
    context = piece(request, Asking(verdict.runbook, verdict.lookup, verdict), form)
    template = PIECE if is_by_htmx(request) else "runbooks/did_it_help.html"
    return render(request, template, context, status=REFUSED)


@require_POST
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    verdict = own_verdict(request, slug)
    operations.take_back(verdict, by=person(request), at=timezone.now())
    messages_unless_htmx(request, gettext("Taken back."))
    return answer(request, verdict.runbook, verdict.lookup)


@require_POST
@editors_only
def deal_with(request: HttpRequest, slug: str) -> HttpResponse:
    """One fault that was said, or all of them."""
    runbook = one_or_404(Runbook.objects.all(), slug=slug)
    key = request.POST.get("verdict")
    only = None if key is None else one_or_404(Verdict.objects.filter(runbook=runbook), pk=key)
    operations.deal_with(runbook, by=person(request), at=timezone.now(), only=only)
    messages.success(request, gettext("Noted as dealt with."))
    return redirect(f"{runbook.get_absolute_url()}#what-people-said")


def answer(
    request: HttpRequest, runbook: Runbook, lookup: Lookup | None, *, status: int = 200
) -> HttpResponse:
    """The piece as it is now; without htmx, back to where it stands."""
    if is_by_htmx(request):
        asked = asking(runbook, user=person(request), at=timezone.now(), lookup=lookup)
        return render(request, PIECE, piece(request, asked), status=status)
    then = request.POST.get("then", "")
    if then == "mine":
        return redirect("lookup:mine")
    page = reverse("runbooks:read" if then == "read" else "runbooks:runbook", args=[runbook.slug])
    return redirect(f"{page}#did-it-help")


def piece(request: HttpRequest, asked: Asking, form: NoteForm | None = None) -> dict[str, Any]:
    then = request.POST.get("then", "")
    return {"asking": asked, "then": then, "note_form": form, "is_said_now": True}


def own_lookup(request: HttpRequest, runbook: Runbook) -> Lookup | None:
    """The lookup that is named, which has to be one's own, and to have offered the runbook."""
    if "lookup" not in request.POST:
        return None
    own = own_lookups(person(request), at=timezone.now())
    lookup = one_or_404(own, pk=request.POST["lookup"])
    one_or_404(Runbook.objects.filter(pk__in=lookup.offered), pk=runbook.pk)
    return lookup


def own_verdict(request: HttpRequest, slug: str) -> Verdict:
    own = queries.own_verdicts(person(request)).select_related("runbook", "lookup")
    return one_or_404(own.filter(runbook__slug=slug), pk=request.POST.get("verdict", ""))


def is_by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def messages_unless_htmx(request: HttpRequest, text: str) -> None:
    """Where the piece comes back by htmx, it says so itself."""
    if not is_by_htmx(request):
        messages.success(request, text)
