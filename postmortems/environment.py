"""The one typed reader of the environment. A bad value stops the start with a sentence."""

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})

Network = IPv4Network | IPv6Network


class Environment:
    """Reads settings by name; an empty value counts as unset.

    Every reader raises `ImproperlyConfigured`, naming the setting and what it takes.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str) -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value in YES:
            return True
        if value in NO:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes yes or no.")

    def whole_number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        sentence = f"{name} is {value!r}; it takes a whole number from {least} to {most}."
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(sentence) from None
        if not least <= number <= most:
            raise ImproperlyConfigured(sentence)
        return number

    def words(self, name: str, default: str) -> list[str]:
        """A list separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def days_by(
        self, name: str, default: str, *, names: tuple[str, ...], most: int
    ) -> dict[str, int]:
        """A number of days for some of the names: `sev1=7,sev2=14`; `none` for no name at all."""
        words = self.words(name, default)
        if words == ["none"]:
            return {}
        found: dict[str, int] = {}
        for word in words:
            key, _, value = (side.strip() for side in word.partition("="))
            right = key in names and key not in found and value.isascii() and value.isdigit()
            if not right or not 0 < int(value[:9]) <= most:
                raise ImproperlyConfigured(
                    f"{name} has {word!r}; it takes days from 1 to {most}, as in"
                    f" {names[0]}=7, for each of {', '.join(names)} once at most, or none."
                )
            found[key] = int(value)
        return found

    def networks(self, name: str) -> list[Network]:
        """A list of networks, as in `10.0.0.0/8`, or of single addresses; none where unset."""
        try:
            return [ip_network(word) for word in self.words(name, "")]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: {error}. It takes networks such as 10.1.0.0/16 or fd00::/8."
            ) from None

    def whole_numbers(self, name: str, default: str, *, least: int, most: int) -> list[int]:
        words = self.words(name, default)
        if not all(word.isdecimal() and least <= int(word) <= most for word in words):
            raise ImproperlyConfigured(
                f"{name} is {', '.join(words)!r}; it takes whole numbers from {least} to {most},"
                " separated by commas."
            )
        return [int(word) for word in words]

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ImproperlyConfigured(
                f"{name} is {value!r}; it takes the name of a zone, such as Europe/Berlin or UTC."
            ) from None
        return value

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).expanduser().resolve()

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise ImproperlyConfigured(
                f"{name} is {value!r}; it takes one of {', '.join(choices)}."
            )
        return value


def secret_from(path: Path) -> str:
    """The installation's own secret key, made at the first start and kept for its owner only.

    Two processes that start together agree: the file is created exclusively and whole (a link to a
    finished file), and the loser reads the winner's.
    """
    if not path.exists():
        from secrets import token_urlsafe  # noqa: PLC0415 (only at the very first start)

        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its key is the one
        finally:
            draft.unlink()
    return path.read_text().strip()
