"""Ruby cut into statements, with what opens and ends a block in each; no more is understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead

LONGEST_QUALIFIER = 60
TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`)
  | (?P<words>%[wiWIqQ](?:\[[^\]]{0,2000}+\]|\([^)]{0,2000}+\)|\{[^}]{0,2000}+\}))
  | (?P<pattern>(?<=[=(,~\s])/(?![\s=])(?:[^/\\\n]|\\.)*+/[a-z]*+)
  | (?P<comment>(?<![^\s;(\[{])\#[^\n]*+)
  | (?P<line>\n)
  | (?P<heredoc><<[-~]?(?P<mark>["'`]?)(?P<name>[A-Z_]\w*+)(?P=mark))
  | (?P<word>[.:@$]*+[A-Za-z_]\w*+[?!:]?)
  | (?P<space>[ \t\f\v]++)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ASIDE = re.compile(r"^=begin\b.*?^=end\b[^\n]*+", re.MULTILINE | re.DOTALL)
THE_END = re.compile(r"^__END__$.*", re.MULTILINE | re.DOTALL)
LOOPS = {"while", "until", "for"}
OPENERS = {*LOOPS, "if", "unless", "case", "begin", "def", "class", "module"}
QUALIFIERS = {"if", "unless", "while", "until", "rescue"}
# After these a line goes on, and a word that opens a block does so.
GOES_ON = {*",\\({[|=+*&.?:<>-", "and", "or", "not"}


@dataclass(slots=True)
class Statement:
    """`qualifier` is `if …` after it. `opens` are the words, `ends` is how many `end` there are."""

    line: int
    text: str = ""
    qualifier: str = ""
    opens: list[str] = field(default_factory=list)
    ends: int = 0


def statements(text: str) -> Iterator[Statement]:
    text = THE_END.sub("", text)
    text = ASIDE.sub(lambda aside: "\n" * aside[0].count("\n"), text)
    return _Cutting(text).all()


class _Cutting:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.heredocs: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.statement = Statement(self.line)
        self.parts: list[str] = []
        self.qualified: int | None = None
        self.depth = 0
        # The last token that is no space, `` for none.
        self.last = ""

    def all(self) -> Iterator[Statement]:
        while self.at < len(self.text):
            token = TOKEN.match(self.text, self.at)
            if token is None:
                break
            self.at = token.end()
            kind = token.lastgroup
            if kind in ("mark", "name"):
                kind = "heredoc"
            if kind == "line":
                ended = self.depth == 0 and self.last not in GOES_ON
                self.parts.append("\n")
                self.line += 1
                self.skip_heredocs()
            else:
                ended = token[0] == ";" and self.depth == 0
                if not ended:
                    self.take(kind or "", token)
                self.line += token[0].count("\n")
            if ended:
                yield from self.whole()
        yield from self.whole()

    def whole(self) -> Iterator[Statement]:
        found = self.statement
        if self.last:
            parts = self.parts
            if self.qualified is not None:
                words = " ".join("".join(parts[self.qualified :]).split())
                found.qualifier = words[:LONGEST_QUALIFIER]
                parts = parts[: self.qualified]
            found.text = "".join(parts).strip()
            yield found
        self.begin()

    def take(self, kind: str, token: re.Match[str]) -> None:
        if kind == "comment":
            return
        if kind == "space":
            self.parts.append(token[0])
            return
        if kind == "other" and token[0] in "\"'`":
            raise CannotRead(
                gettext("No end was found for “%(token)s”.") % {"token": token[0]}, line=self.line
            )
        if not self.last:
            self.statement.line = self.line
        if kind == "heredoc":
            self.heredocs.append(token["name"])
        elif kind == "word":
            self.word(token[0])
        elif token[0] in "([{":
            self.depth += 1
        elif token[0] in ")]}":
            self.depth = max(0, self.depth - 1)
        self.parts.append(token[0])
        self.last = token[0]

    def word(self, word: str) -> None:
        found = self.statement
        first = not self.last
        if self.last == "def" or (self.last == "." and word != "end"):
            return
        if word == "end":
            # One that ends what the statement itself opened is not another's.
            if found.opens:
                found.opens.pop()
            else:
                found.ends += 1
        elif word == "do":
            if not set(found.opens) & LOOPS:
                found.opens.append(word)
        elif word in OPENERS and (first or self.last in GOES_ON):
            found.opens.append(word)
        elif word in QUALIFIERS and not first and self.depth == 0 and self.qualified is None:
            self.qualified = len(self.parts)

    def skip_heredocs(self) -> None:
        for name in self.heredocs:
            end = re.compile(rf"^[ \t]*{name}[ \t]*$", re.MULTILINE).search(self.text, self.at)
            if end is None:
                raise CannotRead(
                    gettext("No end was found for “<<%(name)s”.") % {"name": name},
                    line=self.line - 1,
                )
            self.line += self.text.count("\n", self.at, end.end())
            self.at = end.end()
        self.heredocs = []
