"""Asking for a new password: django-allauth's page, of which all is kept or nothing."""

from contextlib import nullcontext
from functools import wraps

from allauth.account.views import password_reset
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase


@wraps(password_reset)
def lost_password(request: HttpRequest) -> HttpResponseBase:
    """Else a lock on the counters may be left behind where the disk is full, and who asks next is
    told that they asked too often."""
    with transaction.atomic() if request.method == "POST" else nullcontext():
        answer: HttpResponseBase = password_reset(request)
    return answer
