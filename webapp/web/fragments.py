"""What HTMX asks for: fragments with a version, 304 when nothing changed, redirects, and toasts.

A polled element carries ``hx-ptag="VERSION"``; the ``hx-ptag`` extension sends it as ``HX-PTag`` and takes the next
one from the answer's header of that name.
"""

from __future__ import annotations

import json
from typing import Any, cast

from flask import Response, flash, get_flashed_messages, make_response, redirect, request
from flask.typing import ResponseReturnValue

_PTAG = "HX-PTag"


def is_fragment() -> bool:
    """Whether a page's own HTMX asks, rather than the address bar. A door for both answers ``Vary: HX-Request``."""
    return request.headers.get("HX-Request") == "true"


def unchanged(version: int | str) -> bool:
    """Whether the asker already shows this version."""
    return request.headers.get(_PTAG) == str(version)


def not_modified() -> Response:
    """304 without a body: htmx leaves the page as it is, and polls on."""
    return Response(status=304)


def tagged(html: str, version: int | str) -> Response:
    """A fragment, with the version that the next poll sends back."""
    response = make_response(html)
    response.headers[_PTAG] = str(version)
    return response


def go_to(url: str) -> ResponseReturnValue:
    """After a form: the browser goes on to ``url``, whether the form was sent by htmx or by itself."""
    if is_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


def toast(text: str, *, undo: str | None = None) -> None:
    """A short message on the next page shown. ``undo`` is an address that takes the act back by POST, for 10 s."""
    flash(json.dumps({"text": text, "undo": undo}), "toast")


def toasts() -> list[dict[str, Any]]:
    """The messages that this page shows, each with ``text`` and ``undo``; asking takes them away."""
    messages = cast(list[str], get_flashed_messages(category_filter=["toast"]))
    return [json.loads(message) for message in messages]


def with_toast(response: Response, text: str, *, undo: str | None = None) -> Response:
    """The same message, along with a fragment."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo}})
    return response
