"""The conversations that a newcomer sees first, written by hand: who waits, what is snoozed, scheduled or failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from webapp.demo.team import JONAS, MAYA, PRIYA, Member
from webapp.models.constants import ConversationState


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation whose last line ``ago`` is the newest; lines as in ``scripts``.

    ``ago`` None: yesterday evening. ``wrote_first``: nobody asked for the lead's consent.
    """

    first_name: str
    last_name: str
    area: str
    owner: Member | None
    lines: tuple[str, ...]
    ago: timedelta | None
    tags: tuple[str, ...] = ()
    state: ConversationState = ConversationState.OPEN
    wrote_first: bool = False
    doubt: str | None = None
    """The words of the last line that may be an opt-out."""


#: Longest wait first. The top one is where a newcomer opens the lead's phone; the probable opt-out is further down.
WAITING = (
    Opening(
        "Sam",
        "Okafor",
        "512",
        MAYA,
        (
            "Hi Sam, Maya from Bluebonnet Realty. The house on Juniper Street can be seen from today.",
            "> Hi Maya! Yes, still interested. Is the garage big enough for two cars?",
            "It is, with room for bikes at the back.",
            "> Great. Could we see it Saturday morning?",
        ),
        None,
        ("buyer", "hot"),
    ),
    Opening(
        "Elena",
        "Marsh",
        "214",
        None,
        ("> Hello, I saw your sign on Lakeview Drive. Is it still for sale and what is the price?",),
        timedelta(minutes=94),
        ("buyer", "sign call"),
        wrote_first=True,
    ),
    Opening(
        "Victor",
        "Delgado",
        "305",
        MAYA,
        (
            "Hi Victor, Maya from Bluebonnet Realty with new listings in Miami. Any of them look right?",
            "> We bought elsewhere, no more listings please",
        ),
        timedelta(minutes=71),
        ("buyer",),
        doubt="no more listings please",
    ),
    Opening(
        "Grace",
        "Huang",
        "602",
        MAYA,
        (
            "Hi Grace, this is Maya. Your estimate for Desert Willow Way is ready. Shall I send it?",
            "> Yes please, to my e-mail",
            "On its way. Call me with any question.",
            "> Got it. Why is the neighbor's place so much higher?",
        ),
        timedelta(minutes=48),
        ("seller",),
    ),
    Opening(
        "",
        "",
        "850",
        None,
        ("> Is this the number for the rental on Harbor Point",),
        timedelta(minutes=33),
        wrote_first=True,
    ),
    Opening(
        "Omar",
        "Whitaker",
        "718",
        MAYA,
        (
            "Hi Omar, Maya from Bluebonnet Realty. The lender asks for your bank statement. Could you upload it?",
            "> Done!",
            "> Did you get it? The page showed an error at the end",
        ),
        timedelta(minutes=17),
        ("buyer", "under contract"),
    ),
    Opening(
        "Teresa",
        "Lozano",
        "210",
        None,
        ("> Hi! We want to sell my parents' house this spring. What are the first steps?",),
        timedelta(minutes=4),
        ("seller",),
        wrote_first=True,
    ),
)

SNOOZED = (
    Opening(
        "Martha",
        "Ellison",
        "817",
        MAYA,
        (
            "Hi Martha, Maya from Bluebonnet Realty. Are you back from your trip?",
            "> Not yet, flying home at the end of the week. Talk then?",
        ),
        timedelta(days=2, hours=3),
        ("buyer",),
        ConversationState.SNOOZED,
    ),
    Opening(
        "Andre",
        "Bryant",
        "713",
        JONAS,
        (
            "Hi Andre, Jonas from Bluebonnet Realty. Did the bank approve the loan?",
            "> They need until Monday they say",
            "Then I'll ask again on Monday. Fingers crossed!",
        ),
        timedelta(days=1, hours=2),
        ("buyer", "financing"),
        ConversationState.SNOOZED,
    ),
    Opening(
        "Naomi",
        "Kaplan",
        "914",
        PRIYA,
        (
            "Hi Naomi, Priya from Bluebonnet Realty. Shall we look at Mill Pond Road again?",
            "> My husband is away, next week would be better",
        ),
        timedelta(days=3, hours=1),
        ("buyer",),
        ConversationState.SNOOZED,
    ),
)

#: The last line has not gone yet.
SCHEDULED = (
    Opening(
        "Julian",
        "Foster",
        "512",
        MAYA,
        (
            "Hi Julian, Maya from Bluebonnet Realty. The seller on Cedar Bend would like an answer this week.",
            "> I can tell you tomorrow after I talked to my wife",
            "Good morning Julian! Did the two of you decide about Cedar Bend?",
        ),
        timedelta(hours=1),
        ("buyer", "hot"),
    ),
    Opening(
        "Camila",
        "Rios",
        "407",
        MAYA,
        (
            "Hi Camila, Maya from Bluebonnet Realty. Your showing on Orchard Lane is booked.",
            "> Thanks! Can you remind me the day before?",
            "Reminder: Orchard Lane tomorrow at 4:00. See you there! Maya",
        ),
        timedelta(hours=20),
        ("buyer",),
    ),
)

#: The last line was not delivered, and its author has not seen to it.
FAILED = Opening(
    "Curtis",
    "Vaughn",
    "480",
    MAYA,
    (
        "Hi Curtis, Maya from Bluebonnet Realty. Thanks for your call this week.",
        "> Sure. Send me the address of the open house",
        "Canyon Rim Drive 18, Saturday 1 to 4. Park on the left side of the street.",
    ),
    None,
    ("buyer",),
)
