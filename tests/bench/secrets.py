"""How many secrets of the kinds that another scanner knows are recognized in a config delta.

`python -m tests.bench.secrets PATH_TO_GITLEAKS_TOML` makes examples from the expressions of its
rules; nothing of it is kept here. Half of the rules, drawn by a fixed seed, was not looked at when
the recognizer was made.
"""

import math
import random
import re

# The only reader of regular expressions that gives them as a tree.
import re._parser as expressions  # type: ignore[import-not-found]
import sys
import tomllib
import uuid
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

from incidents.lib.secret_values import masked

SEED = 1
EXAMPLES = 20
TRIES = 200
MORE_THAN_FEW = 50
"""Of a repetition without an end."""
BENIGN = 1000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PRINTABLE = [chr(code) for code in range(33, 127)]
WORD = [letter for letter in PRINTABLE if letter.isalnum() or letter == "_"]
KINDS = {
    "CATEGORY_WORD": WORD,
    "CATEGORY_DIGIT": list("0123456789"),
    "CATEGORY_SPACE": [" "],
    "CATEGORY_NOT_SPACE": PRINTABLE,
    "CATEGORY_NOT_WORD": ["-"],
    "CATEGORY_NOT_DIGIT": list(LETTERS),
}
# What stands between the name of a service and its secret; for which a person would write one of
# the following.
AFTER_THE_NAME = r"(?:[ \t\w.-]{0,20})[\s'\"]{0,3}".replace(r"\"", '"')
BETWEEN = r"(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)"
BEFORE_THE_SECRET = r"[\x60'\"\s=]{0,5}".replace(r"\"", '"')
PLACE = "\ue000"
WRITTEN = [
    '_api_token = "',
    "Token=",
    "_token: ",
    '_TOKEN := "',
    "_secret='",
    "_api_key = ",
    'Password="',
]
FLAGS = re.compile(r"\(\?[a-z]+\)|\(\?-?[is]+(?=:)")


@dataclass(frozen=True)
class Example:
    rule: str
    text: str
    secret: str


def generated(tree: Any, draw: random.Random, groups: dict[int, str]) -> str:
    return "".join(one_of(kind, said, draw, groups) for kind, said in tree)


def one_of(kind: Any, said: Any, draw: random.Random, groups: dict[int, str]) -> str:
    name = str(kind)
    if name == "LITERAL":
        return chr(said)
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        low, high, inner = said
        high = min(int(high), low + MORE_THAN_FEW)
        times = low if name == "MIN_REPEAT" else draw.randint(low, high)
        return "".join(generated(inner, draw, groups) for _ in range(times))
    if name == "SUBPATTERN":
        number, _, _, inner = said
        text = generated(inner, draw, groups)
        if number:
            groups[number] = text
        return text
    if name == "BRANCH":
        return generated(draw.choice(said[1]), draw, groups)
    if name in {"IN", "ANY", "NOT_LITERAL", "CATEGORY"}:
        return draw.choice(choices(name, said))
    # A boundary, or what is to come next.
    return ""


def choices(name: str, said: Any) -> list[str]:
    if name == "ANY":
        return PRINTABLE
    if name == "NOT_LITERAL":
        return [letter for letter in PRINTABLE if letter != chr(said)]
    if name == "CATEGORY":
        return KINDS[str(said)]
    found: list[str] = []
    for kind, inner in said:
        if str(kind) == "RANGE":
            found += map(chr, range(inner[0], inner[1] + 1))
        elif str(kind) == "LITERAL":
            found.append(chr(inner))
        elif str(kind) == "CATEGORY":
            found += KINDS[str(inner)]
    if str(said[0][0]) == "NEGATE":
        return [letter for letter in PRINTABLE if letter not in found]
    return found


def examples_of(rule: dict[str, Any], draw: random.Random) -> Iterator[Example]:
    source = rule["regex"].replace("[[:alnum:]]", "[A-Za-z0-9]").replace(r"\z", r"\Z")
    source = FLAGS.sub(lambda found: "(?" if found[0][-1] != ")" else "", source)
    for written, by in ((AFTER_THE_NAME, ""), (BETWEEN, PLACE), (BEFORE_THE_SECRET, "")):
        source = source.replace(written, by)
    tree = expressions.parse(source)
    found = 0
    for _ in range(TRIES):
        groups: dict[int, str] = {}
        text = generated(tree, draw, groups).replace(PLACE, draw.choice(WRITTEN))
        secret = groups.get(rule.get("secretGroup", 0)) or first_of(groups) or text
        if PLACE not in secret and bits_each(secret) >= rule.get("entropy", 0):
            yield Example(rule["id"], text, secret)
            found += 1
        if found == EXAMPLES:
            return


