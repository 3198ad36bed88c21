"""Campaigns as a program meets them: drafted, filled, foreseen, launched, paused, counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.conftest import NOON_IN_TEXAS
from tests.api.support import CONSENT, Program
from webapp.campaigns.plans import counting_kept
from webapp.campaigns.schemas import CampaignOut
from webapp.campaigns.steering import launches

CRON = {"Authorization": "Bearer a cron secret for tests, long enough"}


def put(program: Program, path: str, body: object) -> TestResponse:
    return program.client.put(path, json=body, headers={"Authorization": f"Bearer {program.token}"})


def made(answer: TestResponse, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    return dict(answer.json)


def campaign_of(program: Program, *bodies: str, **more: object) -> str:
    campaign = made(program.post("/api/sms/campaigns", name="Hello", **more))
    steps = [{"delay_minutes": 60 * number, "body": body} for number, body in enumerate(bodies)]
    assert put(program, f"/api/sms/campaigns/{campaign['id']}/steps", steps).status_code == 200
    return str(campaign["id"])


def leads_of(program: Program, count: int, *, agreed: bool = True) -> list[str]:
    consent = {"consent": CONSENT} if agreed else {}
    numbers = [f"+151255502{number:02d}" if agreed else f"+151255503{number:02d}" for number in range(count)]
    return [str(made(program.post("/api/leads", phone=phone, **consent))["id"]) for phone in numbers]


def test_a_campaign_begins_as_a_draft(manager: Program) -> None:
    campaign = made(manager.post("/api/sms/campaigns", name="Open house", kind="broadcast", stop_on_reply=False))
    assert set(campaign) == set(CampaignOut.model_fields)
    assert (campaign["name"], campaign["kind"], campaign["status"]) == ("Open house", "broadcast", "draft")
    assert campaign["stop_on_reply"] is False
    assert made(manager.get(f"/api/sms/campaigns/{campaign['id']}"), 200) == campaign


def test_steps_keep_their_keys_through_edits_and_orders(manager: Program) -> None:
    campaign = campaign_of(manager, "One", "Two")
    path = f"/api/sms/campaigns/{campaign}/steps"
    one, two = manager.get(path).json or []
    assert [one["body"], two["body"]] == ["One", "Two"]
    swapped = put(manager, path, [{**two, "delay_minutes": 5}, one, {"body": "Three"}]).json or []
    assert [step["body"] for step in swapped] == ["Two", "One", "Three"]
    assert [step["step_key"] for step in swapped[:2]] == [two["step_key"], one["step_key"]]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({"body": ""}, "0.body"),
        ({"body": "  "}, "0.body"),
        ({"body": "Hi {{ nope }}"}, "0.body"),
        ({"body": "Hi {{ first_name"}, "0.body"),
        ({"body": "x", "delay_minutes": -1}, "0.delay_minutes"),
        ({"body": "x", "at_local": "25:00"}, "0.at_local"),
        ({"body": "x", "send_window": {"opens": "12:00", "closes": "09:00"}}, "0.send_window"),
    ],
)
def test_a_wrong_step_is_refused_by_the_name_of_its_field(manager: Program, step: dict[str, Any], field: str) -> None:
    campaign = campaign_of(manager, "One")
    answer = put(manager, f"/api/sms/campaigns/{campaign}/steps", [step])
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["field"].startswith(field)


@pytest.mark.parametrize(
    ("rules", "field", "said"),
    [
        ({"window": {"opens": "12:00", "closes": "09:00"}}, "rules.window", "close later"),
        ({"window": {"opens": "9:5", "closes": "18:00"}}, "rules.window.opens", "write it like 09:30"),
        ({"senders": {"choice": "pool", "numbers": ["1"]}}, "rules.senders", "pool two or more"),
        ({"senders": {"choice": "pool", "numbers": ["1", "1"]}}, "rules.senders", "pool two or more"),
        ({"senders": {"choice": "fixed", "numbers": ["999"]}}, "rules.senders.numbers", "no such number of ours"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_name(manager: Program, rules: dict[str, Any], field: str, said: str) -> None:
    campaign = campaign_of(manager, "One")
    for answer in (
        manager.post("/api/sms/campaigns", name="Hello", rules=rules),
        manager.patch(f"/api/sms/campaigns/{campaign}", rules=rules),
    ):
        assert answer.status_code == 422
        [error] = (answer.json or {})["errors"]
        assert error["field"] == field
        assert said in error["message"]


def test_a_number_that_does_not_write_any_more_may_stay_in_the_rules(
    manager: Program, conn: psycopg.Connection[Any]
) -> None:
    fixed = {"senders": {"choice": "fixed", "numbers": ["1"]}}
    campaign = campaign_of(manager, "One", rules=fixed)
    conn.execute("UPDATE phone_numbers SET active = false")
    path = f"/api/sms/campaigns/{campaign}"
    assert made(manager.patch(path, rules=fixed | {"reentry_days": 3}), 200)["rules"]["reentry_days"] == 3
    assert manager.post("/api/sms/campaigns", name="Another", rules=fixed).status_code == 422


def test_statuses_that_end_it_are_given_and_named_when_they_are_none(manager: Program) -> None:
    campaign = campaign_of(manager, "One", rules={"exit_statuses": ["lost", "client", "client"]})
    path = f"/api/sms/campaigns/{campaign}"
    assert made(manager.get(path), 200)["rules"]["exit_statuses"] == ["client", "lost"]
    [wrong] = (manager.patch(path, rules={"exit_statuses": ["won"]}).json or {})["errors"]
    assert wrong["field"] == "rules.exit_statuses.0"
    assert "'client' or 'lost'" in wrong["message"]


def test_a_lead_whose_status_is_set_leaves_its_campaign_at_once(manager: Program) -> None:
    campaign = campaign_of(manager, "One", rules={"exit_statuses": ["client"]})
    path = f"/api/sms/campaigns/{campaign}"
    lead, client = leads_of(manager, 2)
    manager.patch(f"/api/leads/{client}", status="client")
    outcomes = made(manager.post(f"{path}/enroll", lead_ids=[lead, client]), 200)["outcomes"]
    assert outcomes == {"enrolled": 1, "reached_goal": 1}
    assert manager.post(f"{path}/launch").status_code == 200
    assert manager.patch(f"/api/leads/{lead}", status="client").status_code == 200
    [way] = made(manager.get(f"{path}/enrollments"), 200)["items"]
    assert (way["status"], way["reason"], way["next_at"]) == ("stopped", "goal", None)


def test_changes_of_rules_are_kept_beside_each_other(manager: Program) -> None:
    campaign = campaign_of(manager, "One", rules={"reentry_days": 30})
    path = f"/api/sms/campaigns/{campaign}"
    changed = made(manager.patch(path, stop_on_reply=False, name="New name"), 200)
    assert (changed["rules"]["reentry_days"], changed["stop_on_reply"], changed["name"]) == (30, False, "New name")
    windowed = made(manager.patch(path, rules={"window": {"opens": "10:00", "closes": "16:00"}}), 200)
    assert windowed["rules"]["window"] == {"opens": "10:00", "closes": "16:00"}
    assert windowed["stop_on_reply"] is False


def test_enrolling_counts_everybody_by_what_became_of_them(manager: Program) -> None:
    campaign = campaign_of(manager, "One")
    agreed, strangers = leads_of(manager, 2), leads_of(manager, 1, agreed=False)
    path = f"/api/sms/campaigns/{campaign}/enroll"
    first = made(manager.post(path, lead_ids=[*agreed, *strangers, "999"]), 200)
    assert first == {"total": 4, "outcomes": {"enrolled": 2, "no_consent": 1, "not_found": 1}}
    again = made(manager.post(path, filter={}), 200)
    assert again["outcomes"] == {"already_enrolled": 2, "no_consent": 1}
    assert manager.post(path).status_code == 422


def test_the_dry_run_shows_texts_times_and_totals(manager: Program) -> None:
    campaign = campaign_of(manager, "One", "Two")
    (lead,) = leads_of(manager, 1)
    manager.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=[lead])
    found = made(manager.post(f"/api/sms/campaigns/{campaign}/preview"), 200)
    assert (found["totals"]["leads"], found["totals"]["texts"], found["excluded"]) == (1, 2, {})
    first, second = found["plan"]["items"]
    at, then = (datetime.fromisoformat(text["send_at"]) for text in (first, second))
    assert (first["lead_id"], then - at) == (lead, timedelta(hours=1))
    assert at >= datetime.fromisoformat(NOON_IN_TEXAS)
    assert found["totals"]["cost"] == pytest.approx(first["cost"] + second["cost"])
    assert found["plan"]["next_cursor"] is None


def test_the_pages_of_a_dry_run_are_of_one_moment_and_have_its_totals(
    manager: Program, at: Callable[[str], None]
) -> None:
    campaign = campaign_of(manager, "One", "Two")
    path = f"/api/sms/campaigns/{campaign}"
    manager.post(f"{path}/enroll", lead_ids=leads_of(manager, 3))
    first = made(manager.post(f"{path}/preview", limit=2), 200)
    at("2026-12-09T19:30:00Z")
    pages = [first]
    while cursor := pages[-1]["plan"]["next_cursor"]:
        pages.append(made(manager.post(f"{path}/preview", limit=2, cursor=cursor), 200))
    assert [len(page["plan"]["items"]) for page in pages] == [2, 2, 2]
    assert [page["totals"] for page in pages] == [first["totals"]] * 3
    assert {item["send_at"][:15] for page in pages for item in page["plan"]["items"]} == {
        "2026-12-09T18:0",
        "2026-12-09T19:0",
    }
    assert (first["price"]["users"], first["overlaps"], first["holds"]) == (3, [], {})
    assert first["price"]["texts"] == pytest.approx(first["totals"]["cost"])
    assert first["price"]["total"] == first["price"]["texts"]  # the first 200 users of an account are free


def test_it_runs_from_its_launch_until_it_is_paused(manager: Program, client: FlaskClient) -> None:
    campaign = campaign_of(manager, "One", "Two")
    leads = leads_of(manager, 3)
    path = f"/api/sms/campaigns/{campaign}"
    manager.post(f"{path}/enroll", lead_ids=leads)
    assert made(manager.post(f"{path}/launch"), 200)["started"] == 3
    ran = made(client.post("/api/sms/drip/run", headers=CRON), 200)
    assert ran == {"claimed": 3, "queued": 3, "held": 0, "skipped": 0, "finished": 0}
    texts = manager.get("/api/sms/messages", lead_id=leads[0]).json or {}
    assert (texts["items"][0]["campaign_id"], texts["items"][0]["origin"]) == (campaign, "campaign")
    paused = made(manager.post(f"{path}/pause"), 200)
    assert (paused["taken_back"], paused["on_the_wire"], paused["campaign"]["status"]) == (3, 0, "paused")
    assert manager.post(f"{path}/pause").status_code == 409
    assert made(manager.post(f"{path}/resume"), 200)["campaign"]["status"] == "running"
    made(client.post("/api/sms/drip/run", headers=CRON), 200)
    stats = made(manager.get(f"{path}/stats"), 200)
    assert (stats["enrolled"], stats["active"], stats["steps"][0]["queued"], stats["steps"][1]["waiting"]) == (
        3,
        3,
        3,
        3,
    )


def test_the_figures_have_the_plan_of_the_launch_beside_what_came(manager: Program, client: FlaskClient) -> None:
    campaign = campaign_of(manager, "One", "Two")
    path = f"/api/sms/campaigns/{campaign}"
    assert made(manager.get(f"{path}/stats"), 200)["plan"] is None
    manager.post(f"{path}/enroll", lead_ids=leads_of(manager, 2))
    made(manager.post(f"{path}/launch"), 200)
    plan = made(manager.get(f"{path}/stats"), 200)["plan"]
    assert (plan["status"], plan["leads"], plan["days"]) == ("counting", 2, [])
    assert counting_kept.work_off(seconds=10)
    made(client.post("/api/sms/drip/run", headers=CRON), 200)
    plan = made(manager.get(f"{path}/stats"), 200)["plan"]
    assert (plan["status"], plan["planned"]["texts"], plan["came"]["texts"]) == ("done", 4, 0)
    assert [day["planned"]["texts"] for day in plan["days"]] == [4]
    assert plan["steps"][0] == {
        "step_key": plan["steps"][0]["step_key"],
        "planned": 2,
        "by_now": 2,
        "sent": 0,
        "foreseen": 0,
        "why": {"queued": 2},
    }


def test_what_is_wrong_blocks_the_launch_and_says_what(manager: Program) -> None:
    campaign = campaign_of(manager, "Look: https://bit.ly/x")
    answer = manager.post(f"/api/sms/campaigns/{campaign}/launch")
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["reason"] == "checklist"
    assert len(answer.json["problems"]) == 2


def test_a_large_launch_names_its_number(manager: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launches, "LARGE", 2)
    campaign = campaign_of(manager, "One")
    manager.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=leads_of(manager, 3))
    path = f"/api/sms/campaigns/{campaign}/launch"
    unnamed = manager.post(path)
    assert (unnamed.status_code, (unnamed.json or {}).get("reason")) == (409, "confirm")
    assert manager.post(path, confirm=4).status_code == 409
    assert manager.post(path, confirm=3).status_code == 200


def test_reps_have_their_own_and_a_manager_launches_them(rep: Program, other_rep: Program, manager: Program) -> None:
    campaign = campaign_of(rep, "One")
    rep.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=leads_of(rep, 1))
    assert other_rep.get(f"/api/sms/campaigns/{campaign}").status_code == 404
    assert (other_rep.get("/api/sms/campaigns").json or {})["items"] == []
    refused = rep.post(f"/api/sms/campaigns/{campaign}/launch")
    assert (refused.status_code, (refused.json or {}).get("reason")) == (409, "second_person")
    assert manager.post(f"/api/sms/campaigns/{campaign}/launch").status_code == 200


def test_a_draft_is_deleted_and_what_ran_is_archived(manager: Program) -> None:
    draft, run = campaign_of(manager, "One"), campaign_of(manager, "One")
    manager.post(f"/api/sms/campaigns/{run}/enroll", lead_ids=leads_of(manager, 1))
    manager.post(f"/api/sms/campaigns/{run}/launch")
    assert manager.delete(f"/api/sms/campaigns/{draft}").status_code == 204
    assert manager.get(f"/api/sms/campaigns/{draft}").status_code == 404
    assert manager.delete(f"/api/sms/campaigns/{run}").status_code == 409
    manager.post(f"/api/sms/campaigns/{run}/pause")
    assert manager.delete(f"/api/sms/campaigns/{run}").status_code == 204
    assert made(manager.get(f"/api/sms/campaigns/{run}"), 200)["status"] == "archived"


def test_only_the_cron_secret_runs_the_tick(client: FlaskClient, manager: Program) -> None:
    assert client.post("/api/sms/drip/run").status_code == 401
    assert manager.post("/api/sms/drip/run").status_code == 401
