"""The organisation that the synthetic archive is about: people, teams, services, knobs, factors."""

from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.text import made_up_name
from incidents.importers.synthetic.vocabulary import KnobWords, vocabulary
from incidents.importers.synthetic.writing import Document, write_documents
from incidents.models import (
    Factor,
    Knob,
    Language,
    Role,
    Runbook,
    Service,
    ServiceState,
    Tag,
    Team,
    User,
)

Origin = tuple[None, datetime]
"""By whom and when: nobody, before all else."""


@dataclass
class House:
    """In each list the first are in most records."""

    people: list[User]
    teams: list[Team]
    services: list[Service]
    factors: dict[str, Factor]
    knobs: dict[tuple[str, str], Knob]
    tags: dict[str, Tag]
    # By the trouble and the service that they are for.
    runbooks: dict[tuple[str, int], list[Runbook]]

    def runbook_for(self, trouble: str, service: Service, chance: Chance) -> Runbook | None:
        for key in ((trouble, service.pk), (trouble, 0)):
            if key in self.runbooks:
                return chance.one_of(self.runbooks[key])
        return None

    def knob(self, words: KnobWords, service: Service) -> Knob:
        return self.knobs[component_of(words, service), words.key]

    def add_runbook(self, trouble: str, runbook: Runbook, services: list[int]) -> None:
        for key in ((trouble, 0), *((trouble, service) for service in services)):
            self.runbooks.setdefault(key, []).append(runbook)


def component_of(words: KnobWords, service: Service) -> str:
    """Services with an API have settings of their own; the others share those of their sort."""
    _, _, sort = service.slug.partition("-")
    name = service.slug if sort == "api" else sort
    pieces = words.component.pieces
    return "".join(name if piece == "service" else piece for piece in pieces)


def build_house(*, incidents: int, seed: int, at: datetime) -> House:
    """Make what the records speak of. What is here already by its name is taken as it is."""
    chance, origin = Chance(f"{seed}:house"), (None, at)
    people = find_or_write(people_of(incidents, chance, origin), "username")
    teams = find_or_write(teams_of(incidents, people, origin), "slug")
    services = find_or_write(services_of(incidents, teams, chance, origin), "slug")
    factors = find_or_write(factors_of(origin), "slug")
    return House(
        people=people,
        teams=teams,
        services=services,
        factors={factor.slug: factor for factor in factors},
        knobs=find_or_write_knobs(services, origin),
        tags={name: Tag.objects.get_or_create(name=name)[0] for name in tag_names()},
        runbooks={},
    )


def find_or_write(documents: list[Document[Any]], name: str) -> list[Any]:
    """The rows of the documents, in their order, or what has their name already."""
    table = type(documents[0].row)
    names = [getattr(document.row, name) for document in documents]
    here = {
        getattr(row, name): row for row in table._default_manager.filter(**{f"{name}__in": names})
    }
    missing = [document for document in documents if getattr(document.row, name) not in here]
    write_documents(missing)
    return [
        here.get(called, document.row) for called, document in zip(names, documents, strict=True)
    ]


def people_of(incidents: int, chance: Chance, origin: Origin) -> list[Document[Any]]:
    """Nobody can sign in as one of them."""
    words = vocabulary().words
    documents = []
    for number in range(12 + int(sqrt(incidents) / 2)):
        first = words["first_name"][number % len(words["first_name"])]
        last = words["last_name"][number * 7 % len(words["last_name"])]
        if number >= len(words["first_name"]):
            last = f"{last}-{made_up_name(number)}"
        username = f"{first}.{last}".lower()
        role = ROLES[number % len(ROLES)] if number else Role.ADMIN
        person = User(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@example.com",
            role=role,
            time_zone=chance.one_of(ZONES),
            language=LANGUAGES[number % len(LANGUAGES)],
            password=make_password(None),
            date_joined=origin[1],
        )
        documents.append(Document(person, f"Added the account of {person.name}", *origin))
    return documents


ROLES = (*[Role.EDITOR] * 6, Role.READER)
LANGUAGES = ("", *Language.values)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def teams_of(incidents: int, people: list[User], origin: Origin) -> list[Document[Any]]:
    names = vocabulary().words["team_names"]
    count = min(len(names), 4 + int(sqrt(incidents) / 12))
    return [
        Document(
            Team(
                name=name,
                slug=slugify(name),
                description=f"Runs what belongs to {name.lower()}, day and night.",
            ),
            f"Added the team “{name}”",
            *origin,
            many={"members": list(people[place::count])},
        )
        for place, name in enumerate(names[:count])
    ]


def services_of(
    incidents: int, teams: list[Team], chance: Chance, origin: Origin
) -> list[Document[Any]]:
    words = vocabulary().words
    pairs = [
        f"{first}-{second}"
        for second in words["service_second"]
        for first in words["service_first"]
    ]
    documents = []
    for place, name in enumerate(pairs[: 12 + int(sqrt(incidents) * 1.5)]):
        first, second = name.split("-")
        service = Service(
            name=name,
            slug=name,
            description=f"The {second} of everything that has to do with {first}s.",
            team=teams[place % len(teams)],
            state=ServiceState.RETIRED if chance.happens(0.04) else ServiceState.RUNNING,
        )
        documents.append(Document(service, f"Added the service “{name}”", *origin))
    return documents


def factors_of(origin: Origin) -> list[Document[Any]]:
    rows = [
        Factor(
            slug=words.slug,
            name=words.name,
            category=words.category,
            description=f"{words.name}. Seen mostly together with {trouble.name} trouble.",
        )
        for trouble in vocabulary().troubles
        for words in trouble.factors
    ]
    return [Document(row, f"Added the factor “{row.name}”", *origin) for row in rows]


def find_or_write_knobs(services: list[Service], origin: Origin) -> dict[tuple[str, str], Knob]:
    here = {(knob.component, knob.key): knob for knob in Knob.objects.all()}
    documents = []
    for trouble in vocabulary().troubles:
        for words in trouble.knobs:
            for service in services:
                name = (component_of(words, service), words.key)
                if name in here:
                    continue
                said = f"Has been looked at in {trouble.name} trouble before."
                here[name] = Knob(
                    component=name[0], key=words.key, unit=words.unit, description=said
                )
                documents.append(Document(here[name], f"Added the knob “{here[name]}”", *origin))
    write_documents(documents)
    return here


def tag_names() -> list[str]:
    own = [tag for trouble in vocabulary().troubles for tag in trouble.tags]
    return list(dict.fromkeys([*own, *vocabulary().words["extra_tags"]]))
