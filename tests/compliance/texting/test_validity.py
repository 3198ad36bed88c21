"""How long Twilio may keep a text: set there by a job, and by the page when it is changed."""

from __future__ import annotations

import pytest

from tests.support.people import add_person
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import World
from webapp.accounts import settings as account_settings
from webapp.carrier.errors import PassingError
from webapp.compliance import jobs
from webapp.compliance.texting import validity


class Refuses:
    """A carrier whose account may not."""

    def set_validity(self, seconds: int) -> bool:
        raise PassingError("20403: not allowed", code=20403, http_status=403)


def at_twilio(world: World) -> int | None:
    return world.carrier.setup_report(world.settings.app_url, ()).validity_seconds


def test_the_job_sets_what_the_account_says(world: World) -> None:
    world.carrier.set_validity(36_000)
    world.configure(validity_minutes=7)
    with world.app.app_context():
        jobs.keep_validity()
    assert at_twilio(world) == 420
    assert validity.complaint(world.conn) is None


def test_a_refusal_is_kept_for_the_pages_until_it_is_mended(world: World) -> None:
    validity.keep(Refuses())
    assert "20403" in (validity.complaint(world.conn) or "")
    validity.keep(world.carrier)
    assert validity.complaint(world.conn) is None


@pytest.mark.parametrize("minutes", [2, 30])
def test_the_page_changes_it_at_twilio_too(world: World, minutes: int) -> None:
    answer = save(world, minutes)
    assert answer.status_code == 303
    assert account_settings.read(world.conn).validity_minutes == minutes
    assert at_twilio(world) == minutes * 60


@pytest.mark.parametrize(("minutes", "status", "saved"), [(2, 422, 5), (30, 303, 30)])
def test_where_twilio_refuses_it_never_keeps_a_text_for_longer_than_the_gate_believes(
    world: World, minutes: int, status: int, saved: int
) -> None:
    """A shorter time is not saved; a longer one is, as sending then ends earlier than it must."""
    world.simulator.kill()
    try:
        answer = save(world, minutes)
    finally:
        world.simulator.start()
    assert answer.status_code == status
    assert account_settings.read(world.conn).validity_minutes == saved
    if status == 422:
        assert "Twilio did not take 2 minutes" in answer.text
    assert (at_twilio(world) or 0) <= saved * 60


def save(world: World, minutes: int):
    client = signed_in(world.app, add_person(world.conn, "Ada Admin", "admin"))
    form = {
        "csrf_token": csrf_token(client),
        "business_name": "Lone Star Homes",
        "message_frequency": "Msg frequency varies",
        "keyword_replies": "carrier",
        "cap_per_lead": "3",
        "lane_gap_minutes": "10",
        "reply_exemption_minutes": "15",
        "validity_minutes": str(minutes),
        "breaker_texts": "200",
        "breaker_least_texts": "20",
        "breaker_filtered_percent": "10",
        "breaker_opt_out_percent": "15",
        "breaker_failed_percent": "30",
    }
    return client.post("/compliance/texting", data=form)
