"""Writing guards. Whichever way one comes in, it can be read, and its examples are run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from incidents.guard.examples import Example
from incidents.guard.language.parsing import BadExpression, parse
from incidents.guard.verdicts import Outcome, Said, ask, names_in_message, names_read
from incidents.history.operations import change_record, create_record, locked
from incidents.lib.words.translated import Translated
from incidents.models import Guard, GuardState, Lesson, User

MUST = {
    "failing_example": Outcome.VIOLATED,
    "passing_example": Outcome.HOLDS,
}
"""What each example has to come to before a guard is active."""
LACKING: dict[Outcome, Translated] = {
    Outcome.VIOLATED: gettext_lazy("An active guard has an example that must fail."),
    Outcome.HOLDS: gettext_lazy("An active guard has an example that must pass."),
}
AT_ODDS: dict[Outcome, Translated] = {
    Outcome.VIOLATED: gettext_lazy("It must fail, but %(in_words)s."),
    Outcome.HOLDS: gettext_lazy("It must pass, but %(in_words)s."),
}


@transaction.atomic
def add_guard(lesson: Lesson, *, values: Mapping[str, Any], by: User | None, at: datetime) -> Guard:
    """Give the lesson its executable form. Raises `ValidationError`, also where it has one."""
    # Held, so that two people who add the first guard at once do not both make one.
    lesson = locked(lesson)
    if Guard.objects.filter(lesson=lesson).exists():
        raise ValidationError(
            gettext("The lesson has a guard already: somebody else has just added it.")
        )
    guard = Guard(**{**values, "lesson": lesson})
    refuse_unfit(guard)
    return create_record(guard, by=by, at=at, summary="Gave the lesson a guard")


@transaction.atomic
def change_guard(
    guard: Guard, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Guard:
    """Raises `ValidationError`, and `EditConflict` where somebody else changed the same."""
    current = locked(guard)
    wanted = {name: getattr(current, name) for name in Guard.TRACKED} | dict(values)
    refuse_unfit(Guard(lesson=current.lesson, **wanted))
    return change_record(
        guard, version=version, values=values, by=by, at=at, summary="Changed the guard"
    )


def refuse_unfit(guard: Guard) -> None:
    """Raises `ValidationError`, by field: what cannot be read, and examples that say otherwise."""
    problems: dict[str, str] = {}
    for name in ("expression", "precondition"):
        text = getattr(guard, name)
        if name == "expression" or text.strip():
            try:
                parse(text)
            except BadExpression as error:
                problems[name] = str(error)
    if not problems:
        read = names_read(guard)
        if not read:
            problems["expression"] = gettext("It reads no value of a configuration.")
        strange = [name for name in names_in_message(guard.message) if name not in read]
        if strange:
            problems["message"] = gettext("The guard does not read {%(strange)s}.") % {
                "strange": strange[0]
            }
    if not problems and guard.state == GuardState.ACTIVE:
        problems = examples_at_odds(guard)
    if problems:
        raise ValidationError(problems)


def examples_at_odds(guard: Guard) -> dict[str, str]:
    """What stands against its being active, by field."""
    problems = {}
    for name, must in MUST.items():
        example = getattr(guard, name)
        if not example:
            problems[name] = str(LACKING[must])
        elif (said := ask(guard, Example(example))).outcome is not must:
            problems[name] = str(AT_ODDS[must]) % {"in_words": in_words(said)}
    return problems


def in_words(said: Said) -> str:
    """The second half of a sentence: “It must pass, but …”."""
    match said.outcome:
        case Outcome.HOLDS:
            return gettext("the guard holds for it")
        case Outcome.VIOLATED:
            return gettext("the guard is violated by it")
        case Outcome.NOT_CONCERNED:
            return gettext("the precondition is false for it")
    return gettext("it cannot be checked: %(join)s") % {"join": "; ".join(said.reasons)}
