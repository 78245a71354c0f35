"""One record's way of speaking: the same service, hosts and people in all of its sentences."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from incidents.importers.synthetic.chance import Chance
from incidents.importers.synthetic.vocabulary import Template, Trouble, dialects, vocabulary

CUSTOMERS = 40_000
"""Names that may occur, few of them often: the tail of the vocabulary."""
PARAGRAPH = 4
"""Sentences."""


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def made_up_name(number: int) -> str:
    """Its own name for each number below CUSTOMERS: `Banix`, `Corolport`, …"""
    words = vocabulary().words
    first, middle, last = words["syllable_first"], words["syllable_next"], words["syllable_last"]
    number, at = divmod(number, len(first))
    number, end = divmod(number, len(last))
    name = first[at]
    while number:
        number, between = divmod(number - 1, len(middle))
        name += middle[between]
    return (name + last[end]).capitalize()


@dataclass
class Speaker:
    """Fills the slots of sentences. Fixed slots say the same all through a record."""

    chance: Chance
    fixed: dict[str, str]
    hosts: list[str]
    people: list[str]
    names: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def say(self, template: Template) -> str:
        out = list(template.pieces)
        for place in range(1, len(out), 2):
            out[place] = self.slot(out[place])
        return "".join(out)

    def slot(self, name: str) -> str:
        if name in self.fixed:
            return self.fixed[name]
        if name[0] == "~":
            # Mostly the word that was said before.
            if name not in self.said or self.chance.happens(0.15):
                self.said[name] = self.chance.choice(dialects()[name[1:]])
            return self.said[name]
        return FREE[name](self) if name in FREE else self.word(name)

    def word(self, kind: str) -> str:
        words = vocabulary().words[kind]
        # Of many words the first are commoner, but none is in every text.
        return self.chance.choice(words) if self.chance.happens(0.5) else self.chance.one_of(words)

    def one_of(self, templates: tuple[Template, ...]) -> str:
        return self.say(self.chance.choice(templates))

    def common(self, kind: str) -> str:
        return self.one_of(vocabulary().sentences[kind])

    def prose(self, *pools: Iterable[Template], words: int) -> str:
        """Paragraphs of about so many words, each sentence of the pools once before any twice."""
        pool = [template for templates in pools for template in templates]
        sentences: list[str] = []
        while words > 0:
            place = len(sentences) % len(pool)
            if place == 0:
                self.chance.shuffle(pool)
            sentences.append(self.say(pool[place]))
            words -= sentences[-1].count(" ") + 1
        paragraphs = (
            " ".join(sentences[start : start + PARAGRAPH])
            for start in range(0, len(sentences), PARAGRAPH)
        )
        return "\n\n".join(paragraphs)


def of_people(speaker: Speaker) -> str:
    return speaker.chance.choice(speaker.people)


def of_hosts(speaker: Speaker) -> str:
    return speaker.chance.one_of(speaker.hosts)


def of_names(speaker: Speaker) -> str:
    """Mostly one that was named before."""
    if not speaker.names or speaker.chance.happens(0.3):
        speaker.names.append(made_up_name(speaker.chance.rank(CUSTOMERS)))
    return speaker.chance.choice(speaker.names)


def of_adjectives(speaker: Speaker) -> str:
    word = speaker.word("adjective")
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def of_identifiers(speaker: Speaker) -> str:
    """Mostly one that was named before: `retry_pool_limit`, `stalePrinterHandler`."""
    if not speaker.identifiers or speaker.chance.happens(0.4):
        words = [speaker.word(kind) for kind in ("verb", "adjective", "thing", "queue")]
        words = [word.partition("-")[0] for word in words[-1 - speaker.chance.randint(1, 2) :]]
        if speaker.chance.happens(0.4):
            name = words[0] + camel("-".join(words[1:]))
        else:
            name = "_".join(words)
        speaker.identifiers.append(f"`{name}`")
    return speaker.chance.choice(speaker.identifiers)


def between(least: int, most: int) -> Callable[[Speaker], str]:
    return lambda speaker: str(speaker.chance.randint(least, most))


FREE: dict[str, Callable[[Speaker], str]] = {
    "person": of_people,
    "host": of_hosts,
    "name": of_names,
    "ident": of_identifiers,
    "a_adjective": of_adjectives,
    "a_adjective_cap": lambda speaker: of_adjectives(speaker).capitalize(),
    "few": between(3, 9),
    "pct": between(11, 98),
    "mins": between(4, 190),
    "secs": between(2, 120),
    "count": lambda speaker: str(10 + speaker.chance.rank(990)),
    "clock": lambda speaker: f"{speaker.chance.randrange(24):02}:{speaker.chance.randrange(60):02}",
    "unit_cap": lambda speaker: speaker.word("unit").capitalize(),
    "table": lambda speaker: speaker.word("table").replace("_", "-"),
    "trace": lambda speaker: f"{speaker.chance.getrandbits(48):012x}",
    "ticket": lambda speaker: f"OPS-{speaker.chance.randint(1000, 99999)}",
    "file": lambda speaker: f"/srv/{speaker.word('queue')}/{speaker.word('thing').split()[0]}",
}


def error_name(chance: Chance) -> str:
    words = vocabulary().words
    return chance.one_of(words["error_first"]) + chance.one_of(words["error_second"])


def alert_name(trouble: Trouble, service: str, chance: Chance) -> str:
    pieces = chance.one_of(trouble.says["alerts"]).pieces
    return "".join(camel(service) if piece == "Service" else piece for piece in pieces)
