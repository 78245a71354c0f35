"""Command lines: which program is started, and what its options set."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext

from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers.found import plain
from incidents.guard.readers.placeholders import filled_in

# They start another program, which is the one that counts.
WRAPPERS = {"exec", "bundle", "poetry", "uv", "run", "env", "nice", "tini", "--", "dumb-init"}
SHELLS = {"sh", "bash", "ash", "dash"}
PYTHONS = {"python", "python3"}
# What one letter stands for, by the programs' own manuals.
LETTERS = {
    "gunicorn": {"w": "workers", "t": "timeout", "b": "bind", "k": "worker_class"},
    "celery": {"c": "concurrency", "Q": "queues", "P": "pool", "A": "app", "n": "hostname"},
    "puma": {"w": "workers", "t": "threads", "p": "port", "e": "environment"},
    "sidekiq": {"c": "concurrency", "t": "timeout", "q": "queue", "e": "environment"},
    "unicorn": {"E": "env", "p": "port", "l": "listen"},
    "unicorn_rails": {"E": "env", "p": "port", "l": "listen"},
}
# Options that take no value, whatever follows them.
SWITCHES = {"beat", "daemon", "debug", "preload", "quiet", "reload"}
COMPONENTS = {
    "postgres": "postgresql",
    "redis-server": "redis",
    "unicorn_rails": "unicorn",
}
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    value: Value
    written: str


@dataclass(frozen=True, slots=True)
class Command:
    component: str
    options: list[Option]


def command(value: Value) -> Command | None:
    """Of a text or a list of words; `None` where no program can be told."""
    words = list(_words(value))
    while words:
        name = PurePosixPath(words[0]).name
        if name in SHELLS and "-c" in words[1:-1]:
            words = list(_words(words[words.index("-c") + 1]))
        elif name in PYTHONS and words[1:2] == ["-m"]:
            words = words[2:]
        elif name in WRAPPERS or ("=" in name and not name.startswith("-")):
            words = words[1:]
        else:
            break
    if not words or words[0].startswith("-"):
        return None
    program = PurePosixPath(words[0]).name
    return Command(COMPONENTS.get(program, program), list(_options(words[1:], program)))


def _words(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        yield from (str(each) for each in value if not isinstance(each, Unknown | list))
    elif isinstance(value, str) and len(value) <= LONGEST:
        try:
            yield from shlex.split(value)
        except ValueError:
            # A quote is not closed: nothing can be told.
            return


def _options(words: list[str], program: str) -> Iterator[Option]:
    """`--workers 4`, `--workers=4`, `-w 4`, `-w4`; `--reload` alone switches something on."""
    letters = LETTERS.get(program, {})
    for word, after in zip(words, [*words[1:], "-"], strict=False):
        alone = after.startswith("-") and not plain_number(after)
        if word.startswith("--") and word != "--":
            name, equals, text = word[2:].partition("=")
            if not equals and not alone and name not in SWITCHES:
                yield Option(name, typed(after), f"{word} {after}")
            else:
                yield Option(name, typed(text) if equals else True, word)
        elif program == "postgres" and word == "-c" and "=" in after:
            name, _, text = after.partition("=")
            yield Option(name, typed(text), f"{word} {after}")
        elif word.startswith("-") and word[1:2] in letters:
            text = word[2:] or ("" if alone else after)
            written = word if word[2:] or alone else f"{word} {after}"
            yield Option(letters[word[1]], typed(text.removeprefix("=")), written)


def plain_number(text: str) -> bool:
    return not isinstance(plain(text), str)


def typed(text: str) -> Value:
    if "$(" in text:
        return Unknown(gettext("the environment of the container gives it"))
    return filled_in(text) or plain(text)
