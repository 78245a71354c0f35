"""The style guide shows all that there is, to administrators."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.test.signals import template_rendered

from tests.factories import a_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static/css/components").glob("*.css"))
PIECES = sorted((ROOT / "templates/components").glob("*.html"))
RULE = re.compile(r"(?:^|\s|,)\.([\w-]+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What stands on pages of its own kind alone, and not in the guide; each with where it is.
ELSEWHERE = {
    "advice": "beside a draft",
    "attachments": "below a record",
    "bulk": "over the list of action items",
    "burn-up": "/actions/burn-up/",
    "contents": "beside a record",
    "export": "what is exported",
    "guard": "/guard/",
    "offline": "/runbooks/offline/",
    "pasted": "what was pasted into a timeline",
    "reading": "a runbook step by step",
    "review": "/reviews/",
    "steps": "the page of a knob",
}
# The shape of whole pages, which cannot stand in another.
WHOLE = {"_error_page.html"}


@pytest.fixture
def shown(client: Client) -> str:
    client.force_login(a_user("admin"))
    answer = client.get("/styleguide/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(shown: str) -> None:
    assert 'data-theme="light"' in shown
    assert 'data-theme="dark"' in shown
    assert "<h1>Style guide</h1>" in shown


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_it_is_for_administrators(client: Client, role: str) -> None:
    client.force_login(a_user(role))
    assert client.get("/styleguide/").status_code == 403


def test_every_component_is_shown(client: Client) -> None:
    client.force_login(a_user("admin"))
    names: set[str] = set()

    def note(template: object, **_: object) -> None:
        names.add(str(getattr(template, "name", "")))

    template_rendered.connect(note)
    try:
        client.get("/styleguide/")
    finally:
        template_rendered.disconnect(note)
    wanted = {f"components/{piece.name}" for piece in PIECES if piece.name not in WHOLE}
    assert wanted - names == set()


def test_every_sheet_is_shown(shown: str) -> None:
    """A class of each is in the guide; what is not, is named with the page where it is."""
    classes = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', shown))))
    missing = {
        sheet.stem
        for sheet in SHEETS
        if not classes & {*own_classes(sheet), sheet.stem} and f"<{sheet.stem}" not in shown
    }
    assert missing == set(ELSEWHERE)


def own_classes(sheet: Path) -> set[str]:
    """Those that no other sheet speaks of."""
    others = [other for other in SHEETS if other != sheet]
    return named_in(sheet) - set().union(*map(named_in, others))


def named_in(sheet: Path) -> set[str]:
    return set(RULE.findall(COMMENT.sub("", sheet.read_text())))


def test_nothing_has_the_name_of_another(shown: str) -> None:
    names = re.findall(r'\sid="([^"]+)"', shown)
    assert {name for name in names if names.count(name) > 1} == set()
