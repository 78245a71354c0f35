"""The words in which the site itself writes: those of the one language of what is stored."""

from django.utils.translation import get_language, override

OWN_LANGUAGE = "en"


def in_own_words() -> override:
    """While it lasts, labels and texts are those that are stored, whatever the reader's language.

    For what goes into the database as the site's own words: a line of history, say.
    """
    return override(OWN_LANGUAGE)


def language_now() -> str:
    """In which texts are shown at this moment: the reader's, or the site's own."""
    return get_language() or OWN_LANGUAGE
