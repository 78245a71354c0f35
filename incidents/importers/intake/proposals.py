"""What an import proposes: recorded by a person, or dismissed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.models import ConfigDelta, Known, ProposalState, ProposedDelta, User
from incidents.records.parts.operations import add_config_delta


class AnsweredAlready(Exception):
    def __init__(self) -> None:
        super().__init__(gettext("Somebody has recorded or dismissed it already."))


class NotDismissed(Exception):
    def __init__(self) -> None:
        super().__init__(gettext("It is not dismissed any more."))


@transaction.atomic
def record_proposal(
    proposal: ProposedDelta, *, values: Mapping[str, Any], by: User, at: datetime
) -> ConfigDelta:
    """Make it a config delta of its record. Raises `AnsweredAlready`, and what
    `records.parts.operations.add_config_delta` does."""
    answer(proposal, ProposalState.RECORDED, by=by, at=at)
    sides = {side: values[side].strip() for side in ("before", "after")}
    known = {
        f"{side}_known": Known.KNOWN if text else Known.UNKNOWN for side, text in sides.items()
    }
    delta = add_config_delta(
        proposal.incident,
        values={
            **{name: values[name] for name in ("component", "key", "part")},
            **sides,
            **known,
            "note": proposal.sentence,
            "source": proposal.row.where[:200],
        },
        by=by,
        at=at,
    )
    ProposedDelta.objects.filter(pk=proposal.pk).update(delta=delta)
    return delta


@transaction.atomic
def dismiss_proposal(proposal: ProposedDelta, *, by: User, at: datetime) -> None:
    """Raises `AnsweredAlready`."""
    answer(proposal, ProposalState.DISMISSED, by=by, at=at)


@transaction.atomic
def reopen_proposal(proposal: ProposedDelta) -> None:
    """It was dismissed, and waits for an answer once more. Raises `NotDismissed`."""
    dismissed = ProposedDelta.objects.filter(pk=proposal.pk, state=ProposalState.DISMISSED)
    if not dismissed.update(state=ProposalState.OPEN, answered_by=None, answered_at=None):
        raise NotDismissed


def answer(proposal: ProposedDelta, state: ProposalState, *, by: User, at: datetime) -> None:
    unanswered = ProposedDelta.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    if not unanswered.update(state=state, answered_by=by, answered_at=at):
        raise AnsweredAlready
