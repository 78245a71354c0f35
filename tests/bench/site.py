"""What is measured on one database. Runs in a process of its own, with that database's settings.

python -m tests.bench.site INCIDENTS RUNBOOKS FOLDER
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection

from incidents.lookup.engines import Index, archive, engine
from incidents.lookup.engines.reading import read_on
from incidents.lookup.queries import BESIDE, best_runbooks, entries_of_runbooks, search, visible
from incidents.lookup.question import read_question
from incidents.lookup.terms import Asked, asked
from incidents.models import FoundKind, SearchEntry, User
from tests.bench import grep
from tests.bench.exhaustive import kept
from tests.bench.figures import Figures, figures_of
from tests.bench.questions import questions
from tests.bench.server import Reader, running_site
from tests.lookup.symptoms import SYMPTOMS

# A signed-in page of the site that looks nothing up.
BARE = "/search/"
# What this version does not have is left out, and said.
PAGES = {
    "the runbook part": "/lookup/answers/?q={}",
    "the search over everything": "/search/?q={}",
    "the list of incidents": "/incidents/",
}
ARCHIVE = "the archive part"
WARM_UP = 5
GREP_QUESTIONS = 12
RANKED = 50
"""Of each kind: as many as the lookup looks at twice."""


def main(incidents: int, runbooks: int, folder: Path) -> dict[str, Any]:
    prepare(incidents, runbooks)
    user, cookie = reader()
    of_runbooks = questions(bodies(FoundKind.RUNBOOK))
    of_archive = questions(bodies(FoundKind.INCIDENT))
    told: dict[str, Any] = {"database": database_version(), "missing": []}
    told["raw"] = {
        "runbooks": asdict(raw_of_runbooks(of_runbooks)),
        "archive": asdict(raw_of_archive(of_archive, user)),
    }
    told["kept"] = asdict(kept(of_archive, user))
    told["symptoms"] = symptoms_found(user), len(SYMPTOMS)
    with running_site() as port:
        told["pages"] = pages(Reader(port, cookie), of_runbooks, of_archive, told["missing"])
    told["ripgrep"] = ripgrep(folder, of_archive)
    return told


def prepare(incidents: int, runbooks: int) -> None:
    say = {"stdout": sys.stderr, "stderr": sys.stderr}
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("make_history", incidents=incidents, runbooks=runbooks, **say)
    call_command("load_demo", **say)
    read_on(wait=True)
    with connection.cursor() as cursor:
        # PostgreSQL would do it by itself within a minute.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def symptoms_found(user: User) -> int:
    """How many of the six stories' symptoms lead to their story as the first or second incident."""
    count = 0
    for said, title, _runbook in SYMPTOMS:
        groups = search(said, user=user, kinds=[FoundKind.INCIDENT], limit=2).groups
        count += any(title in str(hit.row) for group in groups for hit in group.hits)
    return count


def reader() -> tuple[User, str]:
    """An account, and the cookie of its session."""
    user, _ = User.objects.get_or_create(username="bench")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return user, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def bodies(kind: FoundKind) -> list[str]:
    """Of some hundred records spread over all."""
    keys = list(SearchEntry.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))
    some = keys[:: max(1, len(keys) // 300)]
    return list(SearchEntry.objects.filter(pk__in=some).values_list("body", flat=True))


def raw_of_runbooks(texts: Sequence[str]) -> Figures:
    """The engine's own query, with nothing around it."""
    among = entries_of_runbooks()

    def ask(wanted: Asked) -> float:
        begun = time.perf_counter()
        engine().ranked(Index.RUNBOOKS, wanted, among=among, limit=RANKED)
        return time.perf_counter() - begun

    return timed(ask, [asked(text) for text in texts])


def raw_of_archive(texts: Sequence[str], user: User) -> Figures:
    """Likewise, for what stands beside the runbooks."""
    among = visible(BESIDE, user=user)

    def ask(wanted: Asked) -> float:
        begun = time.perf_counter()
        archive.ranked(wanted, among=among, limit=RANKED)
        return time.perf_counter() - begun

    return timed(ask, [asked(text) for text in texts])


def pages(
    reader: Reader, of_runbooks: list[str], of_archive: list[str], missing: list[str]
) -> dict[str, dict[str, float]]:
    told = {"a bare page": asdict(timed(lambda _: reader.seconds(BARE), range(60)))}
    for name, address in PAGES.items():
        texts = of_runbooks if name == "the runbook part" else of_archive
        paths = [address.format(quote(text)) for text in texts]
        if not reader.is_there(paths[0]):
            missing.append(f"{name} ({address.partition('?')[0]})")
            continue
        told[name] = asdict(timed(reader.seconds, paths))
    # As the answers send it: they know which runbook stands first.
    sent = [(first_runbook(text), urlencode({"q": text})) for text in of_archive]
    told[ARCHIVE] = asdict(
        timed(lambda one: reader.seconds(f"/lookup/beside/?first={one[0]}", one[1]), sent)
    )
    return told


def first_runbook(text: str) -> str:
    return "".join(str(one.pk) for one in best_runbooks(read_question(text), limit=1))


def timed(ask: Callable[[Any], float], things: Sequence[Any]) -> Figures:
    for thing in things[:WARM_UP]:
        ask(thing)
    return figures_of([ask(thing) for thing in things])


def ripgrep(folder: Path, texts: Sequence[str]) -> dict[str, float] | None:
    program = grep.find_ripgrep()
    if program is None:
        return None
    if not folder.exists():
        entries = SearchEntry.objects.filter(kind=FoundKind.INCIDENT).order_by("pk")
        rows = entries.values_list("record_id", "title", "body").iterator(chunk_size=500)
        grep.write_files(folder, rows)
    some = texts[:: max(1, len(texts) // GREP_QUESTIONS)]
    grep.seconds(program, some[0], folder)
    return asdict(figures_of([grep.seconds(program, text, folder) for text in some]))


def database_version() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {connection.Database.sqlite_version}"
    version = connection.pg_version  # type: ignore[attr-defined]  # PostgreSQL's own
    return f"PostgreSQL {version // 10000}.{version % 10000}"


if __name__ == "__main__":
    answer = main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    Path(sys.argv[4]).write_text(json.dumps(answer))
