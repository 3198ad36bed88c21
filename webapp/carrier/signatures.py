"""Is this request from Twilio? The signature rules of its Request Validation page, with every trap closed.

The signed text is the address as configured at Twilio (never as the request's Host header says), then each parameter
name with its value, names in order, no separators; a repeated name gives each different value once, in order.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hmac import compare_digest, digest
from typing import Protocol
from urllib.parse import urlsplit

FORM_TYPE = "application/x-www-form-urlencoded"
_DEFAULT_PORTS = {"https": 443, "http": 80}
_PORT = re.compile(r":\d+$")
_HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


class Headers(Protocol):
    """A request's headers, names in any letters, such as werkzeug's."""

    def get(self, name: str, /) -> str | None: ...


class MultiForm(Protocol):
    """A form that keeps repeated names, such as werkzeug's."""

    def lists(self) -> Iterable[tuple[str, Sequence[str]]]: ...


Form = MultiForm | Mapping[str, Sequence[str]] | Mapping[str, str]


def is_form(content_type: str | None) -> bool:
    """True for the one kind of body whose signature covers it. A JSON body must be turned away: with no form fields
    its signature covers the address alone."""
    return (content_type or "").partition(";")[0].strip().lower() == FORM_TYPE


def verify(base_url: str, raw_path_qs: str, form: Form, headers: Headers, tokens: Sequence[str]) -> bool:
    """True if one of ``tokens`` signed this POST.

    ``base_url`` is APP_URL, ``raw_path_qs`` the undecoded path with its query, ``form`` every field
    (``request.form``), ``headers`` the request's.

    A ``bodySHA256`` in the query promises a hash of a body that is no form: refused, since nothing here checks it.
    """
    signature = headers.get("X-Twilio-Signature")
    hash_name = _HASHES.get(_algorithm(headers.get("X-Twilio-Webhooks-Signature-Settings")))
    if not signature or hash_name is None or "bodySHA256" in raw_path_qs:
        return False
    given = signature.encode("utf-8", "replace")
    rest = (raw_path_qs + "".join(_signed_fields(form))).encode("utf-8", "surrogatepass")
    texts = [origin + rest for origin in _origins(base_url)]
    return any([compare_digest(_signed(token, text, hash_name), given) for token in tokens if token for text in texts])


def field_lists(form: Form) -> Iterable[tuple[str, Sequence[str]]]:
    """Each name of ``form`` with all its values, for any of the shapes that a form has."""
    if hasattr(form, "lists"):
        return form.lists()
    return [(name, (values,) if isinstance(values, str) else values) for name, values in form.items()]


def _signed_fields(form: Form) -> Iterator[str]:
    for name, values in sorted(field_lists(form)):
        for value in values if len(values) == 1 else sorted(set(values)):
            yield name
            yield value


def _signed(token: str, text: bytes, hash_name: str) -> bytes:
    return b64encode(digest(token.encode(), text, hash_name))


def _algorithm(settings: str | None) -> str:
    """From ``key=…,algorithm=HMAC_SHA256``; without the header, the classic token signature."""
    for part in (settings or "").split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm":
            return value.strip().upper()
    return "HMAC_SHA1"


@lru_cache(maxsize=16)
def _origins(base_url: str) -> tuple[bytes, ...]:
    """``base_url`` without a port and with one, letters as configured: Twilio signs either."""
    parts = urlsplit(base_url.rstrip("/"))
    bare = _PORT.sub("", parts.netloc)
    full = f"{bare}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"
    return tuple(f"{parts.scheme}://{netloc}{parts.path}".encode() for netloc in (bare, full))
