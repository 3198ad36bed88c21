"""What Twilio says of a registration: campaigns of the messaging service, their brands, and the numbers in it."""

from __future__ import annotations

from webapp.carrier import reading
from webapp.carrier.errors import GoneError
from webapp.carrier.sdk import Sdk
from webapp.carrier.types import CampaignState, CarrierSettings, RegistrationState

_NUMBERS_PAGE = 100


def registration_state(twilio: Sdk, settings: CarrierSettings) -> RegistrationState:
    """Read as it stands now. Raises CarrierError."""
    service = twilio.messaging.v1.services(settings.messaging_service_sid)
    with reading.understood():
        campaigns = [_campaign(twilio, record) for record in service.us_app_to_person.stream()]
        numbers = [record.phone_number for record in service.phone_numbers.stream(page_size=_NUMBERS_PAGE)]
    return RegistrationState(tuple(campaigns), tuple(sorted(numbers)))


def _campaign(twilio: Sdk, record: Sdk) -> CampaignState:
    brand_sid = record.brand_registration_sid or ""
    return CampaignState(
        sid=record.sid,
        use_case=record.us_app_to_person_usecase or "",
        status=record.campaign_status or "",
        campaign_id=record.campaign_id or "",
        errors=tuple(_sentence(error) for error in record.errors or ()),
        brand_sid=brand_sid,
        brand_status=_brand_status(twilio, brand_sid) if brand_sid else "",
    )


def _brand_status(twilio: Sdk, sid: str) -> str:
    """Empty for a brand that this account may not read: an agency's customer has it elsewhere."""
    try:
        return str(twilio.messaging.v1.brand_registrations(sid).fetch().status or "")
    except GoneError:
        return ""


def _sentence(error: dict[str, object]) -> str:
    code = error.get("error_code") or error.get("code") or ""
    words = error.get("description") or error.get("message") or "rejected"
    return f"{words} ({code})" if code else str(words)
