"""Every page is in the language of its reader, and says nothing in another."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.access.restricted import World
from tests.access.walk import visits
from tests.architecture.test_translations import entries, forms, german

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # Hundreds of whole pages.
    pytest.mark.timeout(400),
]

# Short ones may be words of the records.
LONG = 15
NOT_SHOWN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
FOR_PROGRAMS = ("/api/", "/hooks/")
# Kept by a browser for whoever uses it, and so in the browser's language.
OF_THE_BROWSER = "/runbooks/offline/shell/"


def english() -> list[str]:
    """Texts that are another one in German, and have nothing in them to fill in."""
    return [
        text
        for (_, text), entry in entries(german()).items()
        if len(text) >= LONG and not re.search(r"[%{<]", text) and text not in forms(entry)
    ]


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(TAG.sub("\n", NOT_SHOWN.sub("\n", page))))


def test_no_page_says_anything_in_english(world: World) -> None:
    world.named.language = "de"
    world.named.save()
    client = Client()
    client.force_login(world.named)
    known, seen, left = english(), 0, {}

    for path in {visit.path for visit in visits(world)}:
        if path.startswith(FOR_PROGRAMS) or path == OF_THE_BROWSER:
            continue
        answer = client.get(path)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        seen += 1
        if "<html" in page and '<html lang="de"' not in page:
            left[path] = ["is not German"]
        text = shown(page)
        # A whole line or sentence of it: "notifications" is a word of many records.
        if found := [one for one in known if f" {one} " in f" {text} "]:
            left[path] = found

    assert left == {}, left
    assert seen > 100


def test_english_is_seen() -> None:
    page = "<p>\n  Nothing is kept on this\n  device. </p><script>Your answer is kept.</script>"

    assert "Nothing is kept on this device." in shown(page)
    assert "Your answer is kept." not in shown(page)
    assert "Your answer is kept." in english()
