"""Each request gets a number that stands on all its log lines and in its answer, so that a complaint can be traced."""

import secrets
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request", default="-")


def numbered(get_response):
    """Django middleware. The number is always ours: one that a stranger sends could forge the log."""

    def answer(request):
        request.number = number = secrets.token_hex(6)
        token = current.set(number)
        try:
            response = get_response(request)
        finally:
            current.reset(token)
        response.headers["X-Request-ID"] = number
        return response

    return answer
