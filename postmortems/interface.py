"""What browsers may load, what templates know, and how REST framework and drf-spectacular are set
up. Nothing of it is for who runs a site."""

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy

ANY = gettext_lazy("any")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

TEMPLATES: dict[str, Any] = {
    "builtins": ["sri.templatetags.sri", "django.templatetags.i18n"],
    "context_processors": [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "incidents.access.context.permissions",
    ],
}

REST_FRAMEWORK: dict[str, Any] = {
    "EXCEPTION_HANDLER": "incidents.api.problems.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # The answer is JSON: an address does not ask for another form.
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Postmortems",
    "DESCRIPTION": "Incidents, runbooks, lessons and what was learned from them, for programs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Two records have a `state`: each set of choices is called by its own name.
    "ENUM_NAME_OVERRIDES": {
        name: f"incidents.models.{name}"
        for name in (
            "ActionKind",
            "ActionOrigin",
            "ActionState",
            "Detection",
            "DeltaPart",
            "EventKind",
            "FactorCategory",
            "GuardSeverity",
            "GuardState",
            "Kind",
            "Known",
            "LessonRelation",
            "LessonState",
            "ParticipantRole",
            "Precision",
            "Relation",
            "RunbookState",
            "Served",
            "ServiceState",
            "Severity",
            "Sight",
            "State",
        )
    },
}
