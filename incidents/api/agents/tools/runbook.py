"""A runbook, with what to do."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from pydantic import Field

from incidents.access.gates import one_or_404
from incidents.api.agents.schemas import shape
from incidents.api.agents.tools.tool import Arguments, CannotDo, Text, Told, Tool
from incidents.api.resources.runbooks import WholeRunbookSerializer
from incidents.models import Knob, User
from incidents.runbooks.queries import runbooks_for


class Asked(Arguments):
    slug: Text = Field(description="Its short name, as in its address: pool-is-full.")


def call(asked: Asked, *, user: User, at: datetime) -> Told:  # noqa: ARG001 (as every tool)
    knobs = Knob.objects.visible_to(user).order_by("component", "key")
    rows = runbooks_for(user).select_related("last_verified_by")
    try:
        found = one_or_404(rows.prefetch_related(Prefetch("knobs", knobs)), slug=asked.slug)
    except Http404 as refusal:
        raise CannotDo(f"There is no runbook “{asked.slug}”. Find one with lookup.") from refusal
    data: dict[str, Any] = WholeRunbookSerializer(found).data
    return Told(data, "\n".join(lines_of(data)))


def lines_of(runbook: dict[str, Any]) -> list[str]:
    verified, since = runbook["last_verified_date"], runbook["unverified_since"]
    facts = [
        f"Verified on {verified}." if verified else "Never verified.",
        f"Unverified since {since}." if since else "",
        f"It helped in {runbook['helped']} incidents and failed in {runbook['failed']}.",
        f"For the alerts {', '.join(runbook['alerts'])}." if runbook["alerts"] else "",
        f"It is {runbook['state']}." if runbook["state"] != "active" else "",
    ]
    return [f"# {runbook['title']}", "", " ".join(filter(None, facts)), "", runbook["body"]]


TOOL = Tool(
    name="runbook",
    title="Read a runbook",
    about="Read what to do, when it was last verified, and which settings it assumes.",
    takes=Asked,
    gives=lambda: shape("WholeRunbook"),
    call=call,
)
