"""Who lives in the demo, and where: names, streets, and area codes with a town and postal codes of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parent / "data"
FIRST_NAMES = tuple((_DATA / "first_names.txt").read_text("utf-8").split())
LAST_NAMES = tuple((_DATA / "last_names.txt").read_text("utf-8").split())

STREETS = (
    *("Juniper Street", "Cedar Bend", "Magnolia Avenue", "Pecan Grove Lane", "Lakeview Drive", "Willow Creek Road"),
    *("Sunset Ridge", "Orchard Lane", "Maple Court", "Harbor Point", "Desert Willow Way", "Mesquite Trail"),
    *("Elm Street", "Birch Hollow", "Canyon Rim Drive", "Rosewood Place", "Garden Terrace", "Mill Pond Road"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """An area code with a town and postal codes that lie in it; ``weight`` of a hundred leads live there."""

    code: str
    city: str
    state: str
    postal_codes: tuple[str, ...]
    weight: int


#: 850 lies in two time zones.
AREAS = (
    Area("512", "Austin", "TX", ("78704", "78745", "78731"), 13),
    Area("214", "Dallas", "TX", ("75206", "75214", "75230"), 8),
    Area("972", "Plano", "TX", ("75023", "75074"), 5),
    Area("713", "Houston", "TX", ("77008", "77019", "77056"), 8),
    Area("210", "San Antonio", "TX", ("78209", "78230"), 7),
    Area("817", "Fort Worth", "TX", ("76107", "76109"), 4),
    Area("915", "El Paso", "TX", ("79902", "79912"), 2),
    Area("305", "Miami", "FL", ("33133", "33143"), 6),
    Area("813", "Tampa", "FL", ("33606", "33629"), 5),
    Area("407", "Orlando", "FL", ("32801", "32803"), 5),
    Area("904", "Jacksonville", "FL", ("32205", "32207"), 4),
    Area("850", "Pensacola", "FL", ("32501", "32503"), 5),
    Area("602", "Phoenix", "AZ", ("85014", "85016"), 6),
    Area("480", "Scottsdale", "AZ", ("85251", "85254"), 5),
    Area("520", "Tucson", "AZ", ("85704", "85716"), 3),
    Area("212", "New York", "NY", ("10011", "10024"), 4),
    Area("718", "Brooklyn", "NY", ("11201", "11215"), 4),
    Area("914", "White Plains", "NY", ("10601", "10605"), 3),
    Area("716", "Buffalo", "NY", ("14209", "14222"), 3),
)
