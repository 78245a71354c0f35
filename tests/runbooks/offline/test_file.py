import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest

from incidents.runbooks.offline.copies import copy_of
from incidents.runbooks.offline.file import SCRIPTS, SHEETS, closed_in, escaped, file_of
from incidents.runbooks.offline.queries import runbooks_to_copy
from postmortems import bundles
from tests.architecture.source import ROOT
from tests.factories import NOW, a_runbook

pytestmark = pytest.mark.django_db

HOSTILE = "</script></noscript><script>alert(1)</script><!--text-->"


def a_file() -> str:
    return file_of(copy_of(runbooks_to_copy(), site="https://site.example", at=NOW))


def test_it_works() -> None:
    a_runbook(title="Make room", slug="room", body_html="<p>Throw away the logs.</p>")

    text = a_file()

    # Shown as it is without JavaScript.
    assert text.count("<p>Throw away the logs.</p>") == 1
    assert '"html": ""' in text
    assert 'href="#runbook-room"' in text
    assert "A copy of <a" in text


def test_it_needs_nothing_from_anywhere() -> None:
    text = a_file()

    assert re.findall(r'<[^>]+ (?:src|srcset|data|href)="(?!#)([^"]*)"', text) == [
        "https://site.example"
    ]
    assert "url(" not in text
    assert "@import" not in text
    assert "<link" not in text


def test_its_own_pieces_are_all_that_may_run() -> None:
    text = a_file()

    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(scripts) == len(SCRIPTS)
    hashes = [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in scripts]
    assert f"script-src {' '.join(hashes)};" in policy
    assert len(styles) == 1
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|\son\w+=", text.split("<script", maxsplit=1)[0])


def test_what_people_wrote_stays_text() -> None:
    a_runbook(title=HOSTILE, slug="hostile", summary=HOSTILE, alerts=f"{HOSTILE}=x")
    before = a_file().replace(HOSTILE, "")
    assert "alert(1)" in before
    assert "<script>alert" not in before
    assert before.count("</noscript>") == 1
    assert before.count("</script>") == len(SCRIPTS) + 1
    assert before.count("<!--text-->") == 2


@pytest.mark.parametrize("title", ["<!--text-->", "</noscript>", "a > b < c"])
def test_no_attribute_parts_the_texts_or_ends_them(title: str) -> None:
    texts = [f'<p><a href="/a/" title="{title}">x</a></p>', "<p>Second.</p>", "<p>Third.</p>"]
    for number, text in enumerate(texts):
        a_runbook(title=f"Runbook {number}", body_html=text)

    [noscript] = re.findall(r'<noscript id="texts">(.*?)</noscript>', a_file(), re.DOTALL)

    # As static/js/offline/file.js takes them.
    read = noscript.split("<!--text-->")[1::2]
    assert [unescape(one) for one in read] == texts


def test_html_means_what_it_meant() -> None:
    assert closed_in('<img alt="<" title="a>b">"1 &lt; 2" <b>"</b> <br>') == (
        '<img alt="&lt;" title="a&gt;b">"1 &lt; 2" <b>"</b> <br>'
    )


def test_json_can_end_no_element() -> None:
    assert escaped('"<!-- </script> & "') == '"\\u003C!-- \\u003C/script\\u003E \\u0026 "'


def test_it_has_no_piece_twice_and_the_scripts_of_the_device() -> None:
    """What the device's pages are made of, but for where each has its copy from."""
    shell = (ROOT / "templates/runbooks/offline/shell.html").read_text()

    loaded = re.findall(r"src=\"\{% static 'js/([\w/]+)\.js'", shell)
    # What every page has is not named there.
    early = [name.removeprefix("js/").removesuffix(".js") for name in bundles.EARLY[1:]]
    own = {"offline/store", "offline/shell", *(name for name in loaded if "reading/" in name)}
    assert early + [name for name in loaded if name not in own] == list(SCRIPTS[:-1])
    assert len(set(SHEETS)) == len(SHEETS)


def test_without_runbooks_it_says_so() -> None:
    assert '"runbooks": []' in a_file()
