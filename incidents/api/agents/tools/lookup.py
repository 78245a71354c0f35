"""The responder's search."""

from datetime import datetime
from typing import Any

from django.conf import settings
from pydantic import Field

from incidents.api.agents.schemas import shape
from incidents.api.agents.tools.tool import Arguments, CannotDo, Told, Tool
from incidents.api.lookup import LIMIT, MOST, answers_as_data, find
from incidents.lookup.learning.operations import keep
from incidents.lookup.learning.row import Asker, row_of
from incidents.lookup.question import read_question
from incidents.models import User, Way


class Asked(Arguments):
    text: str = Field("", description="An alert, an error line or any words, as they were copied.")
    labels: dict[str, str] = Field(
        {}, description="Labels of the alert, if there is one: alertname, service, …"
    )
    limit: int = Field(LIMIT, ge=1, le=MOST, description="How many of each kind.")


def call(asked: Asked, *, user: User, at: datetime) -> Told:
    question = read_question(asked.text, asked.labels)
    if not question.text and not question.labels:
        raise CannotDo("Nothing is asked: give a text, or labels.")
    found = find(question, user=user, limit=asked.limit)
    data = answers_as_data(found)
    if row := row_of(question, found.answers.runbooks, Asker(by=user, way=Way.PROGRAM, at=at)):
        keep([row])
    return Told(data, "\n".join(lines_of(data)))


def lines_of(found: dict[str, Any]) -> list[str]:
    lines = ["## Runbooks", ""]
    for runbook in found["runbooks"]:
        verified = f"verified {runbook['verified']}" if runbook["verified"] else "never verified"
        lines.append(f"- **{runbook['title']}** (`{runbook['slug']}`, {verified})")
        lines += [f"  {step}" for step in runbook["first_steps"]]
    lines += [] if found["runbooks"] else ["None for this."]
    lines += ["", "## Past incidents", ""]
    for incident in found["incidents"]:
        lines.append(f"- {incident['reference']} {incident['title']} ({incident['severity']})")
        lines += [
            f"  {turn['part']}: {turn['component']} {turn['key']}: {turn['before']} →"
            f" {turn['after']}"
            for turn in incident["turned"]
        ]
    lines += [] if found["incidents"] else ["None like this."]
    for kind in ("knobs", "lessons"):
        if found[kind]:
            lines += ["", f"## {kind.title()}", ""]
            lines += [f"- {row['title']} {settings.SITE_URL}{row['url']}" for row in found[kind]]
    if found["unsearched"]:
        lines += ["", f"{found['unsearched']:,} records could not be searched yet."]
    return lines


TOOL = Tool(
    name="lookup",
    title="Look up an alert or an error",
    about="Find the runbooks for an alert, an error line or a description, with past incidents"
    " like it, the settings that were turned in them, and lessons.",
    takes=Asked,
    gives=lambda: shape("Found"),
    call=call,
)
