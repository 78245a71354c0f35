"""What a page asks for: its forms, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Sent = dict[str, str | list[str]]
NEVER_SENT = {"submit", "button", "reset", "image", "file"}


@dataclass
class Input:
    name: str
    kind: str
    value: str = ""
    # Of a select: each with whether it is chosen.
    options: list[tuple[str, bool]] = field(default_factory=list)
    several: bool = False
    checked: bool = True

    @property
    def sent(self) -> list[str]:
        if self.kind == "select":
            chosen = [value for value, is_chosen in self.options if is_chosen]
            return chosen or ([] if self.several else [value for value, _ in self.options[:1]])
        return [self.value] if self.checked else []


@dataclass
class Form:
    action: str
    method: str
    inputs: list[Input] = field(default_factory=list)
    # Names of those that take files.
    files: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        return {one.name for one in self.inputs}

    def sent(self) -> dict[str, list[str]]:
        """What the browser sends when nobody touches it."""
        sent: dict[str, list[str]] = {}
        for one in self.inputs:
            if one.name != "csrfmiddlewaretoken":
                sent.setdefault(one.name, []).extend(one.sent)
        return sent


class FormReader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.open = False
        self.text: Input | None = None
        self.select: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            action = given.get("action") or self.path
            self.forms.append(Form(action, (given.get("method") or "get").lower()))
            self.open = True
        elif tag == "option" and self.select is not None:
            self.select.options.append((given.get("value") or "", "selected" in given))
        elif self.open and given.get("name") and tag in {"input", "textarea", "select", "button"}:
            self.take_in(tag, given)

    def take_in(self, tag: str, given: dict[str, str | None]) -> None:
        kind = (given.get("type") or "text") if tag == "input" else tag
        if kind == "file":
            self.forms[-1].files.append(given["name"] or "")
        if kind in NEVER_SENT:
            return
        value = given.get("value") or ("on" if kind in {"checkbox", "radio"} else "")
        checked = kind not in {"checkbox", "radio"} or "checked" in given
        one = Input(given["name"] or "", kind, value, several="multiple" in given, checked=checked)
        self.forms[-1].inputs.append(one)
        if tag == "textarea":
            self.text = one
        elif tag == "select":
            self.select = one

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None


def forms_on(html: str, path: str) -> list[Form]:
    """The forms of the page at `path`, in their order."""
    reader = FormReader(path)
    reader.feed(html)
    return reader.forms
