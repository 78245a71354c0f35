"""Every address of the site, from the resolver: a new one is there without anybody remembering."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# `<incident_ref:number>`, or `(?P<key>…)` in an address that is a regular expression.
PLACE = re.compile(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    # As in `records:incident`.
    name: str
    # As in `/incidents/<incident_ref:number>/`.
    route: str
    converters: Mapping[str, Any]

    @property
    def wants(self) -> frozenset[str]:
        return frozenset(self.converters)

    def path(self, **kwargs: object) -> str:
        def value(match: re.Match[str]) -> str:
            name = match["name"] or match["group"]
            converter = self.converters[name]
            return str(converter.to_url(kwargs[name]) if converter else kwargs[name])

        return PLACE.sub(value, self.route)


def addresses() -> list[Address]:
    return list(walk(get_resolver(), prefix="/", namespace="", converters={}))


def walk(
    resolver: URLResolver, *, prefix: str, namespace: str, converters: dict[str, Any]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        groups = dict.fromkeys(entry.pattern.regex.groupindex)
        known = {**converters, **groups, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, prefix=route, namespace=inner, converters=known)
        elif isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name or route}", route, known)
