"""What a guard says while it is being written."""

from dataclasses import dataclass, field

from incidents.guard.examples import Example
from incidents.guard.forms import MOST_SECONDS, GuardForm, TrialForm
from incidents.guard.language.parsing import BadExpression, parse
from incidents.guard.operations import MUST
from incidents.guard.queries import Tried, tried_on_records
from incidents.guard.trying_files import TriedFiles, try_files
from incidents.guard.verdicts import Said, ask
from incidents.models import Guard, User


@dataclass(frozen=True)
class TriedExample:
    label: str
    said: Said | None
    is_as_wanted: bool


@dataclass(frozen=True)
class AllTried:
    """`problem` says why nothing could be tried."""

    problem: str = ""
    names: tuple[str, ...] = ()
    examples: list[TriedExample] = field(default_factory=list)
    recorded: list[Tried] = field(default_factory=list)
    files: TriedFiles | None = None
    files_problems: list[str] = field(default_factory=list)


def tried(form: GuardForm, trial: TrialForm, user: User) -> AllTried:
    """Of a form that need not be complete: what can be read is tried."""
    form.full_clean()
    typed = {name: form.data.get(name, "") for name in ("expression", "precondition", "message")}
    guard = Guard(**{name: str(text).strip() for name, text in typed.items()})
    try:
        names = parse(guard.expression).names
        if guard.precondition:
            parse(guard.precondition)
    except BadExpression as error:
        return AllTried(problem=str(error))
    examples = []
    for name, must in MUST.items():
        example = form.cleaned_data.get(name)
        said = ask(guard, Example(example)) if example else None
        label = str(form.fields[name].label)
        examples.append(TriedExample(label, said, said is not None and said.outcome is must))
    given = trial.given() if trial.is_valid() else []
    files = try_files(guard, given, seconds=MOST_SECONDS) if given else None
    records = tried_on_records(guard, user)
    return AllTried("", names, examples, records, files, trial.problems())
