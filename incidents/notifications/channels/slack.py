"""Incoming webhooks as Slack has them; Mattermost, Rocket.Chat and others take the same."""

import json
from http import HTTPStatus

from django.utils import translation
from django.utils.translation import gettext

from incidents.notifications.channels.parcel import Parcel
from incidents.notifications.channels.posting import post
from incidents.notifications.sentences import Line

# "no_service" and "channel_is_archived": the address itself is no longer good.
NO_MORE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
BREAK = "\u200b"
# What Slack wants escaped, and what Slack and its kin would make something of: "@channel", a link
# that says another address than its own, an image, bold, struck, code.
ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    **{letter: letter + BREAK for letter in "@]!*_~`|"},
}


def send(parcel: Parcel) -> str:
    """Raises `Gone`, `NotNow`, `NotTaken` and `NotBrought`."""
    body = json.dumps({"text": text_of(parcel), "unfurl_links": False, "unfurl_media": False})
    url = parcel.endpoint.url if parcel.endpoint else ""
    headers = {"Content-Type": "application/json"}
    return post(url, body=body.encode(), headers=headers, gone=NO_MORE)


def text_of(parcel: Parcel) -> str:
    lines = [text_of_line(line) for line in parcel.shown]
    if parcel.more:
        with translation.override(parcel.language):
            lines.append(gettext("And %(more)s more.") % {"more": parcel.more})
    return "\n".join(lines)


def text_of_line(line: Line) -> str:
    before = line.before[:1].upper() + line.before[1:]
    detail = f"\n{escape(line.detail)}" if line.detail else ""
    return f"{escape(before)}<{line.url}|{escape(line.what)}>{escape(line.after)}{detail}"


def escape(text: str) -> str:
    """Right: `&lt;!channel&gt;` with a break after the exclamation mark. Wrong: `<!channel>`."""
    return "".join(ESCAPES.get(letter, letter) for letter in text)
