"""What the responder finds, as JSON: the same questions, answers and order as the page."""

from typing import Any, NamedTuple

from django.http import HttpResponse, JsonResponse
from django.utils.html import strip_tags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from incidents.api.paging import limit_of
from incidents.api.views import Answer
from incidents.lookup import queries
from incidents.lookup.answers import Answers, Beside, PastIncident, RowAnswer, RunbookAnswer
from incidents.lookup.learning.keeping import keep_after
from incidents.lookup.question import Question, read_question
from incidents.models import ConfigDelta, DeltaPart, Severity, User, Way
from incidents.models.runbooks import mark_unverified

LIMIT, MOST = 5, 50
"""How many of each kind, if nothing is said; and at most."""
NO_LABELS = {"q", "limit"}


class AskedSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True)
    labels = serializers.DictField(child=serializers.CharField(allow_blank=True))


class WhySerializer(serializers.Serializer):
    exact_alert = serializers.BooleanField()
    alert_line = serializers.CharField(allow_null=True)
    services = serializers.ListField(child=serializers.CharField())
    words = serializers.BooleanField()


class FoundRunbookSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    why = WhySerializer()
    verified = serializers.DateField(allow_null=True)
    unverified_since = serializers.CharField(allow_null=True)
    helped = serializers.IntegerField()
    failed = serializers.IntegerField()
    first_steps = serializers.ListField(child=serializers.CharField())


class FoundTurnSerializer(serializers.Serializer):
    component = serializers.CharField()
    key = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    part = serializers.ChoiceField(choices=DeltaPart.choices)


class FoundIncidentSerializer(serializers.Serializer):
    reference = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    turned = FoundTurnSerializer(many=True)
    took = serializers.DictField(child=serializers.CharField())
    first_runbook = serializers.CharField(allow_null=True)


class FoundRowSerializer(serializers.Serializer):
    title = serializers.CharField()
    url = serializers.CharField()
    snippet = serializers.CharField(allow_blank=True)


class FoundSerializer(serializers.Serializer):
    """What was asked, and what is found for it. `verified` is null where nobody did."""

    question = AskedSerializer()
    runbooks = FoundRunbookSerializer(many=True)
    incidents = FoundIncidentSerializer(many=True)
    knobs = FoundRowSerializer(many=True)
    lessons = FoundRowSerializer(many=True)
    unsearched = serializers.IntegerField()


class Lookup(Answer):
    takes = None

    @extend_schema(
        summary="Look up an alert or an error line",
        responses=FoundSerializer,
        parameters=[
            OpenApiParameter("q", str, description="The text, as it was copied."),
            OpenApiParameter("limit", int, description=f"How many of each kind: 1 to {MOST}."),
            OpenApiParameter(
                "labels",
                OpenApiTypes.OBJECT,
                description="Every other parameter is a label of the alert: `alertname=DiskFull`.",
                style="form",
                explode=True,
            ),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        labels = {name: str(one) for name, one in request.GET.items() if name not in NO_LABELS}
        limit = limit_of(request, usual=LIMIT, most=MOST)
        question = read_question(request.GET.get("q", ""), labels)
        found = find(question, user=self.user, limit=limit)
        answer = JsonResponse(answers_as_data(found))
        runbooks = found.answers.runbooks
        return keep_after(answer, request, question, runbooks, way=Way.PROGRAM)


class Found(NamedTuple):
    question: Question
    answers: Answers
    beside: Beside


def find(question: Question, *, user: User, limit: int) -> Found:
    answers = queries.look_up(question, user=user, limit=limit)
    first = answers.first_key
    beside = queries.look_beside(question, user=user, limit=limit, first_runbook=first)
    mark_unverified((one.runbook for one in answers.runbooks), user)
    return Found(question, answers, beside)


def answers_as_data(found: Found) -> dict[str, Any]:
    """All that is found, in plain values; `verified` and `took` are null or empty if unknown."""
    question, answers, beside = found
    return {
        "question": {"text": question.text, "labels": dict(question.labels)},
        "runbooks": [runbook_as_data(answer) for answer in answers.runbooks],
        "incidents": [incident_as_data(past) for past in beside.incidents],
        "knobs": [row_as_data(one) for one in beside.knobs],
        "lessons": [row_as_data(one) for one in beside.lessons],
        "unsearched": beside.unsearched,
    }


def runbook_as_data(answer: RunbookAnswer) -> dict[str, Any]:
    runbook = answer.runbook
    verified, unverified = runbook.last_verified_date, runbook.unverified_since
    return {
        "slug": runbook.slug,
        "title": runbook.title,
        "url": runbook.get_absolute_url(),
        "summary": runbook.summary,
        "why": {
            "exact_alert": answer.is_exact,
            "alert_line": answer.line.text if answer.line else None,
            "services": answer.services,
            "words": answer.by_words,
        },
        "verified": verified.isoformat() if verified else None,
        "unverified_since": f"INC-{unverified}" if unverified else None,
        "helped": answer.helped,
        "failed": answer.failed,
        "first_steps": answer.steps.lines,
    }


def incident_as_data(past: PastIncident) -> dict[str, Any]:
    return {
        "reference": past.incident.reference,
        "title": past.incident.title,
        "url": past.incident.get_absolute_url(),
        "severity": past.incident.severity,
        "turned": [turn_as_data(delta) for delta in past.turned],
        "took": dict(past.took),
        "first_runbook": past.served or None,
    }


def turn_as_data(delta: ConfigDelta) -> dict[str, str]:
    return {
        "component": delta.knob.component,
        "key": delta.knob.key,
        "before": delta.before_text,
        "after": delta.after_text,
        "unit": delta.knob.unit,
        "part": delta.part,
    }


def row_as_data(one: RowAnswer) -> dict[str, str]:
    return {
        "title": str(one.row),
        "url": one.row.get_absolute_url(),
        "snippet": strip_tags(one.snippet),
    }
