"""What a role may do. Which restricted records a person may know of is the models' `visible_to`."""

from django.contrib.auth.models import AnonymousUser

from incidents.models import Role, Scope, User


def everybody() -> User:
    """Somebody who signs in and is named nowhere: sees what is open to all, and nothing else.

    Never saved. Its key belongs to nobody; without a key it would be as good as every row that
    names nobody.
    """
    return User(pk=0, username="everybody", role=Role.READER, is_active=True)


def may_edit(user: User | AnonymousUser) -> bool:
    """Write and change records: editors and administrators, not by a token that only reads."""
    is_writer = isinstance(user, User) and user.role in {Role.EDITOR, Role.ADMIN}
    return is_writer and user.is_active and user.scope != Scope.READ


def may_administer(user: User | AnonymousUser) -> bool:
    """Change people's roles, teams, and what is for administrators only."""
    is_admin = isinstance(user, User) and user.role == Role.ADMIN
    return is_admin and user.is_active and user.scope == Scope.ADMIN
