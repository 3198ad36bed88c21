"""Checks answers against Twilio's own OpenAPI description, as the npm package @twilio-alpha/mcp ships it."""

import json
import re
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SPECS = Path(__file__).parents[2] / "node_modules/@twilio-alpha/mcp/twilio-oai/spec/json"
FILES = {
    "conversations": "twilio_conversations_v1.json",
    "messaging": "twilio_messaging_v1.json",
    "api": "twilio_api_v2010.json",
}

formats = FormatChecker(["date-time"])


@formats.checks("date-time-rfc-2822", raises=ValueError)
def _is_rfc_2822(value: object) -> bool:
    return not isinstance(value, str) or parsedate_to_datetime(value) is not None


@formats.checks("uri")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or value.startswith(("http://", "https://", "/2010-04-01/"))


@formats.checks("http-method")
def _is_method(value: object) -> bool:
    return value in (None, "GET", "POST")


class Spec:
    """One product's description: from a request and its answer to the schema that the answer must meet."""

    def __init__(self, product: str) -> None:
        self.product = product
        self.document = _load(product)
        self._registry = Registry().with_resource("urn:spec", Resource.from_contents(self.document, DRAFT4))
        self._paths = [(_pattern(path), path) for path in self.document["paths"]]

    def check(self, method: str, path: str, status: int, body: Any) -> None:
        """Raise AssertionError unless the description allows this answer, key for key."""
        template = self.template(path)
        operation = self.document["paths"][template].get(method.lower())
        assert operation, f"Twilio has no {method} {template}"
        assert str(status) in operation["responses"], f"{method} {template} does not answer {status}"
        content = operation["responses"][str(status)].get("content")
        if content is None:
            assert body is None, f"{method} {template} answers {status} with a body"
            return
        schema = content["application/json"]["schema"]
        self._check_values(schema, body, f"{method} {template}")
        self._check_keys(schema, body, f"{method} {template}")

    def template(self, path: str) -> str:
        matches = [template for pattern, template in self._paths if pattern.fullmatch(path)]
        assert matches, f"Twilio has no {path}"
        # A fixed word beats a name: /Configuration/Webhooks is not an address.
        return str(min(matches, key=lambda template: template.count("{")))

    def _check_values(self, schema: dict[str, Any], body: object, where: str) -> None:
        rooted = json.loads(json.dumps(schema).replace('"#/', '"urn:spec#/'))
        validator = OAS30Validator(rooted, registry=self._registry, format_checker=formats)
        errors = [error for error in validator.iter_errors(body) if not _is_status_before_sending(error)]
        assert not errors, f"{where}: {[(list(error.absolute_path), error.message) for error in errors]}"

    def _check_keys(self, schema: dict[str, Any], body: Any, where: str) -> None:
        """Twilio leaves no key out: absent is null."""
        schema = self._resolve(schema)
        if isinstance(body, dict):
            absent = set(schema.get("properties", {})) - set(body)
            assert not absent, f"{where}: {sorted(absent)} are missing"
            for key, inner in schema.get("properties", {}).items():
                self._check_keys(inner, body[key], f"{where} {key}")
        if isinstance(body, list):
            for item in body:
                self._check_keys(schema.get("items", {}), item, where)

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = self.document["components"]["schemas"][name]
        return schema


@cache
def spec_of(product: str) -> Spec:
    return Spec(product)


def check_answer(method: str, url: str, status: int, text: str) -> None:
    """Check one answer of the simulator. `mcs` is in no description; errors are in none, but all have one form."""
    _, product, path = urlsplit(url).path.split("/", 2)
    if status >= 400:
        _check_error(status, json.loads(text))
    elif product in FILES:
        spec_of(product).check(method, f"/{path}", status, json.loads(text) if text else None)


def operation_of(method: str, path: str) -> tuple[str, str, str]:
    """(product, method, path template in Twilio's description) of a request to the simulator."""
    _, product, rest = urlsplit(path).path.split("/", 2)
    return product, method, spec_of(product).template(f"/{rest}")


def largest_page_of(method: str, path: str) -> int | None:
    """The largest PageSize that the description allows; None where the operation has no pages."""
    product, _, template = operation_of(method, path)
    operation = spec_of(product).document["paths"][template][method.lower()]
    sizes = [field["schema"]["maximum"] for field in operation.get("parameters", []) if field["name"] == "PageSize"]
    return sizes[0] if sizes else None


def _check_error(status: int, body: dict[str, Any]) -> None:
    assert set(body) == {"code", "message", "more_info", "status"}
    assert body["status"] == status
    assert isinstance(body["code"], int)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{body['code']}"


def _is_status_before_sending(error: Any) -> bool:
    """The one place where Twilio's documentation and its description differ: a receipt's status is null at first."""
    return error.instance is None and list(error.absolute_path)[-1:] == ["status"]


@cache
def _load(product: str) -> dict[str, Any]:
    path = SPECS / FILES[product]
    if not path.exists():
        pytest.fail(f"{path.relative_to(Path.cwd())} is missing: run `npm ci`", pytrace=False)
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+?", re.escape(path)))
