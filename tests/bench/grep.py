"""The peer without a server: ripgrep over the same records as Markdown files."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

FILES_IN_A_FOLDER = 1000


def write_files(folder: Path, texts: Iterable[tuple[int, str, str]]) -> int:
    """One file for each record; how many bytes they have."""
    size = 0
    for number, title, body in texts:
        place = folder / f"{number // FILES_IN_A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        text = f"# {title}\n\n{body}\n".encode()
        (place / f"{number}.md").write_bytes(text)
        size += len(text)
    return size


def find_ripgrep() -> str | None:
    return shutil.which("rg")


def seconds(program: str, question: str, folder: Path) -> float:
    """Any of the words, whatever their case, counted in each file: a ranking begins so."""
    words = sorted({word.lower() for word in re.findall(r"\w{3,}", question)})
    command = [program, "--ignore-case", "--fixed-strings", "--count-matches", "--no-messages"]
    command += [part for word in words for part in ("--regexp", word)]
    begun = time.perf_counter()
    subprocess.run([*command, str(folder)], stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begun
