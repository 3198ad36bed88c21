"""What the doctor sees of Twilio, and mends."""

from __future__ import annotations

import socket

import pytest

from tests.carrier.conftest import MakeCarrier
from tests.carrier.wire import Wire, refused_url, reply
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.errors import PermanentError
from webapp.carrier.setup import WEBHOOK_EVENTS
from webapp.carrier.types import CarrierSettings, SetupCheck, SetupReport
from webapp.simulator.harness import SimulatorServer

SENDER = "+15125550100"
HOOK = "https://leadline.example/api/twilio/conversations/webhook"


def check(report: SetupReport, name: str) -> SetupCheck:
    return next(one for one in report.checks if one.name == name)


def test_webhooks_that_were_configured_are_found_in_order(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    carrier.configure_webhooks(HOOK, simulator.numbers)
    report = carrier.setup_report(HOOK, simulator.numbers)
    assert [one for one in report.checks if not one.ok] == []
    assert report.ok
    assert report.validity_seconds is not None


def test_configuring_twice_is_harmless(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    carrier.configure_webhooks(HOOK, simulator.numbers)
    carrier.configure_webhooks(HOOK, simulator.numbers)
    assert carrier.setup_report(HOOK, simulator.numbers).ok


def test_a_webhook_that_points_elsewhere_is_told_with_what_to_do(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    carrier.configure_webhooks("https://old.example/hook", simulator.numbers)
    webhooks = carrier._service.configuration.webhooks()
    webhooks.update(filters=["onMessageAdded"], method="GET")
    found = check(carrier.setup_report(HOOK, simulator.numbers), "Webhooks")
    assert not found.ok
    assert HOOK in found.fix
    assert "POST" in found.fix
    assert "onDeliveryUpdated" in found.fix
    assert "onMessageAdded," not in found.fix


def test_a_sender_that_is_not_ours_is_told(carrier: TwilioCarrier) -> None:
    report = carrier.setup_report(HOOK, ("+15125550199",))
    assert "+15125550199" in check(report, "Our numbers").fix
    assert not check(report, "Texts from strangers to +15125550199").ok


def test_the_validity_period_is_twilios_default_until_it_is_set(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    assert carrier.setup_report(HOOK, simulator.numbers).validity_seconds == 36_000
    assert carrier.set_validity(300)
    assert not carrier.set_validity(300), "nothing was left to do"
    assert carrier.setup_report(HOOK, simulator.numbers).validity_seconds == 300


def test_a_validity_period_that_twilio_refuses_is_an_error(carrier: TwilioCarrier) -> None:
    with pytest.raises(PermanentError):
        carrier.set_validity(36_001)


def scripted_report(**answers: object) -> SetupReport:
    """A report on a carrier that gives these answers, by the last part of the path."""

    def answer(connection: socket.socket, request: bytes) -> None:
        last = request.decode().split(" ")[1].partition("?")[0].rsplit("/", 1)[-1].removesuffix(".json")
        body = answers.get(last)
        reply(200, body)(connection, request) if body else reply(404, {"code": 20404, "message": "no"})(
            connection, request
        )

    with Wire(answer) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url))
        return carrier.setup_report(HOOK, (SENDER,))


def test_a_sender_outside_the_messaging_service_is_told() -> None:
    numbers = {
        "meta": {"key": "phone_numbers", "next_page_url": None},
        "phone_numbers": [{"phone_number": "+15125550111"}],
    }
    assert SENDER in check(scripted_report(PhoneNumbers=numbers), "Numbers in the messaging service").fix


def test_a_number_with_a_message_url_of_its_own_is_told() -> None:
    number = {"phone_number": SENDER, "sms_url": "https://demo.twilio.com/welcome/sms/reply"}
    report = scripted_report(IncomingPhoneNumbers={"next_page_uri": None, "incoming_phone_numbers": [number]})
    assert "clear the message URL" in check(report, "Our numbers").fix


def test_a_service_that_is_missing_is_told_with_where_to_look() -> None:
    found = check(scripted_report(), "Messaging service")
    assert not found.ok
    assert "SID" in found.fix


def test_no_event_is_asked_for_that_could_lose_a_text() -> None:
    """Pre-events end in the bare verb, and an unanswered one rejects the text."""
    assert all(event.endswith(("Added", "Updated", "Removed")) for event in WEBHOOK_EVENTS)


def test_a_carrier_out_of_reach_gives_a_report_not_an_error(make_carrier: MakeCarrier) -> None:
    report = make_carrier(api_base_url=refused_url(), timeout=2.0).setup_report(HOOK, (SENDER,))
    assert not any(one.ok for one in report.checks)


def test_a_wrong_key_is_told_in_words(make_carrier: MakeCarrier) -> None:
    report = make_carrier(auth_token="wrong").setup_report(HOOK, ())
    assert "token" in check(report, "Conversation service").fix
