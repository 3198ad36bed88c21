"""Fields that forms of every room are made of."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField


class WholeNumberField(IntegerField):
    """A whole number. What is none is told by the words that the field has for a number out of range."""

    def __init__(self, label: str, validators: list[Any], *, asked: str, **given: Any) -> None:  # noqa: ANN401 (WTForms' own)
        super().__init__(label, validators, **given)
        self._asked = asked

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self._asked) from None
