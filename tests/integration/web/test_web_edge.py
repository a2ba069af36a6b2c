"""What comes in at the edge, however odd, gets a clear answer and never a fault."""

import gzip

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from helpdesk.web.access import public


@pytest.mark.parametrize("host", ["a..b", ".", "..:80", "x" * 64 + ".org", "a b", "a/b", "[::1", "host:port"])
def test_a_host_that_can_be_no_name_is_refused(app, host):
    assert FlaskClient(app).get("/healthz", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "help.example.org:8443", "127.0.0.1:8000", "[::1]:80"])
def test_every_honest_host_is_served(app, host):
    assert FlaskClient(app).get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("depth", [100, 985, 986, 987, 988, 989, 100_000])
def test_json_of_any_depth_is_no_fault(app, depth):
    client = FlaskClient(app)
    made = client.post("/api/v1/conversations", json={}).get_json()
    body = '{"text":' + "[" * depth + "]" * depth + "}"

    answer = client.post(
        f"/api/v1/conversations/{made['id']}/messages",
        data=body,
        headers={"Authorization": f"Bearer {made['token']}", "Content-Type": "application/json"},
    )

    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_only_what_was_found_may_be_kept_for_a_year(client):
    assert client.get("/static/nothing.css?v=1").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["a", "=", "x" * 42, "../../etc"])
def test_a_chat_token_that_is_not_ours_is_replaced(client, token):
    client.set_cookie("chat", token)

    client.submit(client.get("/"), button="Send", text="lost my phone")

    kept = client.get_cookie("chat")
    assert kept is not None
    assert kept.value != token


def test_a_database_that_does_not_answer_is_said_to_programs_and_people(app, client, monkeypatch):
    def busy() -> str:
        raise OperationalError("statement", {}, Exception("database is locked"))

    monkeypatch.setitem(app.view_functions, "pages.privacy", public(busy))

    answer = client.get("/privacy")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.has("your text is still there")


def test_style_and_script_are_sent_packed_and_pages_never_are(app):
    client = FlaskClient(app)
    path = "/static/vendor/nhsuk-frontend/nhsuk-frontend.min.css"
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(path)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 5 < len(plain.data)
    assert packed.mimetype == plain.mimetype == "text/css"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_a_packed_file_that_the_browser_has_is_not_sent_again(app):
    client, path = FlaskClient(app), "/static/chat.js"
    known = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]

    assert client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": known}).status_code == 304
    assert client.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers["ETag"] != known


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "nothing.css", "vendor", "/etc/passwd"])
def test_only_files_of_the_static_folder_are_sent(app, path):
    assert FlaskClient(app).get(f"/static/{path}", headers={"Accept-Encoding": "gzip"}).status_code in {404, 308}
