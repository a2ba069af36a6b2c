"""JSON that programs send, read strictly: what two readers could take for two things is refused."""

import json
from typing import NoReturn

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

# Deeper nesting than any reader of JSON could follow without running out of stack needs more than these.
MOST_BRACKETS = 200


def ensure_strict_json() -> None:
    """Refuse a body of another type (415), and one that is not JSON or that can be read in two ways (400)."""
    if not request.content_length and not request.get_data(cache=True):
        return
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        _ensure_shallow(request.get_data(cache=True))
        body = json.loads(request.get_data(cache=True), parse_constant=_refuse, object_pairs_hook=_without_doubles)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # UnicodeError is a ValueError
        raise BadRequest from error


def _ensure_shallow(data: bytes) -> None:
    """Ours are two deep. Counting also brackets inside texts is fine: nobody sends so many."""
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise ValueError("too many brackets")


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is there twice")
    return values
