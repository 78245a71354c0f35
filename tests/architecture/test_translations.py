"""Every text for people is marked, and every marked text has a German one that fits its place."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.source import ROOT, called_name, modules

TEMPLATES = ROOT / "templates"
GERMAN = ROOT / "locale/de/LC_MESSAGES/django.po"

# The function, and which of its arguments are the context, the text and its plural.
MARKS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATES = re.compile(
    rf"\b(?P<name>n?p?gettext|_)\(\s*(?P<first>{STRING})"
    rf"(?:\s*,\s*(?P<second>{STRING}))?(?:\s*,\s*(?P<third>{STRING}))?",
    re.DOTALL,
)
"""As Django itself makes calls of what is marked in a template."""
VALUE = re.compile(r"%\((?P<name>\w+)\)[sd]|\{(?P<field>\w*)\}")
TAG = re.compile(r"</?[a-z][^>]*>")


class Marked(NamedTuple):
    context: str | None
    text: str
    plural: str | None

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def marked(name: str, arguments: list[str | None]) -> Marked | None:
    context, text, plural = (
        None if place is None or place >= len(arguments) else arguments[place]
        for place in MARKS[name]
    )
    return None if text is None else Marked(context, text, plural)


def marked_in_python(tree: ast.AST) -> Iterator[Marked]:
    """Of a text that is no constant, its constants are marked where they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in MARKS:
            arguments = [
                one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
                for one in node.args
            ]
            if found := marked(called_name(node), arguments):
                yield found


def marked_in_template(source: str) -> Iterator[Marked]:
    for call in IN_TEMPLATES.finditer(templatize(source)):
        given = [call[name] for name in ("first", "second", "third")]
        arguments = [None if one is None else str(ast.literal_eval(one)) for one in given]
        if found := marked(call["name"], arguments):
            yield found


@cache
def all_marked() -> frozenset[Marked]:
    python = (one for module in modules() for one in marked_in_python(module.tree))
    pages = (one for path in templates() for one in marked_in_template(path.read_text()))
    return frozenset({*python, *pages})


@cache
def german() -> Catalog:
    with GERMAN.open("rb") as file:
        return read_po(file)


def entries(catalog: Catalog) -> dict[tuple[str | None, str], Entry]:
    found = {}
    for entry in catalog:
        text = entry.id if isinstance(entry.id, str) else entry.id[0]
        # The reader of compiled files leaves the context as bytes.
        context = entry.context.decode() if isinstance(entry.context, bytes) else entry.context
        if text:
            found[context, text] = entry
    return found


def forms(entry: Entry) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)


def values(text: str) -> set[str]:
    return {match[0].rstrip("sd") for match in VALUE.finditer(text)}


def misfit(one: Marked, form: str) -> str:
    """What a translation lacks or makes up; of a plural, a form may leave its number out."""
    of_text = values(one.text) | values(one.plural or "")
    lacking, made_up = of_text - values(form), values(form) - of_text
    if made_up or len(lacking) > (1 if one.plural else 0):
        return f"values {sorted(of_text ^ values(form))}"
    if sorted(TAG.findall(one.text)) != sorted(TAG.findall(form)):
        return "tags"
    return ""


def test_the_marks_are_seen() -> None:
    assert len(all_marked()) > 1000


def test_every_marked_text_has_a_german_one() -> None:
    known = entries(german())
    lacking = [
        one
        for one in all_marked()
        if one.key not in known
        or not all(forms(known[one.key]))
        or bool(one.plural) != bool(known[one.key].pluralizable)
    ]

    assert lacking == []


def test_no_translation_is_a_guess() -> None:
    assert [entry.id for entry in german() if entry.id and entry.fuzzy] == []


def test_every_translation_has_the_values_and_tags_of_its_text() -> None:
    known = entries(german())
    wrong = {
        (one.text, form): told
        for one in all_marked()
        if one.key in known
        for form in forms(known[one.key])
        if (told := misfit(one, form))
    }

    assert wrong == {}


