"""What is read is never run: no module loads objects, or code, from data."""

import ast

import pytest
import yaml
from celery import Celery

from incidents.lib import plain_yaml
from tests.architecture.source import Module, modules

# Modules that make objects of bytes, and functions that run text.
LOADERS = frozenset({"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve"})
RUNNERS = frozenset({"eval", "exec", "compile", "__import__"})
YAML = frozenset(
    {"load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all"}
)
SHELLS = frozenset({"system", "popen", "getoutput", "getstatusoutput"})
# Readers of XML that follow its entities; writing it is no danger.
XML = ("xml.dom", "xml.sax", "lxml")
XML_READERS = frozenset({"parse", "iterparse", "fromstring", "XML", "XMLParser"})


def breaches(module: Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            reads = XML_READERS & {one.name for one in node.names}
            if node.module == "xml.etree.ElementTree" and reads:
                found.append(f"{module.path}:{node.lineno}: {', '.join(sorted(reads))}")
        found += [
            f"{module.path}:{node.lineno}: {name}"
            for name in names
            if name.partition(".")[0] in LOADERS or name.startswith(XML)
        ]
        if isinstance(node, ast.Call):
            found += [f"{module.path}:{node.lineno}: {told}" for told in called(node)]
    return found


def called(call: ast.Call) -> list[str]:
    told = []
    if isinstance(call.func, ast.Name) and call.func.id in RUNNERS:
        told.append(call.func.id)
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
        if call.func.attr in SHELLS and owner in {"os", "subprocess"}:
            told.append(f"{owner}.{call.func.attr}")
        if owner == "yaml" and call.func.attr in YAML and not loaders_of(call):
            told.append(f"yaml.{call.func.attr}")
    if any(isinstance(value, ast.Constant) and value.value for value in values(call, "shell")):
        told.append("shell=True")
    return told


def loaders_of(call: ast.Call) -> list[ast.expr]:
    """A loader of our own; PyYAML's others make objects."""
    named = [*call.args[1:], *values(call, "Loader")]
    return [each for each in named if "yaml." not in ast.unparse(each)]


def values(call: ast.Call, name: str) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg == name]


def test_nothing_is_run() -> None:
    assert [breach for module in modules() for breach in breaches(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from marshal import loads",
        "from xml.etree.ElementTree import fromstring",
        "from lxml import etree",
        "eval(text)",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
    ],
)
def test_each_way_to_run_it_is_found(line: str) -> None:
    assert breaches(Module(path="a.py", text=line, tree=ast.parse(line))) != []


def test_the_loaders_of_yaml_make_no_objects() -> None:
    assert issubclass(plain_yaml._Loader, yaml.constructor.SafeConstructor)
    assert issubclass(plain_yaml._Lenient, yaml.constructor.SafeConstructor)


def test_a_message_of_the_broker_is_json_or_none() -> None:
    app = Celery()
    app.config_from_object("django.conf:settings", namespace="CELERY")

    assert set(app.conf.accept_content) == {"json"}
    assert app.conf.task_serializer == app.conf.result_serializer == "json"


def test_hashes_are_of_the_kind_that_holds() -> None:
    made = [
        (module.path, call.func.attr)
        for module in modules()
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "hashlib"
    ]

    assert made
    assert {name for _, name in made} <= {"sha256", "sha512", "blake2b", "file_digest"}
