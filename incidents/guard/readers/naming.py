"""Which format a file is in."""

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead

# The first that fits; names are compared in lower case, without the folders.
NAMES = [
    (".env", "env"),
    (".env.*", "env"),
    ("*.env", "env"),
    ("*.yml", "yaml"),
    ("*.yaml", "yaml"),
    ("*.json", "json"),
    ("*.toml", "toml"),
    ("*.ini", "ini"),
    ("*.cfg", "ini"),
    ("*.cnf", "ini"),
    ("*.properties", "properties"),
    ("postgresql*.conf", "postgresql"),
    ("*.nginx", "nginx"),
    ("nginx*.conf", "nginx"),
    ("*.tf", "hcl"),
    ("*.tfvars", "hcl"),
    ("*.hcl", "hcl"),
    ("*.py", "python"),
    ("*.rb", "ruby"),
]
# A `.conf` may be anything.
SECTION = re.compile(r"^\s*\[[^\]\n]+\]\s*$", re.MULTILINE)
BLOCK = re.compile(r"^[^#\n]*[{;]\s*(?:#.*)?$", re.MULTILINE)


def format_of(name: str, text: str) -> str:
    """Raises `CannotRead` when neither name nor content tell."""
    base = PurePosixPath(name.replace("\\", "/")).name.lower().removesuffix(".erb")
    for pattern, format_ in NAMES:
        if fnmatchcase(base, pattern):
            return format_
    if base.endswith(".conf"):
        if SECTION.search(text):
            return "ini"
        return "nginx" if BLOCK.search(text) else "postgresql"
    raise CannotRead(
        gettext("What “%(base)s” holds is not told by its name; name its format.") % {"base": base}
    )
