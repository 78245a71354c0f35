"""The runbooks of the synthetic archive."""

from datetime import timedelta

from django.db.models import Model
from django.utils.text import slugify

from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.house import House
from incidents.importers.synthetic.scene import Scene
from incidents.importers.synthetic.text import alert_name
from incidents.importers.synthetic.times import FIRST_DAY, LAST_DAY
from incidents.importers.synthetic.vocabulary import vocabulary
from incidents.importers.synthetic.writing import Document
from incidents.models import Runbook, RunbookState, VerifyEvery


def make_runbook(
    number: int, *, total: int, seed: int, house: House
) -> tuple[str, Document[Runbook]]:
    """With the name of the trouble that it is for. Depends on nothing but its arguments."""
    chance = Chance(f"{seed}:runbook:{number}")
    written = FIRST_DAY + (LAST_DAY - FIRST_DAY) * (number / total)
    scene = Scene.drawn(chance, house, written)
    says = scene.trouble.says
    title = scene.speaker.one_of(says["titles"]).replace("`", "")
    is_verified = chance.happens(0.6)
    runbook = Runbook(
        title=title[0].upper() + title[1:],
        slug=f"{slugify(title)[:90]}-{seed}-{number}",
        summary=scene.speaker.one_of(says["symptoms"])[:300],
        body=body_of(scene),
        alerts="\n".join(dict.fromkeys(alerts_of(scene))),
        owner=scene.owner if chance.happens(0.8) else None,
        team=scene.team,
        state=RunbookState.RETIRED if chance.happens(0.05) else RunbookState.ACTIVE,
        last_verified_by=scene.owner if is_verified else None,
    )
    if is_verified:
        runbook.last_verified_at = written + timedelta(days=chance.rank(700))
        runbook.last_verified_date = runbook.last_verified_at.date()
    many: dict[str, list[Model]] = {
        "services": scene.many["services"],
        "knobs": [house.knob(words, scene.service) for words in scene.knobs],
    }
    if chance.happens(0.2):
        runbook.verify_every = chance.one_of(VerifyEvery.values)
    summary = f"Wrote the runbook “{runbook.title}”"
    return scene.trouble.name, Document(runbook, summary, scene.owner, written, many=many)


def body_of(scene: Scene) -> str:
    speaker, says = scene.speaker, scene.trouble.says
    common = vocabulary().sentences
    steps = [f"{place}. {speaker.say(step)}" for place, step in enumerate(says["steps"], 1)]
    sections = {
        "What it means": speaker.prose(says["symptoms"], words=60),
        "Steps": "\n".join(steps),
        "Why it happens": speaker.prose(says["causes"], says["findings"], words=80),
        "What helped before": speaker.prose(says["fixes"], common["remark"], words=60),
    }
    return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in sections.items())


def alerts_of(scene: Scene) -> list[str]:
    names = [
        alert_name(scene.trouble, scene.service.slug, scene.chance)
        for _ in range(scene.chance.randint(1, 3))
    ]
    if scene.chance.happens(0.15):
        names[0] = f'alertname="{names[0]}", severity="critical"'
    return names
