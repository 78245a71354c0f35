"""Who and what one incident is about."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Model

from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.house import House
from incidents.importers.synthetic.text import Speaker, alert_name, error_name, made_up_name
from incidents.importers.synthetic.vocabulary import KnobWords, Trouble, vocabulary
from incidents.models import Service, Team, User

HOSTS = 60
FEWEST_WORDS, MOST_WORDS = 200, 780
VENDORS = 300


@dataclass
class Scene:
    chance: Chance
    house: House
    trouble: Trouble
    # What it was taken for at first.
    likeness: Trouble
    service: Service
    other: Service
    team: Team
    knobs: list[KnobWords]
    staff: list[User]
    speaker: Speaker
    # Began, detected, mitigated, resolved.
    course: list[datetime]
    written: datetime
    # Words of the whole record.
    length: int
    many: dict[str, list[Model]] = field(default_factory=dict)

    @property
    def owner(self) -> User:
        return self.staff[0]

    @classmethod
    def drawn(cls, chance: Chance, house: House, began: datetime) -> "Scene":
        trouble = chance.one_of(vocabulary().troubles)
        service = chance.one_of(house.services)
        other = chance.one_of([each for each in house.services if each is not service])
        knobs = chance.some_of(trouble.knobs, 2)
        team = service.team or chance.one_of(house.teams)
        staff = chance.some_of(house.people, 4)
        course = course_from(began, chance)
        teams = [team] if chance.happens(0.8) else [team, chance.one_of(house.teams)]
        tags = [*chance.some_of(trouble.tags, 3), *chance.some_of(EXTRA_TAGS, 2)]
        return cls(
            chance=chance,
            house=house,
            trouble=trouble,
            likeness=chance.choice(vocabulary().troubles),
            service=service,
            other=other,
            team=team,
            knobs=knobs,
            staff=staff,
            speaker=speaker_for(
                chance, trouble, (service, other), team=team, knob=knobs[0], staff=staff
            ),
            course=course,
            written=course[-1] + timedelta(hours=chance.randint(3, 400)),
            length=round(min(MOST_WORDS, max(FEWEST_WORDS, chance.lognormvariate(LENGTH, 0.4)))),
            many={
                "services": [service, other] if chance.happens(0.35) else [service],
                "teams": list(dict.fromkeys(teams)),
                "tags": [house.tags[name] for name in dict.fromkeys(tags)],
            },
        )


LENGTH = math.log(380)
EXTRA_TAGS = vocabulary().words["extra_tags"]


def course_from(began: datetime, chance: Chance) -> list[datetime]:
    """Long incidents are rarer by far than short ones, and some are noticed late."""
    noticed = began + timedelta(minutes=chance.rank(600))
    held = noticed + timedelta(minutes=3 + chance.rank(900))
    return [began, noticed, held, held + timedelta(minutes=chance.rank(2000))]


def speaker_for(
    chance: Chance,
    trouble: Trouble,
    services: tuple[Service, Service],
    *,
    team: Team,
    knob: KnobWords,
    staff: list[User],
) -> Speaker:
    service, other = services
    fixed = {
        "service": service.name,
        "other": other.name,
        "team": team.name,
        "setting": f"`{knob.key}`",
        "region": chance.one_of(vocabulary().words["region"]),
        "vendor": made_up_name(chance.rank(VENDORS)),
        "version": f"{chance.randint(1, 9)}.{chance.randint(0, 40)}.{chance.randint(0, 9)}",
        "error": error_name(chance),
        "alert": alert_name(trouble, service.slug, chance),
        "queue": chance.one_of(vocabulary().words["queue"]),
        "endpoint": endpoint(service, chance),
        "Service": service.name,
    }
    numbers = [chance.rank(HOSTS) + 1 for _ in range(3)]
    hosts = [f"{chance.one_of(services).slug}-{number:02}" for number in numbers]
    return Speaker(chance, fixed, hosts, [person.name for person in staff])


def endpoint(service: Service, chance: Chance) -> str:
    words = vocabulary().words
    collection = chance.one_of(words["table"]).replace("_", "-")
    return f"/{service.slug.partition('-')[0]}/{collection}/{chance.one_of(words['queue'])}"
