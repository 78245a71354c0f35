"""A text that becomes words of a language only where it is shown."""

from django.utils.functional import Promise

Translated = str | Promise
"""What `gettext_lazy` gives, or a plain text; `str()` makes words of the language of the moment."""
