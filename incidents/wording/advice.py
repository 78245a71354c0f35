"""All rules over one record: what a site has not switched off, by rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from incidents.wording.draft import Draft
from incidents.wording.lacking import LACKING
from incidents.wording.phrases import PHRASES
from incidents.wording.rules import Found, Rule

KEYS = frozenset(rule.key for rule in (*LACKING, *PHRASES))
MOST = 20
"""Places named for one rule: whoever has mended these looks again."""


@dataclass(frozen=True)
class Advice:
    rule: Rule
    found: Sequence[Found]
    has_more: bool


@dataclass(frozen=True)
class Advised:
    lacking: Sequence[Advice]
    phrases: Sequence[Advice]

    def __len__(self) -> int:
        return len(self.lacking) + len(self.phrases)


def advised(draft: Draft, *, without: Collection[str] = ()) -> Advised:
    """`without` are the keys of rules that are not asked."""
    return Advised(of_rules(LACKING, draft, without), of_rules(PHRASES, draft, without))


def of_rules(rules: Sequence[Rule], draft: Draft, without: Collection[str]) -> list[Advice]:
    asked = (rule for rule in rules if rule.key not in without)
    found = ((rule, list(islice(rule.finds(draft), MOST + 1))) for rule in asked)
    return [Advice(rule, places[:MOST], len(places) > MOST) for rule, places in found if places]
