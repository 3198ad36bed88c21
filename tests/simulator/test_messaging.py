"""Messaging Services, their sender pools, and which of our numbers let strangers in."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.conftest import PHONE
from webapp.simulator.harness import SimulatorServer


def test_messaging_services_can_be_made_changed_and_deleted(twilio: Client, sim: SimulatorServer) -> None:
    services = twilio.messaging.v1.services
    assert services(sim.messaging_service_sid).update(validity_period=600).validity_period == 600
    made = services.create(friendly_name="Second", sticky_sender=False, status_callback="https://example.com/")
    assert (made.sticky_sender, made.inbound_request_url) == (False, None)
    assert len(services.list()) == 2
    assert services(made.sid).fetch().friendly_name == "Second"
    assert services(made.sid).delete()
    for change in ({"validity_period": 36_001}, {"inbound_request_url": "https://example.com/"}):
        with pytest.raises(TwilioRestException) as error:
            services(sim.messaging_service_sid).update(**change)
        assert error.value.status == 400
    with pytest.raises(TwilioRestException):
        services(sim.messaging_service_sid).delete()
    with pytest.raises(TwilioRestException) as error:
        services(made.sid).fetch()
    assert error.value.status == 404


def test_the_sender_pool_says_which_numbers_a_messaging_service_has(twilio: Client, sim: SimulatorServer) -> None:
    services = twilio.messaging.v1.services
    pool = services(sim.messaging_service_sid).phone_numbers
    first, second = pool.list()
    assert (first.phone_number, second.phone_number) == sim.numbers
    assert pool(first.sid).fetch().capabilities == ["SMS", "MMS"]
    other = services.create(friendly_name="Second")
    for holder, code in ((other.sid, 21712), (sim.messaging_service_sid, 21710)):
        with pytest.raises(TwilioRestException) as error:
            services(holder).phone_numbers.create(phone_number_sid=first.sid)
        assert (error.value.status, error.value.code) == (409, code)
    assert pool(first.sid).delete()
    assert services(other.sid).phone_numbers.create(phone_number_sid=first.sid).phone_number == sim.numbers[0]
    assert [number.sid for number in pool.list()] == [second.sid]
    for sid in (first.sid, "PN" + "a" * 32):
        with pytest.raises(TwilioRestException) as error:
            pool(sid).fetch()
        assert error.value.status == 404


def test_addresses_are_configured_by_sid_or_number(twilio: Client, sim: SimulatorServer) -> None:
    addresses = twilio.conversations.v1.address_configurations
    assert [row.address for row in addresses.list()] == list(sim.numbers)
    assert addresses(sim.numbers[0]).delete()
    made = addresses.create(type="sms", address=sim.numbers[0], auto_creation_enabled=True)
    assert made.auto_creation["enabled"] is True
    assert addresses(made.sid).fetch().sid == made.sid
    assert addresses(made.sid).update(friendly_name="Main").friendly_name == "Main"
    for fields, status in (
        ({"type": "sms", "address": sim.numbers[0]}, 409),
        ({"type": "sms", "address": PHONE}, 400),
        ({"type": "whatsapp", "address": sim.numbers[0]}, 400),
    ):
        with pytest.raises(TwilioRestException) as error:
            addresses.create(**fields)
        assert error.value.status == status
    for change in (
        {"auto_creation_type": "studio"},
        {"auto_creation_type": "webhook"},
        {"auto_creation_conversation_service_sid": "IS" + "a" * 32},
    ):
        with pytest.raises(TwilioRestException):
            addresses(made.sid).update(**change)
