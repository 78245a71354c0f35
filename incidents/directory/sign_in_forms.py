"""What django-allauth's pages of the sign-in ask for, where we answer otherwise."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils import timezone

from incidents.directory.operations import ask_for_new_password


class LostPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Looks for no account: neither the answer nor its time tells whether there is one."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, _request: HttpRequest, **_: Any) -> str:
        address: str = self.cleaned_data["email"]
        ask_for_new_password(address, by=None, at=timezone.now())
        return address
