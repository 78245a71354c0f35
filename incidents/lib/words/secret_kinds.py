"""What looks like a secret, in words, for who is to be told: `secret_values` knows how it looks."""

from django.utils.translation import gettext, gettext_noop

KINDS = frozenset(
    {
        gettext_noop("a private key"),
        gettext_noop("an access key of AWS"),
        gettext_noop("a token of this site"),
        gettext_noop("the link of a feed of this site"),
        gettext_noop("a token of GitHub"),
        gettext_noop("a token of GitLab"),
        gettext_noop("a token of Slack"),
        gettext_noop("a key of Stripe"),
        gettext_noop("a key of Google"),
        gettext_noop("a token of a package registry"),
        gettext_noop("a key of a language model's maker"),
        gettext_noop("a key of SendGrid"),
        gettext_noop("a token of a cloud service"),
        gettext_noop("a key of a known service"),
        gettext_noop("a bot's token of Telegram"),
        gettext_noop("a webhook of a chat"),
        gettext_noop("a signed token (JWT)"),
        gettext_noop("the hash of a password"),
        gettext_noop("the credentials of a request"),
        gettext_noop("a header of a request"),
        gettext_noop("a Secret of Kubernetes"),
        gettext_noop("data of a Secret of Kubernetes"),
        gettext_noop("a password in an address"),
        gettext_noop("a password"),
        gettext_noop("a secret under its name"),
        gettext_noop("a key under the name of its service"),
        gettext_noop("the password of a request"),
        gettext_noop("a password in XML"),
        gettext_noop("a password on a command line"),
        gettext_noop("a long random text, as keys and tokens are"),
    }
)


def shown_secret(kind: str) -> str:
    """What `secret_values.secret_in` says, in the language of the moment."""
    return gettext(kind)
