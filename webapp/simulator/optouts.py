"""Twilio's default opt-out handling for long codes: keywords, replies, and who is blocked (facts of November 2026)."""

from enum import Enum

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})


class Keyword(Enum):
    STOP = "stop"
    START = "start"
    HELP = "help"


REPLIES = {
    Keyword.STOP: "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    Keyword.START: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    Keyword.HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword_in(body: str) -> Keyword | None:
    """The keyword that is the whole trimmed body, in any case: "STOP PLEASE" is none."""
    word = body.strip().upper()
    if word in STOP_WORDS:
        return Keyword.STOP
    if word in START_WORDS:
        return Keyword.START
    return Keyword.HELP if word in HELP_WORDS else None


def key(phone: str, scope: str) -> str:
    """The block is held per recipient and `scope`: a sender's Messaging Service, or a number that is in none."""
    return f"{phone} {scope}"
