"""Pasting a log into the timeline: what was found is shown, corrected, and then kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.access.submissions import make_once
from incidents.history.flows import REFUSED
from incidents.lib.approximate_time import zone_named
from incidents.lib.markdown import TextTooLong
from incidents.lib.pasted_timeline import PasteTooLarge, read
from incidents.models import Incident
from incidents.records.parts.fitting import DoesNotFit
from incidents.records.parts.operations import add_timeline_events
from incidents.records.parts.pasting.forms import (
    FoundEventFormSet,
    FoundEvents,
    PasteForm,
    RestForm,
    as_initial,
    first_day,
    unread_text,
)

PAGE = "records/parts/paste_timeline.html"
PREVIEW = "records/parts/keep_pasted.html"


@editors_only
def paste_timeline(request: HttpRequest, number: int) -> HttpResponse:
    incident = visible_or_404(Incident.objects, person(request), pk=number)
    form = PasteForm(request.POST or None, initial={"day": first_day(incident)})
    if request.method == "POST" and form.is_valid():
        zone = zone_named(incident.time_zone)
        try:
            reading = read(form.cleaned_data["text"], zone, day=form.cleaned_data["day"])
        except PasteTooLarge as refused:
            form.add_error("text", str(refused))
        else:
            events = FoundEventFormSet(
                initial=[as_initial(found) for found in reading.events],
                form_kwargs={"zone": zone},
            )
            unread = unread_text(reading)
            rest = RestForm(initial={"unread": unread, "keep_unread": not reading.events})
            context = {"events": events, "rest": rest, "reading": reading}
            return render(request, PREVIEW, {"incident": incident, **context})
    status = REFUSED if form.is_bound else 200
    return render(request, PAGE, {"incident": incident, "form": form}, status=status)


@editors_only
def keep_pasted(request: HttpRequest, number: int) -> HttpResponse:
    incident = visible_or_404(Incident.objects, person(request), pk=number)
    if request.method != "POST":
        return redirect("records:paste_timeline", number=incident.pk)
    zone = zone_named(incident.time_zone)
    events = FoundEventFormSet(request.POST, form_kwargs={"zone": zone})
    rest = RestForm(request.POST)
    problem = ""
    # Both are asked, so that everything that is wrong is said at once.
    if all([events.is_valid(), rest.is_valid()]):
        problem = keep(request, incident, events, rest)
        if not problem:
            return redirect(f"{incident.get_absolute_url()}#timeline")
    context = {"incident": incident, "events": events, "rest": rest, "problem": problem}
    return render(request, PREVIEW, context, status=REFUSED)


def keep(request: HttpRequest, incident: Incident, events: FoundEvents, rest: RestForm) -> str:
    """Add what is kept, once; what is wrong with it otherwise."""
    by, at = person(request), timezone.now()
    source = rest.cleaned_data["source"]
    wanted = [{**values, "source": source} for values in events.kept]
    if rest.unread_event is not None:
        wanted.append({**rest.unread_event, "source": source})
    if not wanted:
        return gettext("No event is kept: tick those that belong to the timeline.")

    def make() -> str:
        add_timeline_events(incident, events=wanted, by=by, at=at)
        return incident.get_absolute_url()

    try:
        make_once(token=rest.cleaned_data["token"], by=by, at=at, make=make)
    except (DoesNotFit, TextTooLong) as refused:
        return str(refused)
    return ""
