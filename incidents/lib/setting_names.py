"""Names of components and settings, written so that any two of one thing are equal."""

import re

_NO_NAME = re.compile(r"[^A-Za-z0-9_]")


def as_name(text: str) -> str:
    """With _ for what is not a letter or a digit.

    >>> as_name("async worker")
    'async_worker'
    """
    return _NO_NAME.sub("_", text)


def as_dotted_name(key: str) -> str:
    """The same for each part, with the dots between them kept.

    >>> as_dotted_name("http.keepalive-timeout")
    'http.keepalive_timeout'
    """
    return ".".join(map(as_name, key.split(".")))
