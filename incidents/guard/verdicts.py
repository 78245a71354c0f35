"""What one guard says of one configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from django.utils.translation import gettext_lazy

from incidents.guard.hiding import reasons_without_secrets, value_told
from incidents.guard.language.evaluation import Answer, Configuration, Verdict, evaluate
from incidents.guard.language.parsing import parse
from incidents.guard.language.tree import Expression
from incidents.guard.language.values import Undecided
from incidents.lib.words.translated import Translated

_PLACE = re.compile(r"\{([A-Za-z_]\w*(?:\.\w+)+)\}")


class Outcome(Enum):
    HOLDS = "holds"
    VIOLATED = "violated"
    NOT_CONCERNED = "not concerned"
    NOT_CHECKED = "not checked"

    @property
    def label(self) -> Translated:
        """For people."""
        return LABELS[self]


LABELS: dict[Outcome, Translated] = {
    Outcome.HOLDS: gettext_lazy("holds"),
    Outcome.VIOLATED: gettext_lazy("violated"),
    Outcome.NOT_CONCERNED: gettext_lazy("not concerned"),
    Outcome.NOT_CHECKED: gettext_lazy("not checked"),
}


class Asking(Protocol):
    """A guard, saved or being written."""

    @property
    def expression(self) -> str: ...
    @property
    def precondition(self) -> str: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True)
class Said:
    """`reasons` and `missing` say why it was not checked; `message` has its values filled in."""

    outcome: Outcome
    verdict: Verdict
    message: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.verdict.reasons

    @property
    def missing(self) -> tuple[str, ...]:
        return self.verdict.missing


def names_read(guard: Asking) -> set[str]:
    """Of its expression and its precondition. Raises `BadExpression`."""
    names = {*parse(guard.expression).names}
    if guard.precondition.strip():
        names |= {*parse(guard.precondition).names}
    return names


def ask(guard: Asking, configuration: Configuration) -> Said:
    """Raises `BadExpression` for a guard that cannot be read.

    A precondition that is false ends it: the guard does not concern this configuration. One that
    cannot be told leaves the guard unchecked, unless it holds either way.
    """
    condition = None
    if guard.precondition.strip():
        condition = answered(parse(guard.precondition), configuration)
        if condition.answer is Answer.VIOLATED:
            return Said(Outcome.NOT_CONCERNED, condition)
    verdict = answered(parse(guard.expression), configuration)
    if verdict.answer is Answer.HOLDS:
        return Said(Outcome.HOLDS, verdict)
    if condition is not None and condition.answer is Answer.UNDECIDED:
        return Said(Outcome.NOT_CHECKED, condition)
    if verdict.answer is Answer.UNDECIDED:
        return Said(Outcome.NOT_CHECKED, verdict)
    return Said(Outcome.VIOLATED, verdict, filled(guard.message, configuration))


def answered(expression: Expression, configuration: Configuration) -> Verdict:
    """With reasons that can be shown to anybody."""
    verdict = evaluate(expression, configuration)
    if not verdict.reasons:
        return verdict
    read = {name: configuration.value_at(tuple(name.split("."))) for name in expression.names}
    return replace(verdict, reasons=reasons_without_secrets(verdict.reasons, read))


def filled(message: str, configuration: Configuration) -> str:
    """`{unicorn.timeout}` becomes the value, if that is no secret; other braces stay."""

    def value(found: re.Match[str]) -> str:
        known = configuration.value_at(tuple(found[1].split(".")))
        return "unknown" if isinstance(known, Undecided) else value_told(found[1], known)

    return _PLACE.sub(value, message)


def names_in_message(message: str) -> Iterator[str]:
    return (found[1] for found in _PLACE.finditer(message))
