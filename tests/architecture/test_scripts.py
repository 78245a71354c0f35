"""What scripts of pages do not do."""

import re

import pytest

from tests.architecture.source import ROOT

FOLDER = ROOT / "static/js"
OF_THE_WORKER = ["offline/manage.js", "offline/worker.js"]
NEVER = {
    # Another window would be believed.
    "listens to windows": r"addEventListener\(\s*[\"']message[\"']|\bonmessage\s*=",
    # A name that somebody chose would change every object.
    "copies by name": r"\bfor\s*\((?:const|let|var)\s+\w+\s+in\b|Object\.assign\(",
    "touches prototypes": r"\.prototype\b|__proto__(?!: null)|setPrototypeOf",
    "runs texts": r"\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*[\"'`]",
}
KEYED = re.compile(r"(?<![\w.\])])(?P<name>\w+)\[(?P<key>[A-Za-z_]\w*)\]\s*(?:\?\?|\|\||&&)?=(?!=)")
BY_NUMBER = {("offline/spelling.js", "row")}
"""Rows of a table."""
SCRIPTS = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.js"))


def text_of(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("what", NEVER)
def test_it_does_not(what: str) -> None:
    doing = [name for name in SCRIPTS if re.search(NEVER[what], text_of(name))]

    # The worker hears its own pages, and a page the end of a line that it gave to the worker.
    assert doing == (OF_THE_WORKER if what == "listens to windows" else [])
    assert len(SCRIPTS) > 20


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("listens to windows", 'window.addEventListener("message", take)'),
        ("copies by name", "for (const name in sent) kept[name] = sent[name];"),
        ("touches prototypes", 'kept["__proto__"].isAdmin = true'),
        ("runs texts", 'setTimeout("run()", 1)'),
    ],
)
def test_each_is_found(what: str, line: str) -> None:
    assert re.search(NEVER[what], line)


def test_what_is_kept_by_a_name_that_people_choose_has_no_prototype() -> None:
    keyed = [
        (name, found["name"])
        for name in SCRIPTS
        for found in KEYED.finditer(text_of(name))
        if (name, found["name"]) not in BY_NUMBER
    ]

    assert {name for name, _ in keyed} == {"reading/placeholders.js"}
    assert "{ __proto__: null, " in text_of("reading/placeholders.js")
