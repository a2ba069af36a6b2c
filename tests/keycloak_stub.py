"""Keycloak's admin REST interface as its documentation tells it, for the few calls that are used, over real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

REALM = "pharmacy"
ADMIN = f"/admin/realms/{REALM}"
CLIENT, SECRET = "helpdesk", "a secret of the tests only"


@dataclass
class Keycloak:
    """The realm: its users by id, their credentials, and what was asked for."""

    users: dict[str, str] = field(default_factory=dict)
    # Credential id to its kind, for each user.
    credentials: dict[str, dict[str, str]] = field(default_factory=dict)
    # A realm whose search does not know `exact` answers like this, too.
    matches_prefixes: bool = False
    # What goes wrong at every call but the token's: a status, or 0.
    trouble: int = 0
    accepts: str = SECRET
    # Method and path after the realm, with its query; only what changes something.
    changes: list[str] = field(default_factory=list)
    bodies: list[object] = field(default_factory=list)
    port: int = 0

    @property
    def provider_url(self) -> str:
        return f"keycloak+http://127.0.0.1:{self.port}/realms/{REALM}?client={CLIENT}"

    def add(self, user: str, email: str, **credentials: str) -> None:
        self.users[user] = email
        self.credentials[user] = credentials


def make(realm: Keycloak) -> Flask:
    """The application that answers for this realm."""
    app = Flask("keycloak")
    _keep_the_door(app, realm)
    _answer_about_users(app, realm)
    _act_on_users(app, realm)
    return app


def _keep_the_door(app: Flask, realm: Keycloak) -> None:
    @app.before_request
    def refuse() -> ResponseReturnValue | None:
        if request.path.endswith("/token"):
            return None
        if request.headers.get("Authorization") != "Bearer of-the-service":
            return {"error": "HTTP 401 Unauthorized"}, 401
        if request.method != "GET":
            realm.changes.append(f"{request.method} {request.full_path.removeprefix(ADMIN).rstrip('?')}")
            realm.bodies.append(request.get_json(silent=True))
        return ({"error": "unknown_error"}, realm.trouble) if realm.trouble else None

    @app.post(f"/realms/{REALM}/protocol/openid-connect/token")
    def token() -> ResponseReturnValue:
        form = request.form
        is_right = (form["grant_type"], form["client_id"]) == ("client_credentials", CLIENT)
        if not is_right or form["client_secret"] != realm.accepts:
            return {"error": "unauthorized_client"}, 401
        return {"access_token": "of-the-service", "expires_in": 60}


def _answer_about_users(app: Flask, realm: Keycloak) -> None:
    @app.get(f"{ADMIN}/users")
    def users() -> Response:
        wanted, exact = request.args["email"], request.args.get("exact") == "true" and not realm.matches_prefixes
        found = [one for one, email in realm.users.items() if email == wanted or (not exact and wanted in email)]
        return jsonify([{"id": one, "email": realm.users[one], "enabled": True} for one in found])

    @app.get(f"{ADMIN}/users/<user>")
    def one_user(user: str) -> ResponseReturnValue:
        if user not in realm.users:
            return {"error": "User not found"}, 404
        return {"id": user, "email": realm.users[user]}

    @app.get(f"{ADMIN}/users/<user>/credentials")
    def credentials(user: str) -> ResponseReturnValue:
        if user not in realm.users:
            return {"error": "User not found"}, 404
        return jsonify([{"id": one, "type": kind} for one, kind in realm.credentials[user].items()])


def _act_on_users(app: Flask, realm: Keycloak) -> None:
    @app.delete(f"{ADMIN}/users/<user>/credentials/<credential>")
    def remove(user: str, credential: str) -> ResponseReturnValue:
        if realm.credentials.get(user, {}).pop(credential, None) is None:
            return {"error": "Credential not found"}, 404
        return "", 204

    @app.put(f"{ADMIN}/users/<user>/execute-actions-email")
    @app.post(f"{ADMIN}/users/<user>/logout")
    def act(user: str) -> ResponseReturnValue:
        return ("", 204) if user in realm.users else ({"error": "User not found"}, 404)

    @app.delete(f"{ADMIN}/attack-detection/brute-force/users/<user>")
    def clear(user: str) -> ResponseReturnValue:
        return ("", 204) if user in realm.users else ({"error": "User not found"}, 404)


@contextmanager
def running(realm: Keycloak) -> Iterator[Keycloak]:
    """The realm, answering on `realm.port` until the block ends."""
    server = make_server("127.0.0.1", 0, make(realm), threaded=True)
    realm.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield realm
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
