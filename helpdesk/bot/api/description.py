"""What the calls are, for programs (OpenAPI) and for the people who write them. No script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.web.access import public

METHODS = ("get", "post", "put", "patch", "delete")

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "description": "What is wrong, by field."},
    },
}


@dataclass(frozen=True)
class Call:
    """One call, as the page lists it."""

    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    fields: tuple[tuple[str, str, str], ...]
    answers: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"{self.method}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}".lower()


def init_app(app: APIFlask) -> None:
    """Open the description to everybody, and show it as a page."""
    public(app.view_functions["openapi.spec"])
    app.config.update(HTTP_ERROR_SCHEMA=PROBLEM, VALIDATION_ERROR_SCHEMA=PROBLEM)
    app.spec_processor(_name_problems)

    blueprint = Blueprint("bot_api_docs", __name__)

    @blueprint.get("/api/v1/docs")
    @public
    def docs() -> ResponseReturnValue:
        calls = tuple(calls_of(app.spec if isinstance(app.spec, dict) else {}))
        return render_template("bot/api.html", calls=calls)

    app.register_blueprint(blueprint)


def _name_problems(spec: dict[str, Any] | str) -> dict[str, Any] | str:  # Any: JSON
    """Say of every refusal that it comes as application/problem+json."""
    paths = spec.get("paths", {}) if isinstance(spec, dict) else {}
    operations = (one for path in paths.values() for one in path.values() if isinstance(one, dict))
    for operation in operations:
        for status, answer in operation.get("responses", {}).items():
            if str(status)[0] in "45" and "application/json" in answer.get("content", {}):
                answer["content"] = {"application/problem+json": answer["content"]["application/json"]}
    return spec


def calls_of(spec: Mapping[str, Any]) -> Iterator[Call]:  # Any: JSON
    """Every call that an OpenAPI description lists."""
    for path, operations in spec.get("paths", {}).items():
        for method in METHODS:
            if method in operations:
                yield _call(spec, method, path, operations[method])


def _call(spec: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Call:
    return Call(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", path),
        description=operation.get("description", ""),
        needs_token=bool(operation.get("security")),
        fields=tuple(_fields(spec, operation)),
        answers=tuple((str(status), one.get("description", "")) for status, one in operation["responses"].items()),
    )


def _fields(spec: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        meaning = parameter.get("description", schema.get("description", ""))
        yield parameter["name"], str(schema.get("type", "")), meaning
    content = operation.get("requestBody", {}).get("content", {})
    for body in content.values():
        schema = _resolved(spec, body.get("schema", {}))
        for name, field in schema.get("properties", {}).items():
            needed = "" if name in schema.get("required", ()) else "optional. "
            yield name, _kind(field), f"{needed}{field.get('description', '')}".strip()


def _kind(field: Mapping[str, Any]) -> str:
    return " or ".join(field["enum"]) if "enum" in field else str(field.get("type", ""))


def _resolved(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(schema.get("$ref", ""))
    if not reference:
        return schema
    found: Mapping[str, Any] = spec["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found
