"""Text to terms."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.stems import stem
from incidents.lookup.terms import (
    LONGEST_TERM,
    MOST_TERMS,
    asked,
    indexed,
    names_in,
    neighbours,
    plain,
    written,
)


def test_it_works() -> None:
    terms, pairs = asked("KubePodCrashLooping: the pod is restarting")
    assert terms == ("kubepodcrashloop", "kube", "pod", "crash", "loop", "restart")
    assert ("pod", "crash") in pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KubePodCrashLooping", "kubepodcrashloop kube pod crash loop"),
        ("kube_pod_crash_looping", "kubepodcrashloop kube pod crash loop"),
        ("kube-pod-crash-looping", "kubepodcrashloop kube pod crash loop"),
        ("kubepodcrashlooping", "kubepodcrashloop"),
        ("KubeAPIErrors", "kubeapierror kube api error"),
        ("OOMKilled", "oomkil oom kill"),
        ("unicorn.worker_processes", "unicornworkerprocess workerprocess unicorn worker process"),
        ("Größe CAFÉ", "gross cafe"),
        ("see INC-4.", "see inc4"),
        ("k8s 5xx http2", "k8s 5xx http2"),
        ("日本語 مرحبا", "日本語 مرحبا"),
        ("🔥 -- ' \x00 \" *", ""),
    ],
)
def test_names_are_split_and_kept_whole(text: str, expected: str) -> None:
    assert " ".join(indexed(text)) == expected


@pytest.mark.parametrize(
    "noise",
    [
        "503",
        "10s",
        "25%",
        "512MiB",
        "10.0.12.7:8080",
        "10.0.0.0/8",
        "fe80::1:2:3:4",
        "7c9f8d6b5",
        "x2x9k",
        "2f1e8a9c-7b3d-4e5f-8a9b-0c1d2e3f4a5b",
        "2019-12-24T22:30:01Z",
        "the",
        "x",
    ],
)
def test_noise_is_not_asked_for(noise: str) -> None:
    assert asked(f"latency {noise} rises").terms == ("latenc", "rise")


@pytest.mark.parametrize("word", ["k8s", "5xx", "http2", "p99", "deadbeef", "down", "not"])
def test_what_only_looks_like_noise_is_asked_for(word: str) -> None:
    assert word in asked(f"latency {word}").terms


@pytest.mark.parametrize("text", ["503", "to be", "10.0.12.7", "x"])
def test_noise_is_asked_for_where_nothing_else_is_left(text: str) -> None:
    assert asked(text).terms == tuple(dict.fromkeys(indexed(text)))


def test_noise_is_no_part_of_a_phrase() -> None:
    assert asked("502 504").pairs == ()
    assert neighbours(["the", "disk", "is", "not", "full", "full", "disk"]) == [
        ("not", "full"),
        ("full", "disk"),
    ]


def test_a_name_with_a_made_up_part_has_no_whole() -> None:
    assert asked("web-7c9f8d6b5-x2x9k").terms == ("web",)


def test_of_too_many_terms_the_names_are_kept() -> None:
    text = " ".join(f"word{letter}" for letter in map(chr, range(0x4E00, 0x4F00)))

    terms = asked(f"{text} KubePodCrashLooping").terms

    assert len(terms) == MOST_TERMS
    assert terms[0] == "kubepodcrashloop"


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    terms = asked("first " + "filling " * 100_000 + "last").terms
    assert terms == ("first", "fill", "last")


def test_a_paste_of_a_megabyte_takes_no_longer_than_a_page() -> None:
    text = "Aa_b.c:d-" * 120_000
    begun = time.process_time()
    asked(text)
    # All of it would take three seconds of a processor, its ends a hundredth of that.
    assert time.process_time() - begun < 1


@given(st.text())
def test_a_term_is_never_empty_long_or_anything_but_letters_and_digits(text: str) -> None:
    terms = {*indexed(text), *asked(text).terms}
    assert all(len(term) <= LONGEST_TERM for term in terms)
    assert all(term.isalnum() for term in terms)


@given(st.text())
def test_what_is_asked_for_is_what_is_indexed(text: str) -> None:
    terms, pairs = asked(text)
    assert set(terms) <= set(indexed(text))
    assert {word for pair in pairs for word in pair} <= set(terms)


@given(st.text(alphabet="aA1é_-. :\u0301ıİInNcC-4"))
def test_what_is_marked_on_a_page_is_what_is_indexed(text: str) -> None:
    assert indexed(text) == [term for _, _, name in names_in(plain(text)) for term in name.terms]


def test_what_is_written_is_what_the_terms_are_stems_of() -> None:
    assert written("KubePodCrashLooping, see INC-4") == {
        "kubepodcrashlooping", "kube", "pod", "crash", "looping", "see", "inc4",
    }  # fmt: skip


@given(st.text())
def test_so_it_is_of_any_text(text: str) -> None:
    assert set(map(stem, written(text))) == set(indexed(text))
