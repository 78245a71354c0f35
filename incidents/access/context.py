"""What every template may ask about the person who reads it."""

from django.http import HttpRequest

from incidents.access.permissions import may_administer, may_edit


def permissions(request: HttpRequest) -> dict[str, bool]:
    user = getattr(request, "user", None)
    if user is None:
        return {"may_edit": False, "may_administer": False}
    return {"may_edit": may_edit(user), "may_administer": may_administer(user)}
