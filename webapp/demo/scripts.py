"""What is texted in the demo, from files of plain text; ``{…}`` is filled in for each conversation."""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent / "data"


def _talks(file: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(talk.splitlines()) for talk in (_DATA / file).read_text("utf-8").strip().split("\n\n"))


#: To and fro, first line first. A line that begins with "> " is the lead's.
CONVERSATIONS = _talks("conversations.txt")

#: What came of it when somebody answered a campaign: theirs first.
CAMPAIGN_REPLIES = _talks("campaign_replies.txt")

#: Without an answer so far: the first text, then one every week or so, in this order.
OUTREACH = tuple((_DATA / "outreach.txt").read_text("utf-8").splitlines())

OFFER_DECLINED = ("> No thanks, we are staying put", "Thanks for telling me. I won't ask again.")

#: Told to stop: the lead's word after one to three of the texts above.
STOPS = ("STOP", "Stop", "stop", "STOP", "Unsubscribe", "STOP", "Opt out")

#: The same after a campaign's text.
CAMPAIGN_STOPS = ("STOP", "Stop.", "STOP", "stop", "STOP")

#: Enquiries that a manager resolved without an answer.
RESOLVED = (
    "Oops, that was meant for the plumber. Sorry!",
    "Never mind, found the address on your website. Thanks!",
)
