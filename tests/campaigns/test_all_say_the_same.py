"""What the dry run says of a lead, the API says, the campaign's page says after the launch, and the phone shows."""

from __future__ import annotations

from datetime import datetime

from tests.api.support import Program, program_of
from tests.campaigns.pages import at_work, read
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_dry_run import foreseen
from tests.support.people import Person
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.figures import people_of
from webapp.campaigns.plans import coming
from webapp.campaigns.plans.coming import Coming
from webapp.campaigns.rules import Window
from webapp.campaigns.store import Campaign


def next_of(campaigns: Campaigns, campaign_id: int) -> dict[int, Coming]:
    """What the campaign's page says comes next, by lead."""
    with database.autocommit() as conn:
        campaign: Campaign | None = store.find(conn, campaigns.actor, campaign_id)
        assert campaign is not None
        rows = people_of.page(conn, campaigns.actor, campaign_id, people_of.Wanted(), 50)
        reader = coming.reader(conn, campaigns.actor)
        said = coming.what_comes(conn, campaign, rows, reader, clock.now())
    return {row.lead_id: said[row.id] for row in rows if row.lead_id}


def minute(at: datetime | None) -> str:
    assert at is not None
    return f"{at:%Y-%m-%d %H:%M}"


def api_of(campaigns: Campaigns) -> Program:
    actor = campaigns.actor
    person = Person(actor.id, actor.email, actor.name, actor.role)
    return program_of(campaigns.world.app.test_client(), campaigns.world.conn, person)


def test_dry_run_api_page_and_phone_say_the_same_of_each_lead(campaigns: Campaigns) -> None:
    """Noon in Austin: one is free, one is in Honolulu, one has an empty field, one was written to by hand, one had
    enough texts today; then the window of the second step, and times of day."""
    campaigns.world.configure(cap_per_lead=2, lane_gap_minutes=30)
    free, _ = campaigns.lead(first_name="Ana")
    far, _ = campaigns.lead("+18085550111", first_name="Bo")
    nameless, _ = campaigns.lead()
    touched, _ = campaigns.lead(first_name="Cy")
    sated, _ = campaigns.lead(first_name="Di")
    campaigns.run(text("Before"), text("Again", HOUR), leads=[sated])
    campaigns.tick()
    campaigns.later(hours=1)
    campaign = campaigns.draft(
        text("Hi {{ first_name }}"),
        text("Two", 3 * HOUR, window=Window(opens="10:00", closes="12:00")),
        text("Three", DAY, at_local="18:30"),
        one_campaign_at_a_time="both",
    )
    campaigns.enroll(campaign, [free, far, nameless, touched, sated])
    campaigns.world.conn.execute(
        "UPDATE sms_conversations SET touched_at = %s WHERE lead_id = %s", [clock.now(), touched]
    )
    plan = foreseen(campaigns, campaign)
    planned: dict[int, list[tuple[str, str, str | None, str]]] = {}
    for one in plan.plan:
        said = one.foreseen
        planned.setdefault(one.lead_id, []).append((said.step_key, minute(said.send_at), said.hold_reason, said.body))
    answer = api_of(campaigns).post(f"/api/sms/campaigns/{campaign}/preview", limit=1000).json
    assert answer is not None
    by_api: dict[int, list[tuple[str, str, str | None, str]]] = {}
    for item in answer["plan"]["items"]:
        at = datetime.fromisoformat(item["send_at"])
        by_api.setdefault(int(item["lead_id"]), []).append(
            (item["step_key"], minute(at), item["hold_reason"], item["body"])
        )
    assert by_api == planned
    assert {lead: texts[0][2] for lead, texts in planned.items()} == {
        free: None,
        far: None,
        nameless: "scheduled",
        touched: "touched",
        sated: "cap",
    }
    campaigns.launch(campaign)
    for _ in range(2):  # before the tick has looked at anybody, and after
        shown = next_of(campaigns, campaign)
        for lead in (touched, sated):
            _, at, reason, _ = planned[lead][0]
            assert (minute(shown[lead].at), "Held" in shown[lead].why) == (at, reason is not None), shown[lead]
        campaigns.tick()
    assert "Step 1 will be skipped" not in read(at_work(campaigns).get(f"/campaigns/{campaign}"))
    assert minute(shown[free].at) == planned[free][1][1]
    assert minute(shown[nameless].at) == planned[nameless][0][1]
