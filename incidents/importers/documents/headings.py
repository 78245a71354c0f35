"""What people call the parts of a postmortem, and what each is here.

The names are those of the template of Google's SRE book, of PagerDuty's, GitLab's and Atlassian's,
and of what people write without one.
"""

import re
import unicodedata
from dataclasses import dataclass

EVENTS, ACTIONS, FACTORS, PEOPLE, FACTS = "events", "actions", "factors", "people", "facts"
NOTES = "notes"

NAMES: dict[str, tuple[str, ...]] = {
    "summary": (
        "summary",
        "executive summary",
        "overview",
        "tl dr",
        "tldr",
        "synopsis",
        "abstract",
        "incident summary",
        "issue summary",
        "postmortem summary",
        "high level summary",
    ),
    "background": ("background", "context", "background information"),
    "impact": ("impact", "incident impact", "impacts"),
    "response": ("response", "incident response"),
    "went_well": (
        "what went well",
        "went well",
        "things that went well",
        "what worked",
        "what worked well",
        "what did we do well",
        "positives",
        "successes",
        "what went right",
    ),
    "made_harder": (
        "what went wrong",
        "what didnt go so well",
        "what didnt go well",
        "what did not go well",
        "what went poorly",
        "things that went poorly",
        "what could be improved",
        "what could have gone better",
        "what could we do better",
        "what can be improved",
        "areas for improvement",
        "difficulties",
        "challenges",
        "what made it harder",
        "what didnt work",
        "what went badly",
    ),
    "got_lucky": (
        "where we got lucky",
        "where did we get lucky",
        "where we were lucky",
        "luck",
        "got lucky",
        "what went luckily",
        "we got lucky",
    ),
    EVENTS: (
        "timeline",
        "incident timeline",
        "timeline of events",
        "chronology",
        "event timeline",
        "sequence of events",
        "detailed timeline",
        "timeline of the incident",
        "timeline of the outage",
        "chronology of events",
        "recovery timeline",
    ),
    ACTIONS: (
        "action items",
        "actions",
        "action item",
        "follow up",
        "follow ups",
        "followups",
        "follow up actions",
        "follow up items",
        "corrective actions",
        "next steps",
        "preventive actions",
        "preventative actions",
        "remediation items",
        "action plan",
        "todo",
        "todos",
        "tasks",
        "corrective and preventative measures",
        "corrective and preventive measures",
        "preventative measures",
        "preventive measures",
        "actions taken",
        "remediations",
        "improvement actions",
    ),
    FACTORS: (
        "contributing factors",
        "contributing factor",
        "root cause",
        "root causes",
        "causes",
        "cause",
        "root cause analysis",
        "contributing causes",
        "what caused it",
        "root causes and triggers",
        "what were the root causes",
        "contributing conditions",
    ),
    PEOPLE: ("responders", "incident responders", "participants", "people involved", "attendees"),
    FACTS: (
        "key information",
        "metadata",
        "incident details",
        "details",
        "incident information",
        "incident metadata",
        "incident data",
        "key facts",
    ),
}
"""The names that say no more than where the text belongs: such a heading is not kept."""

MORE_NAMES: dict[str, tuple[str, ...]] = {
    "summary": ("what happened", "description", "incident description", "the incident"),
    "background": (
        "trigger",
        "triggers",
        "lead up",
        "leadup",
        "introduction",
        "system overview",
        "architecture",
        "setup",
        "environment",
        "configuration",
        "fault",
    ),
    "impact": (
        "customer impact",
        "user impact",
        "business impact",
        "service impact",
        "scope of impact",
        "who was affected",
        "affected users",
        "internal impact",
        "external impact",
        "what was the impact",
    ),
    "response": (
        "detection",
        "resolution",
        "mitigation",
        "recovery",
        "resolution and recovery",
        "response and recovery",
        "mitigation and resolution",
        "diagnosis",
        "investigation",
        "troubleshooting",
        "how we responded",
        "incident response analysis",
        "how was it fixed",
        "how did we respond",
        "how was the incident detected",
        "what we did",
        "fix",
        "the fix",
        "how we fixed it",
        "restoration",
        "remediation",
        "detection and response",
    ),
    EVENTS: ("events", "log"),
}
"""Names that say something of their own: the heading stays above the text."""


@dataclass(frozen=True)
class Place:
    """Where the text below a heading belongs; whether the heading itself is to be kept."""

    name: str
    keeps_heading: bool


_PLACES = {
    name: Place(place, keeps)
    for table, keeps in ((MORE_NAMES, True), (NAMES, False))
    for place, names in table.items()
    for name in names
}
# Each digit is read in one way: in two, a heading of forty would take hours.
_NUMBER = re.compile(r"^(?:[0-9]{1,2}[.)]?|[a-z][.)]|[ivx]{1,4}[.)])(?:[0-9]++\.?+)*+\s+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LONGEST = 80


def place_of(title: str) -> Place | None:
    """Right: "2. Root causes:" and "Timeline (all times UTC)". None for what has no place."""
    name = bare(title)
    if len(name) > _LONGEST:
        return None
    if (found := _PLACES.get(name)) is not None:
        said = bare(title, asides=True)
        return found if said == name else Place(found.name, keeps_heading=True)
    # "Impact on customers", "Timeline for the second outage".
    words = name.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        start = " ".join(words[:count])
        if start in _PLACES and words[count] in _LINKING:
            return Place(_PLACES[start].name, keeps_heading=True)
    return None


_LINKING = {"and", "of", "on", "for", "to", "in", "from", "during", "at", "by"}


def bare(title: str, *, asides: bool = False) -> str:
    """Small letters, without numbers, marks and what stands in brackets."""
    text = unicodedata.normalize("NFKC", title).casefold().replace("’", "'").replace("'", "")
    text = text if asides else _ASIDE.sub(" ", text)
    text = _NUMBER.sub("", re.sub(r"^[\W_]+", "", text))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())
