"""Work that nobody waits for."""

import pytest
from django.core.signals import request_finished
from django.http import HttpResponse, JsonResponse

from incidents.lib.answer_then import AnswerThen

# The end of a request looks after the connection that an earlier test may have left open.
pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    done: list[str] = []
    answer = AnswerThen(HttpResponse("the answer"), lambda: done.append("work"))
    assert answer.content == b"the answer"
    assert done == []
    answer.close()
    assert done == ["work"]


def test_the_answer_is_the_same() -> None:
    given = JsonResponse({"a": 1}, status=202, headers={"X-Said": "yes"})
    given.set_cookie("seen", "1")
    answer = AnswerThen(given, lambda: None)
    assert answer.status_code == 202
    assert answer.headers == given.headers
    assert answer.cookies["seen"].value == "1"
    answer.close()


def test_it_is_done_once() -> None:
    done: list[str] = []
    answer = AnswerThen(HttpResponse(), lambda: done.append("work"))
    answer.close()
    answer.close()
    assert done == ["work"]


def test_where_the_work_fails_the_request_ends_all_the_same() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    ended: list[object] = []

    def note(**signal: object) -> None:
        ended.append(signal)

    request_finished.connect(note)
    try:
        with pytest.raises(ZeroDivisionError):
            AnswerThen(HttpResponse(), fail).close()
    finally:
        request_finished.disconnect(note)
    assert len(ended) == 1
