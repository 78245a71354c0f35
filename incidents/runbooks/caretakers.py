"""Who looks after a runbook."""

from incidents.models import Runbook, User


def caretakers(runbook: Runbook) -> list[User]:
    """Its owner; the members of its team, where it has none who can sign in."""
    if runbook.owner and runbook.owner.is_active:
        return [runbook.owner]
    members = runbook.team.members.all() if runbook.team else []
    return [member for member in members if member.is_active]
