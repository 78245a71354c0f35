"""What is told of files that may hold passwords and keys: all but those.

Guards are asked about the values as they are; hidden is what is said of them afterwards, which many
read, and which CI servers keep.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from incidents.guard.configuration import Setting, Unknown
from incidents.guard.findings import Finding, Report
from incidents.guard.language.values import Known, Value, shown
from incidents.lib.secret_values import masked, names_a_secret

HIDDEN = "[hidden: a secret]"
SHORTEST_FOUND_ANYWHERE = 4
"""Characters; of a shorter secret only the place where it belongs is hidden."""

Place = tuple[str, int]
"""A file and a line of it."""
Secrets = Mapping[Place, list[Setting]]


def written(setting: Setting) -> str:
    """As it stands in its file, unless it gives access to something."""
    if not names_a_secret(setting.key):
        return masked(setting.written)
    # Where the environment gives it, a default may be among it: ENV.fetch("DB_PASSWORD", "…").
    is_unknown = isinstance(setting.value, Unknown)
    is_hidden = is_unknown or masked(setting.written, name=setting.key) != setting.written
    return HIDDEN if is_hidden else setting.written


def is_secret(setting: Setting) -> bool:
    return names_a_secret(setting.key) and written(setting) == HIDDEN


def value_told(name: str, value: Known) -> str:
    """As it stands in a sentence."""
    # Before it is cut: what gives access is known by its whole shape.
    return shown(masked(value, name=name) if isinstance(value, str) else value).strip("“”")


def reasons_without_secrets(reasons: Iterable[str], read: Mapping[str, Value]) -> tuple[str, ...]:
    """Why a guard could not be told may quote what it `read`, which is given by name."""
    secrets = [text for name, value in read.items() for text in secret_texts(name, value)]
    return tuple(masked(without(reason, map(shown, secrets))) for reason in reasons)


def secret_texts(name: str, value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from secret_texts(f"{name}.{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from secret_texts(name, inner)
    elif isinstance(value, str) and names_a_secret(name) and masked(value, name=name) != value:
        yield value


def without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def without_secrets(report: Report, settings: Iterable[Setting]) -> Report:
    """The report as it may be shown; `settings` are all that were read."""
    places = {
        (setting.file, setting.line)
        for finding in report.findings
        for setting in (finding.setting, *finding.values.values())
        if setting is not None
    }
    secrets = secrets_at(places, settings)
    return replace(
        report,
        findings=[told(finding, secrets) for finding in report.findings],
        sources=dict(quoted_lines(report, places, secrets)),
    )


def secrets_at(places: Container[Place], settings: Iterable[Setting]) -> Secrets:
    found: dict[Place, list[Setting]] = {}
    for setting in settings:
        place = (setting.file, setting.line)
        if place in places and is_secret(setting):
            found.setdefault(place, []).append(setting)
    return found


def told(finding: Finding, secrets: Secrets) -> Finding:
    return replace(
        finding,
        setting=finding.setting and told_setting(finding.setting, secrets),
        values={name: told_setting(one, secrets) for name, one in finding.values.items()},
    )


def told_setting(setting: Setting, secrets: Secrets) -> Setting:
    """Several values may be written as one: the list of a service's variables, a command line."""
    text = written(setting)
    if not is_secret(setting):
        text = without_values(text, secrets.get((setting.file, setting.line), ()))
    return replace(setting, written=text)


def quoted_lines(
    report: Report, places: Container[Place], secrets: Secrets
) -> Iterator[tuple[str, list[str]]]:
    """Only the lines that findings are about; the others are empty."""
    for file, lines in report.sources.items():
        numbered = [((file, number), line) for number, line in enumerate(lines, start=1)]
        yield (
            file,
            [
                told_line(line, place, secrets) if place in places else ""
                for place, line in numbered
            ],
        )


def told_line(line: str, place: Place, secrets: Secrets) -> str:
    return masked(without_values(line, secrets.get(place, ())))


def without_values(text: str, secrets: Iterable[Setting]) -> str:
    """One value may be there by several names, in its file and as its component's."""
    told = text
    for setting in secrets:
        told = without_value(told, text, setting)
    return told


def without_value(told: str, text: str, setting: Setting) -> str:
    """The value is taken out; where it cannot be told apart, all that comes after its name."""
    value = setting.value.strip() if isinstance(setting.value, str) else ""
    whole = setting.written.strip()
    for secret in (whole, value, whole.partition("\n")[0]):
        if secret and secret in text:
            if len(secret) >= SHORTEST_FOUND_ANYWHERE:
                return told.replace(secret, HIDDEN)
            at = told.find(secret, after_name(told, setting))
            return told if at < 0 else told[:at] + HIDDEN + told[at + len(secret) :]
    end = after_name(told, setting)
    return f"{told[:end]} {HIDDEN}" if end else told


def after_name(text: str, setting: Setting) -> int:
    name = setting.key.rpartition(".")[2]
    at = text.find(name)
    return at + len(name) if at >= 0 else 0
