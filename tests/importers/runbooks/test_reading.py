"""Markdown as people keep it, read into runbooks."""

from pathlib import Path

import pytest

from incidents.importers.runbooks.reading import LARGEST, Page, Tree, read_tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runbooks"


def written(folder: Path, **texts: str) -> Tree:
    """The tree of these files; `__` in a name stands for a folder."""
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return read_tree([folder])


def the_page(folder: Path, text: str) -> Page:
    tree = written(folder, page=text)
    assert not tree.unread
    (page,) = tree.pages
    return page


def why(folder: Path, text: str) -> str:
    tree = written(folder, page=text)
    assert not tree.pages
    (unread,) = tree.unread
    return unread.why


def test_it_works(folder: Path) -> None:
    page = the_page(
        folder,
        "---\ntitle: Pool is empty\nalerts:\n- PoolEmpty\n- PoolLow\nservices: checkout\n"
        "description: When\n  requests wait\n---\n# Pool is empty\n\nCount first.\n",
    )
    assert page == Page(
        path=folder / "page.md",
        slug="page",
        title="Pool is empty",
        summary="When requests wait",
        body="Count first.\n",
        alerts=("PoolEmpty", "PoolLow"),
        services=("checkout",),
    )


def test_without_front_matter_the_heading_is_the_title(folder: Path) -> None:
    page = the_page(folder, "# `Pool` is [empty](x.md) #\n\n## Check\n\nCount.\n")
    assert (page.title, page.body) == ("Pool is empty", "## Check\n\nCount.\n")


def test_an_underlined_heading_is_one_too(folder: Path) -> None:
    assert the_page(folder, "Pool is empty\n=====\n\nCount.\n").title == "Pool is empty"


def test_without_a_heading_the_files_name_is_the_title(folder: Path) -> None:
    tree = written(folder, node_is_down="Look at the rack.\n")
    assert [(page.slug, page.title) for page in tree.pages] == [("node_is_down", "node is down")]


def test_a_heading_that_says_something_else_stays(folder: Path) -> None:
    page = the_page(folder, "---\ntitle: Pool\n---\n# Meaning\n\nEmpty.\n")
    assert (page.title, page.body) == ("Pool", "# Meaning\n\nEmpty.\n")


def test_a_line_is_no_front_matter(folder: Path) -> None:
    assert the_page(folder, "---\n\nAfter a line.\n").body == "---\n\nAfter a line.\n"


def test_toml_front_matter_is_read(folder: Path) -> None:
    page = the_page(folder, '+++\ntitle = "Pool"\nalerts = ["PoolEmpty"]\n+++\nCount.\n')
    assert (page.title, page.alerts, page.body) == ("Pool", ("PoolEmpty",), "Count.\n")


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(folder: Path) -> None:
    page = the_page(folder, "\ufeff---\r\ntitle: Pool\r\n---\r\nCount.\r\n")
    assert (page.title, page.body) == ("Pool", "Count.\n")


class TestWhatCannotBeRead:
    def test_broken_front_matter(self, folder: Path) -> None:
        assert "front matter cannot be read" in why(folder, "---\ntitle: [\n---\nx\n")

    def test_front_matter_that_is_a_list(self, folder: Path) -> None:
        assert "no list of names" in why(folder, "---\n- a\n---\nx\n")

    def test_aliases_which_can_stand_for_gigabytes(self, folder: Path) -> None:
        assert "aliases" in why(folder, "---\na: &a [x]\nb: [*a, *a]\n---\nx\n")

    def test_alerts_that_are_no_texts(self, folder: Path) -> None:
        assert "“alerts”" in why(folder, "---\nalerts: [{a: 1}]\n---\nx\n")

    def test_what_is_not_utf_8(self, folder: Path) -> None:
        assert "not UTF-8 text (byte 2)" in why(folder, "ab\udcff")

    def test_what_is_no_text(self, folder: Path) -> None:
        assert "NUL" in why(folder, "a\0b")

    def test_what_is_empty(self, folder: Path) -> None:
        assert why(folder, " \n") == "It is empty."

    def test_what_is_too_large(self, folder: Path) -> None:
        assert "larger than" in why(folder, "x" * (LARGEST + 1))

    def test_a_place_that_is_not_there(self, folder: Path) -> None:
        with pytest.raises(FileNotFoundError, match="no file or folder"):
            read_tree([folder / "nowhere"])


class TestFolders:
    def test_only_markdown_outside_hidden_folders_is_read(self, folder: Path) -> None:
        tree = written(folder, a="x", deep__er__b="x", **{".git__c": "x", "node_modules__d": "x"})
        (folder / "picture.png").write_bytes(b"x")
        assert [page.slug for page in tree.pages] == ["a", "b"]

    def test_an_index_page_has_its_folders_name(self, folder: Path) -> None:
        tree = written(folder, redis__index="# Redis\n\nx\n", kafka__README="x\n")
        assert [page.slug for page in tree.pages] == ["kafka", "redis"]

    def test_of_two_files_with_one_name_each_takes_its_folders(self, folder: Path) -> None:
        tree = written(folder, redis__down="x", kafka__down="x", up="x")
        assert [page.slug for page in tree.pages] == ["up", "kafka-down", "redis-down"]

    def test_two_that_not_even_their_folders_tell_apart(self, folder: Path) -> None:
        tree = written(folder, a__x__down="x", b__x__down="x")
        assert [page.slug for page in tree.pages] == ["x-down"]
        assert "would have the address of" in tree.unread[0].why

    def test_a_file_named_twice_is_read_once(self, folder: Path) -> None:
        written(folder, a="x")
        assert len(read_tree([folder / "a.md", folder]).pages) == 1


class TestLinks:
    def linked(self, folder: Path, text: str) -> str:
        tree = written(folder, here__page=text, here__disk="x", there__index="x")
        return next(page.body for page in tree.pages if page.slug == "page").strip()

    @pytest.mark.parametrize(
        ("link", "leads"),
        [
            ("disk.md", "/runbooks/disk/"),
            ("./disk.md#check", "/runbooks/disk/#check"),
            ("../there/index.md", "/runbooks/there/"),
            # As sites with addresses of their own have it.
            ("../there/", "/runbooks/there/"),
            ("../../there", "/runbooks/there/"),
            ("disk", "/runbooks/disk/"),
            ("../disk/", "/runbooks/disk/"),
        ],
    )
    def test_to_another_page_they_lead_to_its_runbook(
        self, folder: Path, link: str, leads: str
    ) -> None:
        assert self.linked(folder, f"See [it]({link}).") == f"See [it]({leads})."

    @pytest.mark.parametrize(
        "text",
        [
            "[a](https://example.org/disk.md)",
            "[a](#check)",
            "[a](nowhere.md)",
            "[a](mailto:disk.md)",
            "`[a](disk.md)`",
            "``a ` [a](disk.md)``",
            "```\n[a](disk.md)\n```",
        ],
    )
    def test_others_and_code_stay(self, folder: Path, text: str) -> None:
        assert self.linked(folder, text) == text

    def test_the_title_of_a_link_stays(self, folder: Path) -> None:
        text = self.linked(folder, 'See [it](<disk.md> "The disk").')
        assert text == 'See [it](</runbooks/disk/> "The disk").'
