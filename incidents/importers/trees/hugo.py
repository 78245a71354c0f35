"""Hugo's shortcodes, made Markdown. One that is not known stays as it is written."""

import re
from collections.abc import Mapping

from incidents.importers.trees.mkdocs import CALLOUTS

_ONE = re.compile(
    r"\{\{[<%]-?[ \t]*(?P<close>/?)[ \t]*(?P<name>[\w./-]+)"
    r"(?P<rest>(?:\"(?:\\.|[^\"\\\n])*\"|`[^`\n]*`|[^\"`<>%])*?)"
    r"[ \t]*(?P<own>/?)-?[>%]\}\}"
)
_VALUE = re.compile(
    r"(?:(?P<name>[\w-]+)=)?(?:\"(?P<quoted>(?:\\.|[^\"\\])*)\"|`(?P<raw>[^`]*)`|(?P<bare>[^\s\"`]+))"
)
_PAIRED = (
    r"(?s)\{\{(?P<mark>[<%])-?[ \t]*(?P<name>NAMES)\b(?P<rest>[^\n]*?)-?[>%]\}\}(?P<inner>.*?)"
    r"\{\{[<%]-?[ \t]*/[ \t]*(?P=name)[ \t]*-?[>%]\}\}"
)
_BOXES = (
    "hint",
    "notice",
    "alert",
    "callout",
    "admonition",
    "note",
    "tip",
    "info",
    "warning",
    "caution",
    "danger",
    "important",
    "details",
    "expand",
    "attachments",
)
_BOX = re.compile(_PAIRED.replace("NAMES", "|".join(_BOXES)))
_CODE = re.compile(_PAIRED.replace("NAMES", "highlight|code|mermaid|command"))
_TAB = re.compile(_PAIRED.replace("NAMES", "tab|codetab"))
_MOST = 2000
"""Shortcodes of a text: to look for the end of each takes its time."""
_AROUND = {"tabs", "tabpane", "columns", "steps", "cards", "rawhtml", "codetabs"}
"""Shortcodes that only lay out what stands between them."""


def understood(text: str, values: Mapping[str, str]) -> str:
    if not 0 < text.count("{{") <= _MOST:
        return text
    text = _CODE.sub(fenced, text)
    for _level in range(3):
        text = _BOX.sub(box, text)
    text = _TAB.sub(tab, text)
    return _ONE.sub(lambda found: alone(found, values), text)


def told(rest: str) -> tuple[list[str], dict[str, str]]:
    """What a shortcode is given: in their order, and by their names."""
    places, named = [], {}
    for found in _VALUE.finditer(rest):
        value = next(
            each for each in (found["quoted"], found["raw"], found["bare"]) if each is not None
        )
        value = value.replace('\\"', '"')
        if found["name"]:
            named[found["name"].lower()] = value
        else:
            places.append(value)
    return places, named


def alone(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found["name"].lower()
    places, named = told(found["rest"])
    if name in {"ref", "relref"} and (target := named.get("path") or (places or [""])[0]):
        return target
    if name in {"figure", "img", "image"} and not found["close"]:
        return figure(places, named) or found[0]
    if name == "param" and places:
        return values.get(places[0].lower(), found[0])
    return "" if name in _AROUND else found[0]


def figure(places: list[str], named: Mapping[str, str]) -> str:
    source = named.get("src") or (places or [""])[0]
    if not source:
        return ""
    source = f"<{source}>" if re.search(r"[\s()]", source) else source
    below = [named[name] for name in ("title", "caption", "attr") if named.get(name)]
    words = named.get("alt") or (below or [""])[0]
    picture = f"![{words.replace(']', ')').replace('[', '(')}]({source})"
    if link := named.get("link"):
        picture = f"[{picture}]({link})"
    return "\n\n".join([picture, *(each for each in below if each != words)])


def fenced(found: re.Match[str]) -> str:
    places, named = told(found["rest"])
    language = named.get("lang") or (places or [""])[0]
    if found["name"] == "mermaid":
        language = "mermaid"
    inner = found["inner"].strip("\n")
    fence = "~~~~" if "```" in inner else "```"
    language = language if re.fullmatch(r"[\w+-]*", language) else ""
    return f"\n{fence}{language}\n{inner}\n{fence}\n"


def box(found: re.Match[str]) -> str:
    places, named = told(found["rest"])
    kinds = [found["name"], *places, *named.values()]
    kind = next((each.lower() for each in reversed(kinds) if each.lower() in CALLOUTS), "note")
    words = [
        each
        for each in [*places, *(named.get(name, "") for name in ("title", "summary"))]
        if each
        and each.lower() not in CALLOUTS
        and not re.fullmatch(r"true|false|[0-9]+|open|\.\.\.", each)
    ]
    lines = [f"**{' · '.join(words)}**", ""] if words else []
    lines += found["inner"].strip("\n").split("\n")
    return "\n".join(["", f"> [!{CALLOUTS[kind]}]", *(f"> {line}".rstrip() for line in lines), ""])


def tab(found: re.Match[str]) -> str:
    places, named = told(found["rest"])
    name = named.get("name") or named.get("header") or named.get("title") or (places or [""])[0]
    inner = found["inner"].strip("\n")
    return f"\n**{name}**\n\n{inner}\n" if name else f"\n{inner}\n"
