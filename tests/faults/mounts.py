"""Programs that see small or sealed file systems, in a view of the files that is theirs alone."""

import subprocess
from pathlib import Path

import pytest

OWN_VIEW = ["unshare", "--mount", "sh", "-c"]


def with_small_disk(folder: Path, size: str, *, filled_with: Path | None = None) -> list[str]:
    """What to put before a command that is to find a disk of `size` in the folder, with a copy of
    the file on it. Skips where nobody may mount."""
    require_mounts()
    script = f'mount -t tmpfs -o size={size} tmpfs "$0"'
    if filled_with:
        script += f' && cp "{filled_with}" "$0"'
    return [*OWN_VIEW, f'{script} && exec "$@"', str(folder)]


def with_sealed_folder(folder: Path) -> list[str]:
    """The same with a folder that takes no changes, until `unseal`."""
    require_mounts()
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    return [*OWN_VIEW, script, str(folder)]


def unseal(folder: Path, *, seen_by: int) -> None:
    inside = ["nsenter", "--target", str(seen_by), "--mount"]
    subprocess.run([*inside, "mount", "-o", "remount,rw,bind", str(folder)], check=True)


def seen_by(pid: int, path: Path) -> Path:
    """Where the process's view of it can be reached from ours."""
    return Path(f"/proc/{pid}/root{path}")


def require_mounts() -> None:
    tried = [*OWN_VIEW, "mount -t tmpfs tmpfs /mnt"]
    try:
        done = subprocess.run(tried, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("Nobody but root may mount file systems here.")
