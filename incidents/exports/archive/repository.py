"""Git, for a folder that is a repository: what was written, committed as by those who wrote it."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LONGEST_RUN = 600
"""Seconds."""
# Nothing that the repository or the machine is set up to run by itself, and no change of texts.
SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.quotePath=false",
    "commit.gpgSign=false",
    "gc.auto=0",
)


class CannotCommit(Exception):
    """The message says what Git said."""


@dataclass(frozen=True)
class Author:
    name: str
    email: str

    @property
    def clean(self) -> tuple[str, str]:
        """Without what ends a name or an address in a commit; never empty."""
        name, email = (
            "".join(letter for letter in text if letter.isprintable() and letter not in "<>")
            for text in (self.name, self.email)
        )
        return name.strip(" .,:;\"'") or "unknown", email.strip() or "unknown"

    def __str__(self) -> str:
        name, email = self.clean
        return f"{name} <{email}>"


@dataclass(frozen=True)
class Repository:
    path: Path

    @classmethod
    def at(cls, path: Path) -> "Repository":
        """The one whose top is this folder, made if there is none. Raises `CannotCommit`."""
        if shutil.which("git") is None:
            raise CannotCommit("Git is not installed on this machine, or not on the PATH.")
        found = cls(path)
        if not (path / ".git").exists():
            found.run("init", "--quiet", "--initial-branch=main", "--template=")
        return found

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        more: Mapping[str, str] | None = None,
    ) -> bytes:
        """Raises `CannotCommit`."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        command = ["git", "-C", str(self.path), "--literal-pathspecs", *settings, *arguments]
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CEILING_DIRECTORIES": str(self.path.parent),
            **(more or {}),
        }
        try:
            done = subprocess.run(  # noqa: S603 (no shell; the words are ours)
                command,
                input=given,
                env=environment,
                capture_output=True,
                check=True,
                timeout=LONGEST_RUN,
            )
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout or b"").decode(errors="replace").strip()
            raise CannotCommit(f"git {arguments[0]} failed: {said[:500]}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotCommit(f"git {arguments[0]} could not be run: {error}") from error
        return done.stdout

    def changed(self) -> list[str]:
        """The files that differ from what was committed last, as git names them."""
        told = self.run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
        return [entry[3:].decode(errors="surrogateescape") for entry in told.split(b"\0") if entry]

    def committed(self, name: str) -> str | None:
        """The text of a file in the last commit; None where there is none."""
        try:
            return self.run("show", f"HEAD:{name}").decode(errors="replace")
        except CannotCommit:
            return None

    def commit(
        self,
        names: Sequence[str],
        *,
        message: str,
        author: Author,
        committer: Author,
        at: datetime,
    ) -> None:
        """These files alone, whatever else is prepared there. Raises `CannotCommit`."""
        paths = b"\0".join(os.fsencode(name) for name in names)
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        self.run("add", "--all", *listed, given=paths)
        self.run(
            "commit",
            "--quiet",
            "--only",
            "--no-verify",
            "--cleanup=whitespace",
            f"--message={message}",
            *listed,
            given=paths,
            more=identities(author, committer, at),
        )


def identities(author: Author, committer: Author, at: datetime) -> dict[str, str]:
    (name, email), (site, address) = author.clean, committer.clean
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_AUTHOR_DATE": at.isoformat(timespec="seconds"),
        "GIT_COMMITTER_NAME": site,
        "GIT_COMMITTER_EMAIL": address,
    }
