"""By plain SMTP, as text and as HTML."""

import html
import smtplib
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, ngettext_lazy

from incidents.lib.fill import fill
from incidents.lib.one_line import one_line
from incidents.models import Rhythm
from incidents.notifications.channels.parcel import NoServer, NotBrought, NotTaken, Parcel
from incidents.notifications.sentences import Line

# The server will say the same the next time.
FOR_GOOD = range(500, 600)
DIGESTS = {
    Rhythm.DAILY: ngettext_lazy(
        "Your daily digest: %(count)s message", "Your daily digest: %(count)s messages", "count"
    ),
    Rhythm.WEEKLY: ngettext_lazy(
        "Your weekly digest: %(count)s message", "Your weekly digest: %(count)s messages", "count"
    ),
}


def send(parcel: Parcel) -> str:
    """Raises `NotTaken` and `NotBrought`.

    A server that takes the mail and dies before it says so gets it again in the next attempt. Both
    have the same Message-ID, by which mail programs know them for one.
    """
    bring(mail_for(parcel))
    return "Sent."


def bring(mail: EmailMessage) -> None:
    """Raises `NotTaken` and `NotBrought`."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        refuse(next((code for code, _ in error.recipients.values()), 0), error)
    except smtplib.SMTPResponseException as error:
        # What is wrong with the sender or the sign-in, an operator can put right meanwhile.
        refuse(error.smtp_code if isinstance(error, smtplib.SMTPDataError) else 0, error)
    except OSError as error:
        raise NoServer(in_words(error)) from error


def refuse(code: int, error: smtplib.SMTPException) -> None:
    if code in FOR_GOOD:
        raise NotTaken(f"The mail server refused it for good ({code}).") from error
    raise NotBrought(in_words(error)) from error


def in_words(error: OSError) -> str:
    """Without the server's own words, which may repeat the mail."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server answered {error.smtp_code} ({type(error).__name__})."
    if isinstance(error, smtplib.SMTPException):
        return f"The mail server did not take it ({type(error).__name__})."
    return f"The mail server could not be reached ({error.strerror or type(error).__name__})."


def mail_for(parcel: Parcel) -> EmailMultiAlternatives:
    """Raises `NotTaken` for somebody who has no address any more."""
    address = parcel.person.email if parcel.person else ""
    if not address or any(not letter.isprintable() for letter in address):
        raise NotTaken("There is no address to send it to.")
    preferences = settings.SITE_URL + reverse("notifications:preferences")
    headers = {
        "Message-ID": f"<{parcel.uid.hex}@{domain()}>",
        "List-Unsubscribe": f"<{preferences}>",
        # So that no absence is answered to us (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(parcel.language):
        mail = EmailMultiAlternatives(
            subject_of(parcel), text_of(parcel, preferences), to=[address], headers=headers
        )
        mail.attach_alternative(html_of(parcel, preferences), "text/html")
    return mail


def domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def subject_of(parcel: Parcel) -> str:
    if parcel.rhythm in DIGESTS:
        return str(DIGESTS[Rhythm(parcel.rhythm)] % {"count": len(parcel.lines)})
    first = one_line(parcel.lines[0].sentence)
    rest = len(parcel.lines) - 1
    if not rest:
        return first
    # Translators: the first sentence of a mail that brings several
    words = ngettext("%(first)s (and %(rest)s more)", "%(first)s (and %(rest)s more)", rest)
    return words % {"first": first, "rest": rest}


def text_of(parcel: Parcel, preferences: str) -> str:
    lines = [
        fill(ours("line.txt"), {**words_of(line), "detail": f"{line.detail}\n" * bool(line.detail)})
        for line in parcel.shown
    ]
    values = {
        "name": one_line(parcel.person.name if parcel.person else "", 80),
        "lines": "\n".join(lines),
        "more": more_words(parcel),
        "inbox": settings.SITE_URL + reverse("notifications:inbox"),
        "preferences": preferences,
    }
    return fill(ours("mail.txt"), values)


def html_of(parcel: Parcel, preferences: str) -> str:
    detail = ours("detail.html")
    lines = []
    for line in parcel.shown:
        words = escaped(words_of(line))
        told = fill(detail, {"detail": words["detail"]}) if line.detail else ""
        lines.append(fill(ours("line.html"), {**words, "detail": told}))
    values = {
        "subject": html.escape(subject_of(parcel)),
        "lines": "".join(lines),
        "more": html.escape(more_words(parcel)),
        "inbox": html.escape(settings.SITE_URL + reverse("notifications:inbox")),
        "preferences": html.escape(preferences),
    }
    return fill(ours("mail.html"), values)


def words_of(line: Line) -> dict[str, str]:
    return {
        "sentence": line.sentence,
        "before": line.before,
        "what": line.what,
        "after": line.after,
        "url": line.url,
        "detail": line.detail,
    }


def escaped(words: Mapping[str, str]) -> dict[str, str]:
    return {name: html.escape(word) for name, word in words.items()}


def more_words(parcel: Parcel) -> str:
    words = gettext("And %(more)s more, to be read on the site.")
    return words % {"more": parcel.more} if parcel.more else ""


def ours(name: str) -> str:
    """The text of a template in the language of the mail. It is given nothing that people wrote:
    that is filled in afterwards, and is not run."""
    return str(get_template(f"emails/notifications/{name}").render())
