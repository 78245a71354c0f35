"""The words in which the site itself writes: those of the one language of what is stored."""

from django.utils.translation import override

OWN_LANGUAGE = "en"


def in_own_words() -> override:
    """While it lasts, labels and texts are those that are stored, whatever the reader's language.

    For what goes into the database as the site's own words: a line of history, say.
    """
    return override(OWN_LANGUAGE)
