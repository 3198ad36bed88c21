"""What we answer to STOP, START and HELP: the account's own words, or the standard ones."""

from __future__ import annotations

from webapp.accounts.settings import AccountSettings
from webapp.rules import replies

#: In place of what the account has not filled in yet.
_WE, _HERE = "We", "this number"


def words(intent: str, settings: AccountSettings, *, again: bool = True) -> str:
    """The answer to ``stop``, ``start`` or ``help``. ``again``: who starts now had opted out before."""
    return _own(intent, settings) or standard(intent, settings, again=again)


def standard(intent: str, settings: AccountSettings, *, again: bool = True) -> str:
    """Likewise, as it is where the account has no words of its own."""
    business, contact = settings.business_name or _WE, settings.business_contact or _HERE
    if intent == "stop":
        return replies.stop_reply(business, contact)
    if intent == "start":
        return replies.start_reply(business, settings.message_frequency, again=again)
    return replies.help_reply(business, contact, settings.message_frequency)


def _own(intent: str, settings: AccountSettings) -> str:
    own = {"stop": settings.stop_reply, "start": settings.start_reply, "help": settings.help_reply}
    return own.get(intent, "")
