"""The replies to STOP, START and HELP where we answer and the carrier does not.

A confirmation says only that it was done, without marketing (47 CFR 64.1200(a)(12)); HELP names the business, how to
reach it, how often it texts, the rates line and STOP (CTIA Messaging Principles 2023). Plain ASCII, so that a usual
business name leaves them one segment.
"""

from typing import Final

DEFAULT_FREQUENCY: Final = "Msg frequency varies"


def stop_reply(business: str, contact: str) -> str:
    """Confirm an opt-out; `contact` is a phone number or e-mail address for help."""
    return f"{business}: you're unsubscribed and won't get more texts. Reply START to rejoin. Help: {contact}"


def start_reply(business: str, frequency: str = DEFAULT_FREQUENCY, *, again: bool = True) -> str:
    """Confirm an opt-in; `frequency` as below. `again`: they had opted out before."""
    subscribed = "subscribed again" if again else "subscribed"
    return f"{business}: you're {subscribed}. {_terms(frequency)} Reply HELP for help, STOP to opt out."


def help_reply(business: str, contact: str, frequency: str = DEFAULT_FREQUENCY) -> str:
    """Answer HELP; `frequency` is the promise made at opt-in, such as "Up to 4 msgs/month"."""
    return f"{business} texts: help at {contact}. {_terms(frequency)} Reply STOP to opt out."


def _terms(frequency: str) -> str:
    return f"{frequency.rstrip('. ')}. Msg & data rates may apply."
