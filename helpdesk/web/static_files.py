"""Style sheets and scripts, packed once for all visitors.

Pages are never packed: they hold secrets beside what people typed, and the size of the two together tells (BREACH).
"""

import gzip
import hashlib
from functools import cache
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, current_app, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from helpdesk.web.access import public

PACKED = (".css", ".js", ".svg")
SMALLEST_SIZE = 9


def init_app(app: Flask) -> None:
    """Send text files packed to browsers that can read that, which are all of today's."""
    app.view_functions["static"] = public(send)


def send(filename: str) -> Response:
    """A file of the static folder."""
    found = safe_join(str(current_app.static_folder), filename)
    if not filename.endswith(PACKED) or found is None or not _is_file(Path(found)):
        return current_app.send_static_file(filename)
    answer = _packed_answer(Path(found)) if _reads_gzip() else _answer(Path(found), Path(found).read_bytes())
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


def _packed_answer(path: Path) -> Response:
    answer = _answer(path, _packed(path, path.stat().st_mtime_ns))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _answer(path: Path, content: bytes) -> Response:
    kind, _ = guess_type(path.name)
    return send_file(BytesIO(content), mimetype=kind, etag=hashlib.sha256(content).hexdigest()[:16])


def _reads_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


@cache
def _packed(path: Path, _changed_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), SMALLEST_SIZE, mtime=0)
