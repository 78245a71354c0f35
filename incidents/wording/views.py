"""Advice for whoever writes a record. It blocks nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.models import Incident, LessonRelation
from incidents.wording.advice import MOST, advised
from incidents.wording.queries import draft_of
from incidents.wording.recurrence import likely_lessons

BESIDE = 5
"""Places named for one rule beside the record, where there is little room."""


@editors_only
def advice(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    incident = visible_or_404(Incident.objects, user, pk=number)
    draft = draft_of(incident, user=user)
    is_piece = "HX-Request" in request.headers
    context = {
        "incident": incident,
        "advised": advised(draft, without=settings.WORDING_RULES_OFF),
        "likely": likely_lessons(draft, user=user),
        "relations": LessonRelation.choices,
        "most": BESIDE if is_piece else MOST,
        "is_piece": is_piece,
    }
    template = "wording/_advice.html" if is_piece else "wording/advice.html"
    return render(request, template, context)
