"""What a copy of the runbooks needs of each one's texts, cut to stems where the server does it."""

from collections.abc import Iterable

from incidents.lookup.stems import stem
from incidents.lookup.steps import first_steps
from incidents.lookup.terms import indexed, whole_names, written
from incidents.lookup.words import Words, words_of
from incidents.models import Runbook, RunbookWords


def copied_words(*runbooks: Runbook) -> list[RunbookWords]:
    """Of each runbook, in their order; not saved."""
    return [
        read_words(runbook, words)
        for runbook, words in zip(runbooks, words_of(*runbooks), strict=True)
    ]


def read_words(runbook: Runbook, words: Words) -> RunbookWords:
    head = f"{words.title}\n{words.names}"
    steps = first_steps(runbook.body_html)
    return RunbookWords(
        runbook=runbook,
        title=" ".join(indexed(words.title)),
        head=" ".join(indexed(head)),
        body=" ".join(indexed(words.body)),
        names=" ".join(names_in(words)),
        stems=stems_of(written(head) | written(words.body)),
        steps_html=steps.html,
        more_steps=steps.left,
    )


def names_in(words: Words) -> list[str]:
    """The lines of the head that are one name made of several words, each as one term."""
    lines = (line.strip() for line in (words.title, *words.names.splitlines()))
    names = (name for line in lines if " " not in line for name in whole_names(line)[:1])
    return list(dict.fromkeys(names))


def stems_of(words: Iterable[str]) -> str:
    found = ((word, stem(word)) for word in sorted(words))
    return "\n".join(f"{word} {term}" for word, term in found if word != term)
