"""Folders of runbooks: as MkDocs has them, as Hugo does, and plain ones."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from incidents.importers.formats import guess
from incidents.importers.formats.runbooks import read
from incidents.importers.found import FoundRunbook, FoundUnread
from incidents.importers.trees.files import lying_in
from tests.importers.documents.words import words_of

HERE = Path(__file__).parent / "runbooks"
TREES = ("mkdocs", "hugo", "plain")


def found_in(path: Path) -> dict[str, FoundRunbook]:
    return {each.slug: each for each in read(path) if isinstance(each, FoundRunbook)}


def unread_in(path: Path) -> dict[str, str]:
    return {each.where: each.why for each in read(path) if isinstance(each, FoundUnread)}


@pytest.mark.parametrize("name", TREES)
def test_a_folder_of_runbooks_is_seen(name: str, tmp_path: Path) -> None:
    place = HERE / name
    if name == "plain":
        place = tmp_path / "our-runbooks"
        place.symlink_to(HERE / name)
    assert guess(place).name == "runbooks"
    assert guess(packed(HERE / name, tmp_path / "our-runbooks.zip")).name == "runbooks"


def test_a_folder_of_texts_is_still_one_of_incidents(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Pool empty\n", encoding="utf-8")
    (tmp_path / "config.yaml").write_text("a: 1\n", encoding="utf-8")
    assert guess(tmp_path).name == "markdown"


def test_mkdocs() -> None:
    found = found_in(HERE / "mkdocs")
    assert list(found) == ["pool", "disk"]
    pool = found["pool"]
    assert (pool.title, pool.alerts, pool.services, pool.owner) == (
        "The pool is empty",
        ("PoolEmpty",),
        ("Checkout",),
        "ann",
    )
    assert "\n> [!CAUTION]\n> **Do not restart**\n>\n> It makes it worse.\n" in pool.body
    assert "> ```sh\n> # a comment\n> psql -c 'show pools'\n> ```" in pool.body
    assert "**Production**\n\nLook at [the disk](/runbooks/disk/#h-free-space-first)." in pool.body
    assert "Look [there](/runbooks/disk/) too." in pool.body
    assert "> [!NOTE]\n> Folded words." in pool.body
    assert '--8<-- "includes/oncall.md"' in pool.body
    assert "![The pool](attachment:pages/img/pool.png)\n" in pool.body
    assert "[here](attachment:pages/img/plan.svg)" in pool.body
    assert "\n[not a link](disk.md)\n" in pool.body
    assert pool.body.endswith("## From the head of its file\n\n- tags: database, pool\n")
    assert pool.missing == (
        "It leads to what is not among these files, and still does so: lost.md, ../img/lost.png."
    )
    assert [file.path for file in pool.files] == ["pages/img/pool.png", "pages/img/plan.svg"]


def test_headings_tell_of_alerts_and_their_names_are_found() -> None:
    disk = found_in(HERE / "mkdocs")["disk"]
    assert (disk.title, disk.alerts) == ("Disk is full", ("DiskFull", "DiskFilling"))
    assert "## Free space, first!\n" in disk.body
    assert "[the end](#h-the-end)" in disk.body
    assert '<img src="attachment:pages/img/pool.png" alt="again">' in disk.body


def test_hugo() -> None:
    found = found_in(HERE / "hugo")
    assert sorted(found) == ["etcd", "nodeclockskew", "nodedown"]
    node = found["nodedown"]
    assert (node.title, node.alerts) == ("Node Down", ("NodeDown",))
    assert "> [!WARNING]\n> It may be the **network**." in node.body
    assert "[the clock](/runbooks/nodeclockskew/#h-meaning)" in node.body
    assert "[etcd](/runbooks/etcd/)," in node.body
    assert "[etcd](/runbooks/etcd/) by" in node.body
    assert "[our place](https://git.example.com/runbooks/issues)" in node.body
    assert "![The rack](attachment:static/img/rack.png)\n\nRow 4" in node.body
    assert "**Linux**\n\nRun it.\n" in node.body
    assert "{{< tab" not in node.body
    assert "```bash\nuptime\n```" in node.body
    assert '{{< strange "words" >}}' in node.body
    assert "- author: Ann\n" in node.body
    assert "weight" not in node.body
    skew = found["nodeclockskew"]
    assert skew.alerts == ('alertname="NodeClockSkew", job="node"',)
    assert "- alerts: NodeClock{\n" in skew.body
    assert "[the node](/runbooks/nodedown/)" in skew.body
    etcd = found["etcd"]
    assert (etcd.title, etcd.alerts, etcd.team) == (
        "etcd has no leader",
        ("EtcdNoLeader",),
        "Storage",
    )
    assert "![members](attachment:content/etcd/members.png)" in etcd.body


def test_a_plain_folder() -> None:
    found = found_in(HERE / "plain")
    assert sorted(found) == ["a-restart", "b-restart", "new-runbook", "postgres", "redis"]
    redis = found["redis"]
    assert redis.title == "Redis is full"
    assert "[told](attachment:scripts/evict.sh)" in redis.body
    assert "../postgres/vacuum.md" in redis.missing
    assert "Ask [redis](/runbooks/redis/)." in found["postgres"].body
    assert "[plan]: /runbooks/redis/\n" in found["postgres"].body


def test_what_is_no_runbook_is_named() -> None:
    assert sorted(unread_in(HERE / "mkdocs")) == ["README.md", "pages/index.md"]
    assert unread_in(HERE / "hugo")["content/node/_index.md"] == "It has a title and no text."
    assert sorted(unread_in(HERE / "plain")) == ["CONTRIBUTING.md", "README.md"]
    assert all(why.endswith(".") for name in TREES for why in unread_in(HERE / name).values())


@pytest.mark.parametrize("name", TREES)
def test_no_word_of_a_runbook_is_dropped(name: str) -> None:
    texts = lying_in(HERE / name).pages
    found = found_in(HERE / name).values()
    assert found
    for each in found:
        said = [each.title, each.summary, each.body, *each.alerts, *each.services]
        kept = set(words_of(" \n ".join([*said, each.owner, each.team])))
        lost = {word for word in words_of(texts[each.where]) if word not in kept}
        assert not {word for word in lost if not (LAID_OUT & {word} or set("./#") & set(word))}


LAID_OUT = {
    *("alerts", "alert", "alertname", "service", "owner", "title", "team", "hide", "toc"),
    *("danger", "width", "300", "right", "free", "weight", "20", "hint", "ref", "relref"),
    *("param", "bookrepo", "figure", "src", "caption", "tabs", "a", "tab", "highlight", "linenos"),
    *("table", "8", "free-space-first", "the-end", "lost", "https", "issues", "meaning"),
    "nodedown",
}
"""Names in a head, of shortcodes and of what lays out, and parts of addresses."""


@pytest.mark.parametrize("name", TREES)
def test_an_archive_with_a_folder_on_top_is_the_same(name: str, tmp_path: Path) -> None:
    path = packed(HERE / name, tmp_path / "runbooks.zip", below="runbooks-main/")
    plain, zipped = found_in(HERE / name), found_in(path)
    assert sorted(plain) == sorted(zipped)
    for slug, each in zipped.items():
        assert each.body.replace("runbooks-main/", "") == plain[slug].body


def packed(folder: Path, to: Path, below: str = "") -> Path:
    with ZipFile(to, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{below}{file.relative_to(folder).as_posix()}")
    return to


def test_what_is_too_long_for_its_field_is_cut_and_kept(tmp_path: Path) -> None:
    title, summary = "Title " * 50, "Words " * 80
    head = f"---\ntitle: {title}\ndescription: {summary}\n---\n"
    (tmp_path / "a.md").write_text(f"{head}Text.\n", encoding="utf-8")
    (each,) = found_in(tmp_path).values()
    assert (len(each.title), len(each.summary)) == (200, 300)
    assert each.title.endswith("…")
    assert f"- title: {title.strip()}\n- summary: {summary.strip()}\n" in each.body


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("nav: [", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nWords.\n", encoding="utf-8")
    assert "the usual ones are taken" in unread_in(tmp_path)["mkdocs.yml"]
    assert list(found_in(tmp_path)) == ["a"]


def test_hostile_paths_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    text = (
        "# A\n\n![a](../secret.png) ![b](/../secret.png) ![c](%2e%2e/secret.png) [d](file:///etc)"
    )
    (tmp_path / "in" / "a.md").write_text(text, encoding="utf-8")
    (each,) = found_in(tmp_path / "in").values()
    assert not each.files
    assert each.body.strip() == text.removeprefix("# A\n\n")


@pytest.mark.parametrize(
    "text",
    [
        "{{< tab " * 20_000,
        "[" * 50_000,
        "`" * 50_000 + "x",
        "![" * 50_000,
        "!!! note\n    " * 5_000,
        "<img src='" * 30_000,
        "](" * 50_000,
        '{{< a "' * 1_900,
    ],
)
@pytest.mark.parametrize("settings", ["mkdocs.yml", "hugo.toml"])
def test_a_strange_text_is_kept(text: str, settings: str, tmp_path: Path) -> None:
    folder = tmp_path / ("docs" if settings == "mkdocs.yml" else "content")
    folder.mkdir()
    (tmp_path / settings).write_text("", encoding="utf-8")
    (folder / "a.md").write_text(f"# A\n\n{text}", encoding="utf-8")
    (each,) = found_in(tmp_path).values()
    assert len(each.body) > len(text) // 3
