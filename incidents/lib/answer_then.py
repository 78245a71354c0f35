"""Work that nobody waits for: done when the answer has gone out."""

from collections.abc import Callable

from django.http import HttpResponse


class AnswerThen(HttpResponse):
    """The same answer, after which `do` is called once.

    By then the server has sent it: WSGI has it call `close` after the last byte. The thread that
    answered does the work, so it has to be short.
    """

    def __init__(self, answer: HttpResponse, do: Callable[[], None]) -> None:
        super().__init__(answer.content, status=answer.status_code, headers=dict(answer.headers))
        self.cookies = answer.cookies
        self._do: Callable[[], None] | None = do

    def close(self) -> None:
        do, self._do = self._do, None
        try:
            if do is not None:
                do()
        finally:
            super().close()
