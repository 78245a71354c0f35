"""What a role may do. Which restricted records a person may know of is the models' `visible_to`."""

from django.contrib.auth.models import AnonymousUser

from incidents.models import Role, User


def may_edit(user: User | AnonymousUser) -> bool:
    """Write and change records: editors and administrators."""
    return isinstance(user, User) and user.is_active and user.role in {Role.EDITOR, Role.ADMIN}


def may_administer(user: User | AnonymousUser) -> bool:
    """Change people's roles, teams, and what is for administrators only."""
    return isinstance(user, User) and user.is_active and user.role == Role.ADMIN
