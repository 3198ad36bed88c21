"""The people of the made-up agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from webapp.models.constants import Role

BUSINESS_NAME = "Bluebonnet Realty"
BUSINESS_CONTACT = "hello@bluebonnet.example"
#: What the public pages cannot do without: made up, like all of it.
BUSINESS_ADDRESS = "4100 Juniper Street, Suite 210\nAustin, TX 78701"
BUSINESS_WEBSITE = "https://bluebonnet.example"
PRIVACY_EMAIL = "privacy@bluebonnet.example"
MESSAGE_TOPICS = "new listings, open houses and showings"
TIMEZONE = "America/Chicago"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signs in; a rep answers a lead between ``fastest`` and ``slowest``."""

    name: str
    email: str
    role: Role
    timezone: str
    fastest: timedelta = timedelta(minutes=2)
    slowest: timedelta = timedelta(minutes=25)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


#: The first of each role is whom a button of the demo's sign-in page means.
MAYA = Member("Maya Torres", "maya@bluebonnet.example", Role.REP, "America/Chicago")
JONAS = Member("Jonas Reed", "jonas@bluebonnet.example", Role.REP, "America/Chicago")
PRIYA = Member("Priya Nair", "priya@bluebonnet.example", Role.REP, "America/New_York")
#: Answers, but the next day.
WALT = Member(
    "Walt Becker",
    "walt@bluebonnet.example",
    Role.REP,
    "America/Phoenix",
    fastest=timedelta(hours=5),
    slowest=timedelta(hours=28),
)
REPS = (MAYA, JONAS, PRIYA, WALT)
MANAGER = Member("Renata Cole", "renata@bluebonnet.example", Role.MANAGER, "America/Chicago")
OWNER = Member("Dana Whitfield", "dana@bluebonnet.example", Role.ADMIN, "America/Chicago")
TEAM = (*REPS, MANAGER, OWNER)
