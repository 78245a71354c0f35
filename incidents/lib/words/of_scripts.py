"""What the scripts of the pages say, in the language of whoever reads it.

Their texts stand in them in English (static/js/translated.js); a page in another language has the
words of that language with it, as data.
"""

from functools import cache

from django.utils.translation import gettext, gettext_noop, override

from incidents.lib.words.own import language_now

TEXTS = (
    gettext_noop("Find among {count}"),
    gettext_noop("{count} of {of}"),
    gettext_noop("Updated"),
    gettext_noop(
        "You have been signed out. What you typed is kept: sign in again, then open this page."
    ),
    gettext_noop(
        "That could not be looked up: the server answered {status}. What you typed is still "
        "here; try again in a moment."
    ),
    gettext_noop(
        "That was not saved: the server answered {status}. What you typed is still here; try "
        "again in a moment."
    ),
    gettext_noop(
        "That could not be looked up: no answer from the server. What you typed is still here."
    ),
    gettext_noop("That was not saved: no answer from the server. What you typed is still here."),
    gettext_noop("{count} day ago"),
    gettext_noop("{count} days ago"),
    gettext_noop("{count} hour ago"),
    gettext_noop("{count} hours ago"),
    gettext_noop("{count} minute ago"),
    gettext_noop("{count} minutes ago"),
    gettext_noop("just now"),
    gettext_noop("{ago}, {date} at {time}"),
    gettext_noop("A copy of {site}, made {made}. Runbooks may have changed since."),
    gettext_noop("{count} runbook, {size}, up to date {age}."),
    gettext_noop("{count} runbooks, {size}, up to date {age}."),
    gettext_noop("Nothing is kept on this device."),
    gettext_noop(
        "That did not work: the server was not reached, or the device has no room left. Try "
        "again in a moment."
    ),
    gettext_noop(
        "Kept. The same addresses now open from this device when the server does not answer."
    ),
    gettext_noop(
        "The server did not give the runbooks. What was kept before is still here, as old as "
        "it was."
    ),
    gettext_noop("The server did not give the runbooks. Open this page again."),
    gettext_noop("Removed from this device."),
    gettext_noop("and {count} more step"),
    gettext_noop("and {count} more steps"),
    gettext_noop("{title} · Runbooks"),
    gettext_noop("What is wrong?"),
    gettext_noop("Runbooks"),
    gettext_noop("Look up"),
    gettext_noop("Not in this copy"),
    gettext_noop(
        "It was not written yet when this was made, is out of use, or was not chosen for it."
    ),
    gettext_noop("All runbooks"),
    gettext_noop("{text} (not matched without the server)"),
    gettext_noop("never"),
    gettext_noop("{day}, due since {due}"),
    gettext_noop("No runbooks in this copy"),
    gettext_noop("There was none when it was made."),
    gettext_noop("No runbook for this"),
    gettext_noop("No runbook of this copy names this alert or has any of these words."),
    gettext_noop("{count} runbook found"),
    gettext_noop("{count} runbooks found"),
    gettext_noop("labels"),
    gettext_noop("alert pattern"),
    gettext_noop("exact alert match"),
    gettext_noop("verified {day}"),
    gettext_noop("never verified"),
    gettext_noop("The server has not answered within two seconds."),
    gettext_noop("The server cannot be reached."),
    gettext_noop("The server answers that it is broken."),
    gettext_noop("Saved on this device {saved}."),
    gettext_noop("Runbooks may have changed since."),
    gettext_noop("Look it up on this device."),
    gettext_noop("On this page"),
    gettext_noop("Nothing is called that. Enter searches in all texts."),
    gettext_noop("{count} result"),
    gettext_noop("{count} results"),
    gettext_noop("You have been signed out: sign in again."),
    gettext_noop("That could not be looked up: the server answered {status}."),
    gettext_noop("That could not be looked up: no answer from the server."),
    gettext_noop("Selected: copy it yourself"),
    gettext_noop("Copied, with {open} to fill in"),
    gettext_noop("Copied"),
    gettext_noop("Copy"),
    gettext_noop("Step {number} of {of}"),
    gettext_noop("All {of} done"),
    gettext_noop("{count} of {of} done"),
    gettext_noop("One at a time"),
    gettext_noop("Show all"),
    gettext_noop("Select none"),
    gettext_noop("Select all on this page"),
    gettext_noop("A text that was not saved is kept on this device, from {when}."),
    gettext_noop("Bring it back"),
    gettext_noop("Discard it"),
    gettext_noop("Saving…"),
)
"""Every text of static/js; "{name}" is where a value goes."""


def script_words() -> dict[str, str]:
    """By their English texts; nothing where those are shown as they are."""
    return words_in(language_now())


@cache
def words_in(language: str) -> dict[str, str]:
    with override(language):
        told = {text: gettext(text) for text in TEXTS}
    return {text: words for text, words in told.items() if words != text}
