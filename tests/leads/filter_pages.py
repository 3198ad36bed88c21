"""Pages of filters and lists as tests read them."""

from __future__ import annotations

import html
import re
from typing import Any

from werkzeug.datastructures import MultiDict

from tests.accounts.conftest import Visitor

TEXAS: dict[str, Any] = {"conditions": [{"field": "state", "op": "is", "value": ["TX"]}]}


def fields(page: str, form: str) -> MultiDict[str, str]:
    """What a browser would send of a form, buttons left aside."""
    inside = re.search(rf'<form[^>]*id="{form}".*?</form>', page, re.DOTALL)
    assert inside
    sent: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", inside[0]):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and " disabled" not in tag and 'type="checkbox"' not in tag:
            sent.add(name[1], html.unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)".*?>(.*?)</select>', inside[0], re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        sent.add(name, next((value for value, selected in values if selected), values[0][0]))
    return sent


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def link(page: str, words: str) -> str:
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{words}</a>', page)
    assert found, words
    return html.unescape(found[1])


def ask(visitor: Visitor, **given: Any) -> str:
    answer = visitor.client.get("/leads", query_string=given)
    assert answer.status_code == 200
    return answer.text
