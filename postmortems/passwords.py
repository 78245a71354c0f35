"""What a password may not be."""

from typing import Any

VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "incidents.access.known_passwords.KnownPasswordValidator"},
    {"NAME": "incidents.access.site_words.SiteWordsValidator"},
]
