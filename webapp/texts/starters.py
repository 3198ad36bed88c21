"""Templates to begin with. Each says who writes, fits one segment for most people, and promises nothing."""

from __future__ import annotations

from typing import NamedTuple


class Starter(NamedTuple):
    """``key`` names it in addresses."""

    key: str
    name: str
    category: str
    body: str


_HI = 'Hi {{ first_name | default("there") }}, '
# A field that is empty for somebody would keep the text back: each has a default.
_ME = '{{ my_name | default("the team") }}'
_IT_IS = _HI + f"it's {_ME}. "

STARTERS = (
    Starter(
        "first-answer",
        "First answer",
        "New enquiry",
        _HI + f"it's {_ME} with " + "{{ business_name }}. Thanks for reaching out! When is a good time to talk?",
    ),
    Starter(
        "no-answer-yet",
        "No answer yet",
        "New enquiry",
        _IT_IS + "Are you still looking? I am happy to help, or to leave you be: just tell me.",
    ),
    Starter(
        "missed-call",
        "Missed your call",
        "Calls",
        _IT_IS + "Sorry I missed your call. Can I ring you back this afternoon, or is a text better?",
    ),
    Starter(
        "tour-reminder",
        "Tour tomorrow",
        "Appointments",
        _IT_IS + "Looking forward to tomorrow. Does the time still work for you?",
    ),
    Starter(
        "after-the-tour",
        "After the tour",
        "Appointments",
        _IT_IS + "Thanks for coming by! What did you think of the home?",
    ),
    Starter(
        "open-house-thanks",
        "Thanks for visiting",
        "Open house",
        _HI + f"thanks for stopping by our open house! It's {_ME}. Any questions I can answer for you?",
    ),
)


def find(key: str) -> Starter | None:
    """The starter with this key, if any."""
    return next((starter for starter in STARTERS if starter.key == key), None)
