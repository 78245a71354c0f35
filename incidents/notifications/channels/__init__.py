"""How messages are brought: a table of channels, one file each."""

from collections.abc import Callable

from incidents.models import Channel
from incidents.notifications.channels import email, slack, webhook
from incidents.notifications.channels.parcel import Parcel

# Each returns the outcome in words, and raises what stands in `parcel`.
CHANNELS: dict[str, Callable[[Parcel], str]] = {
    Channel.EMAIL: email.send,
    Channel.SLACK: slack.send,
    Channel.WEBHOOK: webhook.send,
}
