"""One incident of the synthetic archive, with its parts and what came of it: not yet saved."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.follow_up import actions_of, lessons_of, reopened_by
from incidents.importers.synthetic.house import ZONES, House
from incidents.importers.synthetic.parts import parts_of
from incidents.importers.synthetic.scene import Scene
from incidents.importers.synthetic.times import known_as, moment_of
from incidents.importers.synthetic.vocabulary import vocabulary
from incidents.importers.synthetic.writing import Document
from incidents.lib.periods import Period
from incidents.models import (
    ActionItem,
    Detection,
    Incident,
    Kind,
    Lesson,
    Severity,
    State,
    Visibility,
)

# What each section has of the words that are left beside the parts; which sentences of everybody,
# of its trouble, and of another trouble that looked like it.
SECTIONS = {
    "summary": (0.16, (), ("symptoms", "causes", "fixes"), ("symptoms",)),
    "background": (0.22, ("background", "aside", "aside"), (), ()),
    "impact": (0.07, ("impact", "remark"), ("symptoms",), ()),
    "response": (0.41, ("response", "aside", "aside"), ("findings", "fixes"), ("findings",)),
    "went_well": (0.05, ("went_well", "remark"), (), ("fixes",)),
    "made_harder": (0.05, ("made_harder", "remark"), (), ("causes",)),
    "got_lucky": (0.02, ("got_lucky", "remark"), (), ("fixes",)),
    "notes": (0.02, ("notes", "remark"), (), ("findings",)),
}
OPTIONAL = ("went_well", "made_harder", "got_lucky", "notes")

KINDS = {Kind.OWN: 88.0, Kind.NEAR_MISS: 9.0, Kind.EXTERNAL: 3.0}
SEVERITIES = {
    Severity.SEV4: 36.0,
    Severity.SEV3: 28.0,
    Severity.SEV5: 13.0,
    Severity.SEV2: 11.0,
    Severity.UNKNOWN: 9.0,
    Severity.SEV1: 3.0,
}
DETECTIONS = {
    Detection.MONITORING: 52.0,
    Detection.CUSTOMER: 22.0,
    Detection.STAFF: 13.0,
    Detection.UNKNOWN: 6.0,
    Detection.PARTNER: 5.0,
    Detection.AUDIT: 2.0,
}
STATES = {State.PUBLISHED: 91.0, State.DRAFT: 4.0, State.IN_REVIEW: 3.0, State.WITHDRAWN: 2.0}
RESTRICTED = 0.02
"""The share of records that only the people named may see."""
LISTS = "\n\n### Seen at {clock}\n\n- `{host}`: {metric}\n- {error}\n\n```\n{error} {trace}\n```"


KEY = "synthetic:"
"""How the external keys of all that is made up begin."""


@dataclass
class Made:
    incident: Document[Incident]
    lessons: list[Document[Lesson]] = field(default_factory=list)
    actions: list[Document[ActionItem]] = field(default_factory=list)


@dataclass
class Earlier:
    """What is in the archive already, by its keys; records speak of it."""

    incidents: list[int]
    lessons: list[int]


def make_incident(
    number: int,
    *,
    total: int,
    seed: int,
    house: House,
    earlier: Earlier,
    period: Period | None = None,
) -> Made:
    """Depends on nothing but its arguments."""
    chance = Chance(f"{seed}:{number}")
    began = moment_of(number, total, chance, period=period)
    scene = Scene.drawn(chance, house, began)
    incident = incident_of(scene, external_key=f"{key_of(seed, period)}{number}")
    parts = parts_of(scene, incident, earlier.incidents, earlier.lessons)
    fill_prose(scene, incident, words=scene.length - words_in(parts))
    if incident.visibility == Visibility.RESTRICTED:
        scene.many["allowed_people"] = chance.sample(scene.staff, min(3, len(scene.staff)))
        scene.many["allowed_teams"] = [scene.team] if chance.happens(0.5) else []
    summary = f"Recorded “{incident.title}”"
    document = Document(incident, summary, scene.owner, scene.written, parts, scene.many)
    lessons = lessons_of(scene, incident)
    actions = actions_of(scene, incident, lessons) + reopened_by(scene, incident, parts)
    return Made(document, lessons, actions)


def key_of(seed: int, period: Period | None) -> str:
    """How the external keys of an archive begin; after it stands the record's number, from 0."""
    return f"{KEY}{seed}@{period.key}:" if period else f"{KEY}{seed}:"


def incident_of(scene: Scene, *, external_key: str) -> Incident:
    chance, speaker = scene.chance, scene.speaker
    zone = ZoneInfo(chance.one_of(ZONES))
    state = chance.weighed(STATES)
    kind = chance.weighed(KINDS)
    values: dict[str, Any] = {}
    for phase, moment in zip(Incident.PHASES, scene.course, strict=True):
        values |= known_as(phase, moment, zone, chance)
    if state == State.PUBLISHED:
        values |= {"published_at": scene.written, "published_by": scene.staff[-1]}
    if state == State.WITHDRAWN:
        values["withdrawn_reason"] = f"The same as ticket {speaker.slot('ticket')}."
    if kind == Kind.EXTERNAL:
        name = speaker.slot("name")
        values["source_title"] = f"What happened at {name} in {speaker.word('month')}"
        values["source_url"] = f"https://{name.lower()}.example/incidents/{chance.randint(1, 999)}"
    title = speaker.one_of(scene.trouble.says["titles"]).replace("`", "")
    return Incident(
        title=title[0].upper() + title[1:],
        kind=kind,
        state=state,
        severity=chance.weighed(SEVERITIES),
        detection=chance.weighed(DETECTIONS),
        time_zone=zone.key,
        owner=scene.owner,
        visibility=Visibility.RESTRICTED if chance.happens(RESTRICTED) else Visibility.EVERYONE,
        external_key=external_key,
        **values,
    )


def fill_prose(scene: Scene, incident: Incident, *, words: int) -> None:
    """About so many words, over the sections of the record."""
    common = vocabulary().sentences
    for name, (share, general, of_trouble, of_other) in SECTIONS.items():
        if name in OPTIONAL and scene.chance.happens(0.3):
            continue
        pools = [common[kind] for kind in general]
        pools += [scene.trouble.says[kind] for kind in of_trouble]
        pools += [scene.likeness.says[kind] for kind in of_other]
        setattr(incident, name, scene.speaker.prose(*pools, words=round(share * words)))
    incident.summary = f"{scene.speaker.common('opening')} {incident.summary}"
    # Now and then somebody wrote more than paragraphs.
    if scene.chance.happens(0.01):
        more = {slot: scene.speaker.slot(slot) for slot in ("clock", "host", "metric", "error")}
        incident.notes += LISTS.format(**more, trace=scene.speaker.slot("trace"))


def words_in(parts: list[Any]) -> int:
    texts = (getattr(part, name) for part in parts for name in part.PROSE)
    return sum(text.count(" ") + 1 for text in texts)
