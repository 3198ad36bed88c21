"""A2P registration: the stand-in carrier has approved everybody's brand and campaign."""

from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import MessagingService
from webapp.simulator.rest.call import Body, Call, Reply, Route, ok
from webapp.simulator.rest.messaging import find_service
from webapp.simulator.rest.paging import listing


def list_campaigns(call: Call) -> Reply:
    """The one campaign of a Messaging Service."""
    service = find_service(call)
    key = "compliance"
    return ok(listing(call, key, [service], lambda row: row.seq, lambda row: campaign_json(call, row), most=1000))


def fetch_brand(call: Call) -> Reply:
    """The account's brand."""
    if call.params["brand"] != brand_sid(call):
        raise call.not_found()
    at = iso_seconds(call.account.created)
    sid = brand_sid(call)
    return ok(
        {
            "sid": sid,
            "account_sid": call.account.sid,
            "customer_profile_bundle_sid": _like("BU", call.account.sid),
            "a2p_profile_bundle_sid": _like("BU", call.account.sid),
            "date_created": at,
            "date_updated": at,
            "brand_type": "STANDARD",
            "status": "APPROVED",
            "tcr_id": "BSIMULATED",
            "failure_reason": None,
            "errors": [],
            "url": f"{call.base}/messaging/v1/a2p/BrandRegistrations/{sid}",
            "brand_score": 75,
            "brand_feedback": [],
            "identity_status": "VERIFIED",
            "russell_3000": False,
            "government_entity": False,
            "tax_exempt_status": "",
            "skip_automatic_sec_vet": False,
            "mock": True,
            "links": {},
        }
    )


def campaign_json(call: Call, service: MessagingService) -> Body:
    sid = _like("QE", service.sid)
    return {
        "sid": sid,
        "account_sid": call.account.sid,
        "brand_registration_sid": brand_sid(call),
        "messaging_service_sid": service.sid,
        "description": "Simulated campaign",
        "message_samples": ["A simulated sample text. Reply STOP to opt out."] * 2,
        "us_app_to_person_usecase": "MARKETING",
        "has_embedded_links": False,
        "has_embedded_phone": False,
        "subscriber_opt_in": True,
        "age_gated": False,
        "direct_lending": False,
        "campaign_status": "VERIFIED",
        "campaign_id": "CSIMULATED",
        "is_externally_registered": False,
        "rate_limits": {},
        "message_flow": "Simulated",
        "opt_in_message": "",
        "opt_out_message": "",
        "help_message": "",
        "opt_in_keywords": [],
        "opt_out_keywords": [],
        "help_keywords": [],
        "date_created": iso_seconds(service.created),
        "date_updated": iso_seconds(service.updated),
        "url": f"{call.base}/messaging/v1/Services/{service.sid}/Compliance/Usa2p/{sid}",
        "mock": True,
        "errors": [],
        "privacy_policy_url": "",
        "terms_and_conditions_url": "",
    }


def brand_sid(call: Call) -> str:
    """The account's brand, by the account's own digits: the same after every restart."""
    return _like("BN", call.account.sid)


def _like(prefix: str, sid: str) -> str:
    return prefix + sid[2:]


ROUTES = (
    Route("GET", "/messaging/v1/Services/{service}/Compliance/Usa2p", list_campaigns),
    Route("GET", "/messaging/v1/a2p/BrandRegistrations/{brand}", fetch_brand),
)
