"""nginx: directives and blocks. `include` is a directive like any other: nothing is opened.

The path of a directive is that of its blocks, each with its words: `http.upstream app.keepalive`.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Value
from incidents.guard.readers.found import DEEPEST, MEGABYTE, Format, Found, plain, too_deep

TOKEN = re.compile(
    r"""
    (?P<space>[ \t\v\f]++)
  | (?P<line>\n)
  | (?P<comment>\#[^\n]*+)
  | (?P<sign>[{};])
  | (?P<quoted>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
  | (?P<word>(?:[^\s{};"'\\]|\\.|\$\{[^}\s]*+\}|(?<=[^\s{};])["'])++)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\([\\\"';{} ])")
LUA = "_by_lua_block"
MOST_WORDS = 1_000


def read(text: str) -> Iterator[Found]:
    return _Directives(text).all()


class _Directives:
    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.at = 0
        self.blocks: list[tuple[str, int]] = []
        # Of the directive that is being read: its words as they mean, and where it began.
        self.words: list[str] = []
        self.first = 1
        self.start = 0

    def all(self) -> Iterator[Found]:
        while self.at < len(self.text):
            token = TOKEN.match(self.text, self.at)
            if token is None:
                raise CannotRead(gettext("A quote is not closed."), line=self.line)
            self.at = token.end()
            if token.lastgroup in ("word", "quoted"):
                self.word(token)
            elif token.lastgroup == "sign":
                yield from self.sign(token)
            self.line += token[0].count("\n")
        if self.words:
            raise CannotRead(
                gettext("“%(words)s” is not ended by “;”.") % {"words": self.words[0]},
                line=self.first,
            )
        if self.blocks:
            name, line = self.blocks[-1]
            raise CannotRead(
                gettext("The block “%(name)s” is not closed.") % {"name": name}, line=line
            )

    def word(self, token: re.Match[str]) -> None:
        if not self.words:
            self.first, self.start = self.line, token.start()
        text = token[0][1:-1] if token.lastgroup == "quoted" else token[0]
        self.words.append(ESCAPE.sub(r"\1", text))
        if len(self.words) > MOST_WORDS:
            raise CannotRead(
                gettext("A directive has more than %(MOST_WORDS)s words.")
                % {"MOST_WORDS": f"{MOST_WORDS:,}"},
                line=self.first,
            )

    def sign(self, token: re.Match[str]) -> Iterator[Found]:
        sign = token[0]
        if sign == "}":
            if self.words:
                raise CannotRead(
                    gettext("“%(words)s” is not ended by “;”.") % {"words": self.words[0]},
                    line=self.first,
                )
            if not self.blocks:
                raise CannotRead(gettext("“}” closes nothing."), line=self.line)
            self.blocks.pop()
            return
        if not self.words:
            raise CannotRead(
                gettext("There is no directive before “%(sign)s”.") % {"sign": sign}, line=self.line
            )
        name, *others = self.words
        path = (*(block for block, _ in self.blocks), name)
        self.words = []
        if sign == ";":
            yield Found(path, _value(others), self.written(name, token.start()), self.first)
        elif name.endswith(LUA):
            self.skip()
        else:
            self.blocks.append((" ".join([name, *others]), self.first))
            if len(self.blocks) > DEEPEST:
                raise too_deep(self.line)

    def written(self, name: str, end: int) -> str:
        words = self.text[self.start : end].strip()
        return words.removeprefix(name).strip() or words

    def skip(self) -> None:
        """To the end of a block of another language, in which only braces count."""
        depth, first = 1, self.line
        for brace in re.finditer(r"[{}\n]", self.text[self.at :]):
            self.line += brace[0] == "\n"
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth == 0:
                self.at += brace.end()
                return
        raise CannotRead(gettext("The block is not closed."), line=first)


def _value(words: list[str]) -> Value:
    """A directive without words switches something on."""
    if not words:
        return True
    values = [plain(word) for word in words]
    return values[0] if len(values) == 1 else values


FORMAT = Format(read, most_bytes=MEGABYTE)