def first_of(groups: dict[int, str]) -> str:
    return next((groups[number] for number in sorted(groups) if groups[number]), "")


def bits_each(text: str) -> float:
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def is_recognized(example: Example) -> bool:
    """As a value, or in a text: nothing of the secret is left."""
    return example.secret not in masked(example.text)


def benign(draw: random.Random) -> Iterator[tuple[str, str]]:
    """Names and values as they stand in files, none of them secret."""
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("timeout", lambda: f"{draw.randint(1, 900)}{draw.choice(['s', 'ms', 'm', ''])}"),
        ("max_tokens", lambda: str(draw.randint(1, 10**6))),
        ("memory", lambda: f"{draw.randint(1, 4096)}{draw.choice(['Mi', 'Gi', 'MB'])}"),
        ("image", lambda: f"registry.example.com/{word(draw)}/{word(draw)}:{version(draw)}"),
        ("image", lambda: f"{word(draw)}@sha256:{sha256(draw.randbytes(8)).hexdigest()}"),
        ("revision", lambda: sha1(draw.randbytes(8), usedforsecurity=False).hexdigest()),
        ("id", lambda: str(uuid.UUID(int=draw.getrandbits(128), version=4))),
        ("host", lambda: f"{word(draw)}-{draw.randint(0, 9)}.{word(draw)}.svc.cluster.local:8080"),
        ("url", lambda: f"https://{word(draw)}.example.com/{word(draw)}?{word(draw)}=1"),
        ("address", lambda: ".".join(str(draw.randint(0, 255)) for _ in range(4)) + "/24"),
        ("path", lambda: f"/var/lib/{word(draw)}/{word(draw)}-{draw.randint(1, 99)}.conf"),
        ("enabled", lambda: draw.choice(["true", "false", "on", "off"])),
        ("class", lambda: f"com.example.{word(draw)}.{word(draw).title()}{word(draw).title()}Bean"),
        ("command", lambda: f"--{word(draw)}-limit={draw.randint(1, 99)} --{word(draw)}"),
        ("token_ttl", lambda: f"{draw.randint(1, 90)}d"),
        ("secretName", lambda: f"{word(draw)}-credentials"),
        ("at", lambda: f"2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}T03:17:00Z"),
        ("note", lambda: f"The {word(draw)} was {word(draw)} than the {word(draw)} of the pool"),
        ("password", lambda: draw.choice(["rotated", "${DB_PASSWORD}", "vault:secret/db", "****"])),
        ("selector", lambda: f"app={word(draw)},tier={word(draw)},version={version(draw)}"),
    ]
    for number in range(BENIGN):
        name, make = kinds[number % len(kinds)]
        yield name, make()


def word(draw: random.Random) -> str:
    return "".join(draw.choices(LETTERS, k=draw.randint(3, 9)))


def version(draw: random.Random) -> str:
    return ".".join(str(draw.randint(0, 30)) for _ in range(3))


def recall(examples: list[Example]) -> str:
    found = sum(map(is_recognized, examples))
    return f"{found} of {len(examples)} ({found / len(examples):.1%})"


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(prog="python -m tests.bench.secrets", description=__doc__)
    parser.add_argument("rules", type=Path, metavar="PATH_TO_GITLEAKS_TOML")
    parser.add_argument("--missed", action="store_true", help="name what was missed of the half")
    options = parser.parse_args(arguments)
    rules = [rule for rule in tomllib.loads(options.rules.read_text())["rules"] if "regex" in rule]
    random.Random(SEED).shuffle(rules)
    middle = len(rules) // 2
    tell = partial(print, flush=True)
    tell(f"{len(rules)} rules, {EXAMPLES} examples of each")
    for name, half in (("looked at", rules[:middle]), ("held out", rules[middle:])):
        draw = random.Random(SEED)
        examples = [one for rule in half for one in examples_of(rule, draw)]
        tell(f"{name}: {recall(examples)}, of {len({one.rule for one in examples})} rules")
        if options.missed and name == "looked at":
            missed = defaultdict(list)
            for one in examples:
                if not is_recognized(one):
                    missed[one.rule].append(one.text)
            for rule, texts in missed.items():
                tell(f"  {rule} {len(texts)}: {texts[0][:150]!r}")
    values = list(benign(random.Random(SEED)))
    wrong = [pair for pair in values if masked(pair[1], name=pair[0]) != pair[1]]
    tell(f"taken for one: {len(wrong)} of {len(values)} ordinary values {wrong[:5]}")


if __name__ == "__main__":
    main(sys.argv[1:])
