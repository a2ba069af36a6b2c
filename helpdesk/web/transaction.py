"""One commit per request, before the answer leaves; a refusal rolls back."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import make_response
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.db import write_transaction

P = ParamSpec("P")


class _Refused(Exception):
    """Carries a refusal's page past the transaction, so that nothing of it is kept."""

    def __init__(self, response: Response) -> None:
        self.response = response


def commits(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """Keep what the view changed when it answers below 400, and nothing otherwise."""

    @wraps(view)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            with write_transaction():
                response = make_response(view(*args, **kwargs))
                if response.status_code >= 400:
                    raise _Refused(response)
                return response
        except _Refused as refusal:
            return refusal.response

    return in_one_transaction
