"""The six stories, and what they lack: a draft with nothing in it, a restricted record, people."""

from dataclasses import dataclass

from incidents.history.operations import create_record
from incidents.importers.demo.operations import load_stories
from incidents.models import Incident, Team, User, Visibility
from tests.factories import NOW, a_team, a_user


@dataclass
class Demo:
    admin: User
    editor: User
    other: User
    reader: User
    team: Team
    # A story with all kinds of parts in it.
    story: Incident
    draft: Incident
    restricted: Incident


def load_demo() -> Demo:
    admin, editor, other = (
        a_user("admin", username="ada", first_name="Ada"),
        a_user("editor", username="ed", first_name="Ed"),
        a_user("editor", username="olga", first_name="Olga"),
    )
    load_stories(by=editor, at=NOW)
    draft = Incident(title="Search answers slowly", owner=editor)
    create_record(draft, by=editor, at=NOW, summary="Recorded it")
    restricted = Incident(title="A key in a public place", visibility=Visibility.RESTRICTED)
    create_record(
        restricted, by=admin, at=NOW, summary="Recorded it", related={"allowed_people": [admin]}
    )
    return Demo(
        admin=admin,
        editor=editor,
        other=other,
        reader=a_user("reader", username="rita", first_name="Rita"),
        team=a_team(editor, other, name="Platform", slug="platform"),
        story=Incident.objects.get(title__startswith="Podiant"),
        draft=draft,
        restricted=restricted,
    )