def test_what_is_compiled_is_what_is_written() -> None:
    with GERMAN.with_suffix(".mo").open("rb") as file:
        compiled = entries(read_mo(file))

    written = entries(german())
    assert {key: forms(entry) for key, entry in compiled.items()} == {
        key: forms(entry) for key, entry in written.items()
    }


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Added %(name)s.", "Hinzugefügt."),
        ("Added %(name)s.", "%(names)s hinzugefügt."),
        ("{by} froze {what}", "{by} hat es eingefroren"),
        ("<b>Nothing</b> is late", "Nichts ist überfällig"),
        ("Nothing is late", "<script>Nichts</script> ist überfällig"),
    ],
)
def test_each_misfit_is_seen(text: str, form: str) -> None:
    assert misfit(Marked(None, text, None), form)


def test_a_form_may_leave_its_number_out() -> None:
    one = Marked(None, "%(count)s file", "%(count)s files")

    assert [misfit(one, form) for form in ("Eine Datei", "%(count)s Dateien")] == ["", ""]


# -- What is not marked ---------------------------------------------------------------------------

REMOVED = [
    re.compile(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        r"\{#.*?#\}",
        r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}",
        r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}",
        r"\{%\s*block main_class\s*%\}.*?\{%\s*endblock\s*%\}",
        r"<!--.*?-->",
        r"<(script|style|code|kbd)\b(?:[^>{]|\{[%{].*?[%}]\}|\{)*>.*?</\1>",
    )
]
OF_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
READ_OUT = re.compile(r"\s(?:aria-label|aria-description|title|placeholder|alt)=\"([^\"]*)\"")
HTML = re.compile(r"<[^>]*>")
NO_WORDS = re.compile(r"&#?\w+;|\{[a-z_]+\}")
WORD = re.compile(r"[^\W\d_]{2,}")
# In every language, by what it is.
NAMES = {"Postmortems": "the name of the product"}
# In one template, by what it is.
THERE: dict[str, dict[str, str]] = {
    "styleguide/_controls.html": {"Ada": "a person"},
    "styleguide/_lists.html": {"INC": "a reference"},
}


def unmarked(source: str) -> list[str]:
    """The words of a template that are the same in every language."""
    for pattern in REMOVED:
        source = pattern.sub(" ", source)
    source = OF_DJANGO.sub("", source)
    texts = [*READ_OUT.findall(source), HTML.sub(" ", source)]
    return [word for text in texts for word in WORD.findall(NO_WORDS.sub(" ", text))]


@pytest.mark.parametrize(
    "path", templates(), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_a_template_says_nothing_that_is_not_marked(path: Path) -> None:
    known = NAMES | THERE.get(path.relative_to(TEMPLATES).as_posix(), {})

    assert [word for word in unmarked(path.read_text()) if word not in known] == []


def test_no_exception_is_left_over() -> None:
    said = {name: unmarked((TEMPLATES / name).read_text()) for name in THERE}

    assert [(name, word) for name in THERE for word in THERE[name] if word not in said[name]] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nothing is late</p>",
        '<p aria-label="Nothing is late"></p>',
        '<a title="{{ name }} is late" href="/">{{ name }}</a>',
        "{% if late %}late{% endif %}",
        '<p>{% translate "Late" %}: yes</p>',
    ],
)
def test_each_text_without_a_mark_is_seen(source: str) -> None:
    assert unmarked(source)


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Late" %} {{ item.title }} · <code>INC</code>',
        '<a class="late" title="{% translate "Late" %}">{# late #}</a>',
        "{% blocktranslate trimmed %}<b>{{ count }}</b> late{% endblocktranslate %}",
        "<script src=\"{% static 'js/late.js' %}\" defer>late</script>&nbsp;{sentence}",
    ],
)
def test_what_is_marked_or_no_text_passes(source: str) -> None:
    assert unmarked(source) == []
