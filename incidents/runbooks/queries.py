"""Reading runbooks, in the shape that a page needs."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents.lib.links import Link
from incidents.models import (
    FAILED,
    HELPED,
    Incident,
    Lesson,
    LessonState,
    Runbook,
    RunbookUse,
    Service,
    User,
    Verdict,
)


def runbooks_for(user: User) -> QuerySet[Runbook]:
    """All runbooks, each with how often it helped and failed in records that one may see, and with
    how many faults people said that nobody has dealt with."""
    open_faults = Verdict.objects.open_faults().filter(runbook=OuterRef("pk"))
    # Counted by itself: beside the uses it would be multiplied by them.
    faults = open_faults.order_by().values("runbook")
    seen = Q(uses__incident__in=Incident.objects.visible_to(user))
    return (
        Runbook.objects.with_unverified(user)
        .select_related("owner", "team")
        .prefetch_related("services")
        .annotate(
            helped_count=Count("uses", filter=seen & Q(uses__served__in=HELPED), distinct=True),
            failed_count=Count("uses", filter=seen & Q(uses__served__in=FAILED), distinct=True),
            fault_count=Coalesce(Subquery(faults.annotate(count=Count("pk")).values("count")), 0),
        )
    )


def uses_for(user: User, runbook: Runbook) -> QuerySet[RunbookUse]:
    """How it served in the records that one may see, the latest first."""
    uses = RunbookUse.objects.visible_to(user).filter(runbook=runbook)
    return uses.select_related("incident").order_by("-incident_id", "-id")


def to_be_verified(today: date) -> QuerySet[Runbook]:
    """With those who look after them."""
    due = Runbook.objects.verification_due(today).select_related("owner", "team")
    return due.prefetch_related("team__members").order_by("pk")


def links_of(runbook: Runbook) -> list[tuple[Service, list[Link]]]:
    """Where to look, for each of its services that says so."""
    return [(one, one.link_list) for one in runbook.services.all() if one.link_list]


def lessons_beside(user: User, runbook: Runbook) -> QuerySet[Lesson]:
    """The lessons that hold for the knobs that this runbook assumes."""
    lessons = Lesson.objects.visible_to(user).filter(
        state=LessonState.ACTIVE, knobs__in=runbook.knobs.all()
    )
    return lessons.distinct().order_by("-id")
