"""Where django-allauth asks the site: who may open an account, and how its mails are sent."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmationHMAC
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from incidents.access.middleware import signed_out
from incidents.directory.operations import ask_to_confirm, open_account
from incidents.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Administrators make accounts, unless the site is opened for everybody."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (as below)
        made: User = super().save_user(request, user, form, commit)
        if commit:
            open_account(made, at=timezone.now())
        return made

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        signed_out(request)

    def send_confirmation_mail(
        self,
        request: HttpRequest,
        emailconfirmation: EmailConfirmationHMAC,
        signup: bool,  # noqa: FBT001  (the signature is django-allauth's)
    ) -> None:
        address = emailconfirmation.email_address
        ask_to_confirm(address, by=address.user, at=timezone.now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Who comes through the provider gets an account, if their address is of a domain we know."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        domains = settings.OIDC_DOMAINS
        if not domains:
            return True
        address = (sociallogin.user.email or "").lower()
        return any(address.endswith(f"@{domain.lower()}") for domain in domains)

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        made: User = super().save_user(request, sociallogin, form)
        # With a form it went through the other adapter.
        if form is None:
            open_account(made, at=timezone.now())
        return made
