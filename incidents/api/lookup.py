"""What the responder finds, as JSON: the same questions, answers and order as the page."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import strip_tags

from incidents.lookup import queries
from incidents.lookup.answers import Answers, Beside, PastIncident, RowAnswer, RunbookAnswer
from incidents.lookup.learning.keeping import keep_after
from incidents.lookup.question import Question, read_question
from incidents.models import ConfigDelta, User, Way

LIMIT, MOST = 5, 50
"""How many of each kind, if nothing is said; and at most."""
NO_LABELS = {"q", "limit"}


@login_not_required
def view(request: HttpRequest) -> HttpResponse:
    """`q` is the text, `limit` how many of each kind, every other parameter a label.

    Programs are told 401 where people are sent to the sign-in.
    """
    if request.method not in ("GET", "HEAD"):
        answer = refusal(405, "Only GET is answered here.")
        answer["Allow"] = "GET, HEAD"
        return answer
    if not isinstance(request.user, User) or not request.user.is_active:
        return refusal(401, "Sign in first: the session's cookie says who asks.")
    labels = {name: str(value) for name, value in request.GET.items() if name not in NO_LABELS}
    limit = request.GET.get("limit", str(LIMIT))
    is_number = limit.isascii() and limit.isdecimal() and len(limit) <= len(str(MOST))
    if not is_number or not 1 <= int(limit) <= MOST:
        return refusal(400, f"“limit” is a whole number from 1 to {MOST}.")
    question = read_question(request.GET.get("q", ""), labels)
    found = find(question, user=request.user, limit=int(limit))
    answer = JsonResponse(answers_as_data(found))
    return keep_after(answer, request, question, found.answers.runbooks, way=Way.PROGRAM)


def refusal(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


class Found(NamedTuple):
    question: Question
    answers: Answers
    beside: Beside


def find(question: Question, *, user: User, limit: int) -> Found:
    answers = queries.look_up(question, user=user, limit=limit)
    first = answers.first_key
    beside = queries.look_beside(question, user=user, limit=limit, first_runbook=first)
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
    verified = runbook.last_verified_date
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
