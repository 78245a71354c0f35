"""What is wrong with the settings of a site that people reach over a network."""

import stat
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Exposed(NamedTuple):
    """What of the settings counts."""

    site_url: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    is_behind_proxy: bool
    redirects: bool
    speaks_tls: bool
    """The web server itself."""
    key_file: Path | None
    """Where the secret key is kept; None where the environment has it."""
    has_broker: bool


class Problem(NamedTuple):
    id: str
    what: str
    hint: str


def problems_of(site: Exposed) -> list[Problem]:
    return [*of_addresses(site), *of_proxies(site), *of_the_key(site)]


def of_addresses(site: Exposed) -> list[Problem]:
    host = urlsplit(site.site_url).hostname or ""
    found = []
    if is_this_machine(host):
        found.append(
            Problem(
                "incidents.W010",
                f"SITE_URL is {site.site_url}: links in messages lead each reader to their own"
                " machine.",
                "Set it to the address by which people reach the site.",
            )
        )
    elif not is_answered(host, site.allowed_hosts):
        found.append(
            Problem(
                "incidents.W011",
                f"ALLOWED_HOSTS does not have {host}, which SITE_URL names: who comes that way is"
                " refused.",
                f"Set ALLOWED_HOSTS={host}, with other names that are right behind a comma.",
            )
        )
    if "*" in site.allowed_hosts:
        found.append(
            Problem(
                "incidents.W012",
                "ALLOWED_HOSTS takes any name: whoever sends a request chooses the host that links"
                " to a new password lead to.",
                "Name the hosts by which people reach the site.",
            )
        )
    return found


def of_proxies(site: Exposed) -> list[Problem]:
    is_https = site.site_url.startswith("https://")
    knows_https = site.is_behind_proxy or site.speaks_tls
    found = []
    if is_https and not knows_https and site.redirects:
        found.append(
            Problem(
                "incidents.W013",
                "HTTPS_REDIRECT sends every request on for ever: behind a proxy that speaks HTTPS,"
                " all of them come over HTTP.",
                "Set BEHIND_PROXY=yes, and have the proxy set X-Forwarded-Proto; or HTTPS_REDIRECT"
                "=no, and have the proxy send people on.",
            )
        )
    elif is_https and not knows_https and site.site_url not in site.trusted_origins:
        found.append(
            Problem(
                "incidents.W014",
                "SITE_URL is https://, and nothing tells the site which requests came over HTTPS:"
                " every form, also the sign-in, is refused.",
                "Set BEHIND_PROXY=yes, and have the proxy set X-Forwarded-Proto.",
            )
        )
    if site.is_behind_proxy and not is_https:
        found.append(
            Problem(
                "incidents.W015",
                "BEHIND_PROXY believes X-Forwarded-Proto and X-Forwarded-For, and SITE_URL is not"
                " https://: without a proxy that sets them, anybody may.",
                "Set SITE_URL to the https:// address, or BEHIND_PROXY=no.",
            )
        )
    return found


def of_the_key(site: Exposed) -> list[Problem]:
    if site.key_file is None:
        return []
    found = []
    if site.has_broker:
        found.append(
            Problem(
                "incidents.W016",
                "SECRET_KEY is not set, and BROKER_URL is: each machine makes a key of its own, and"
                " who is signed in on one is a stranger on the next.",
                f"Set SECRET_KEY on all of them, to what is in {site.key_file} on one.",
            )
        )
    if is_open_to_others(site.key_file):
        found.append(
            Problem(
                "incidents.W017",
                f"Others of this machine can read {site.key_file}, and with it sign in as anybody.",
                f"chmod 600 {site.key_file}",
            )
        )
    return found


def is_this_machine(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_answered(host: str, allowed: list[str]) -> bool:
    """As Django does it: `.example` is also what stands below it."""
    return any(
        name in {"*", host} or (name.startswith(".") and f".{host}".endswith(name))
        for name in (each.lower() for each in allowed)
    )


def is_open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False
