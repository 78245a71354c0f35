"""The one file that has everything in it: runbooks, index, the program that looks up, its looks.

It is opened from a disk or a stick, where no server says what it may do: it says so itself, in a
Content-Security-Policy that names its own pieces by their hashes. Without JavaScript it shows all
runbooks one after the other; with it, the same texts are what it takes them from.
"""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils.html import escape, json_script
from django.utils.translation import gettext

from incidents.lib.words.of_scripts import script_words
from incidents.lib.words.own import language_now
from incidents.models import DeltaPart, Known, Served
from incidents.runbooks.offline.copies import WORDS

SHEETS = (
    "tokens", "base", "layout", "components/badge", "components/button", "components/card",
    "components/definition-list", "components/empty", "components/facets", "components/field",
    "components/lookup", "components/message", "components/offline", "components/prose",
    "components/search",
)  # fmt: skip
SCRIPTS = (
    "translated", "offline/words", "offline/spelling", "offline/question", "offline/ranking",
    "offline/alerts", "offline/answers", "offline/age", "offline/pages", "offline/file",
)  # fmt: skip
# In the cleaner's HTML each "<" begins a tag; only a quoted value within one may hold more of them.
TAG = re.compile(r"<[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)+>")


def file_of(copy: dict[str, Any]) -> str:
    """`copy` is as `copies.copy_of` makes it."""
    shown = [
        {**one, "html": closed_in(one["html"]), "turned": in_words(one["turned"])}
        for one in copy["runbooks"]
    ]
    texts = render_to_string("runbooks/offline/_texts.html", {"copy": {**copy, "runbooks": shown}})
    # The texts stand in the page already.
    runbooks = [{**one, "html": ""} for one in copy["runbooks"]]
    data = escaped(json.dumps({**copy, "runbooks": runbooks}, ensure_ascii=False))
    content = render_to_string("runbooks/offline/_content.html", {"is_file": True, "words": WORDS})
    words = script_words()
    style = "".join(piece(f"css/{name}.css") for name in SHEETS)
    scripts = [piece(f"js/{name}.js") for name in SCRIPTS]
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {hash_of(style)}",
            f"script-src {' '.join(map(hash_of, scripts))}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return "".join(
        [
            f'<!doctype html>\n<html lang="{language_now()}" data-theme="auto">\n<head>\n',
            '<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{escape(gettext('Runbooks'))}</title>\n<style>{style}</style>\n</head>\n<body>\n",
            f'{content}\n<noscript id="texts">{texts}</noscript>\n',
            f'<script type="application/json" id="copy">{data}</script>\n',
            f"{json_script(words, 'words')}\n" if words else "",
            *(f"<script>{script}</script>\n" for script in scripts),
            "</body>\n</html>\n",
        ]
    )


def in_words(turned: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was turned, with words in the place of codes."""
    return [
        {
            **past,
            "served": Served(past["served"]).label,
            "turns": [turn_in_words(turn) for turn in past["turns"]],
        }
        for past in turned
    ]


def turn_in_words(turn: dict[str, str]) -> dict[str, str]:
    return {
        **turn,
        "part": str(DeltaPart(turn["part"]).label),
        "before": turn["before"] or str(Known(turn["before_known"]).label),
        "after": turn["after"] or str(Known(turn["after_known"]).label),
    }


def escaped(text: str) -> str:
    """JSON in which nothing can end the element that it stands in."""
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04X}")
    return text


def closed_in(html: str) -> str:
    """The same HTML, in which no title of a link can end the element around it, or look like the
    comments between the texts: HTML allows "<" and ">" in the value of an attribute."""
    return TAG.sub(lambda tag: f"<{in_references(tag[0][1:-1])}>", html)


def in_references(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def piece(name: str) -> str:
    """The text of one of the site's own static files."""
    found = finders.find(name)
    if not found:
        raise ImproperlyConfigured(f"The static file {name} is not there.")
    return Path(found).read_text(encoding="utf-8")
