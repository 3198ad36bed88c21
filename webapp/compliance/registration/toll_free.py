"""Toll-free verification: what Twilio asks about a business and one toll-free number."""

from __future__ import annotations

from datetime import date
from typing import Final

from webapp.compliance.registration.fields import YES_NO, Field, Questionnaire, Section
from webapp.models.constants import RegistrationKind

_BUSINESS_TYPES: Final = (
    ("PRIVATE_PROFIT", "Private company"),
    ("PUBLIC_PROFIT", "Public company"),
    ("SOLE_PROPRIETOR", "Sole proprietor"),
    ("NON_PROFIT", "Non-profit"),
    ("GOVERNMENT", "Government"),
)
_CATEGORIES: Final = (
    ("MARKETING", "Marketing"),
    ("CUSTOMER_CARE", "Customer care"),
    ("EVENTS", "Events"),
    ("ACCOUNT_NOTIFICATIONS", "Account notifications"),
    ("DELIVERY_NOTIFICATIONS", "Delivery notifications"),
    ("POLLING_AND_VOTING_NON_POLITICAL", "Polls, not political"),
    ("PUBLIC_SERVICE_ANNOUNCEMENT", "Public service announcements"),
    ("CHARITY_NONPROFIT", "Charity"),
    ("HIGHER_EDUCATION", "Higher education"),
)
_VOLUMES: Final = tuple(
    (volume, f"{volume} a month")
    for volume in ("10", "100", "1,000", "10,000", "100,000", "250,000", "500,000", "750,000", "1,000,000")
)
_OPT_IN_TYPES: Final = (
    ("WEB_FORM", "Web form"),
    ("VIA_TEXT", "By a text to us"),
    ("PAPER_FORM", "Paper form"),
    ("VERBAL", "In person or on the phone"),
    ("MOBILE_QR_CODE", "QR code"),
)

_BUSINESS = Section(
    "business",
    "The business",
    "As it is registered. Since 2026 a registration number is asked of all but sole proprietors.",
    (
        Field("legal_name", "Legal business name", "BusinessName", most=255),
        Field(
            "dba", "Trade name", "DoingBusinessAs", most=255, required=False,
            hint="Where your texts name another brand than the legal name.",
        ),
        Field("business_type", "Business type", "BusinessType", "choice", choices=_BUSINESS_TYPES),
        Field(
            "ein", "EIN", "BusinessRegistrationNumber", "ein", required=False,
            hint="Nine digits. Leave empty only as a sole proprietor.", why="Verification without it is refused.",
        ),
        Field(
            "website", "Website", "BusinessWebsite", "url", most=255,
            why="It must be live and name the brand of the texts.",
        ),
        Field("street", "Street address", "BusinessStreetAddress", most=255),
        Field("city", "City", "BusinessCity", most=100),
        Field("region", "State", "BusinessStateProvinceRegion", hint="Like TX.", least=2, most=2),
        Field("postal_code", "ZIP code", "BusinessPostalCode", least=5, most=10),
    ),
)  # fmt: skip

_CONTACT = Section(
    "contact",
    "Contact",
    "",
    (
        Field("contact_first_name", "First name", "BusinessContactFirstName", most=100),
        Field("contact_last_name", "Last name", "BusinessContactLastName", most=100),
        Field("contact_email", "E-mail address", "BusinessContactEmail", "email"),
        Field("contact_phone", "Phone", "BusinessContactPhone", "phone"),
        Field("notification_email", "Where the verdict goes", "NotificationEmail", "email"),
    ),
)

_TEXTS = Section(
    "texts",
    "The texts",
    "One use case for one number: do not spread it over several toll-free numbers.",
    (
        Field(
            "toll_free_number", "Toll-free number", "TollfreePhoneNumberSid", "phone",
            hint="The number itself; Twilio's form lists it.",
        ),
        Field("categories", "Use case categories", "UseCaseCategories", "several", choices=_CATEGORIES),
        Field(
            "summary", "Use case summary", "UseCaseSummary", "text", least=40, most=500,
            hint="Who gets which texts, and why.",
        ),
        Field(
            "production_sample", "Sample text", "ProductionMessageSample", "text", least=20, most=1000,
            why="Business name and STOP line in it; links at your own domain, no public shorteners (30857).",
        ),
        Field("volume", "Texts a month", "MessageVolume", "choice", choices=_VOLUMES),
        Field("age_gated", "Age-gated content", "AgeGatedContent", "yes_no", choices=YES_NO),
    ),
)  # fmt: skip

_CONSENT = Section(
    "consent",
    "How people opt in",
    "",
    (
        Field("opt_in_type", "Opt-in type", "OptInType", "choice", choices=_OPT_IN_TYPES),
        Field(
            "opt_in_images", "Pictures of the opt-in", "OptInImageUrls", "urls", most=2048,
            hint="Public addresses, one a line: the opt-in page itself, or screenshots of it.",
            why="The words must ask for consent to texts, apart from other terms (30513).",
        ),
        Field("opt_in_keywords", "Opt-in keywords", "OptInKeywords", "keywords", most=255, required=False),
        Field("opt_in_message", "Answer to an opt-in", "OptInConfirmationMessage", "text", least=20, most=320),
        Field("help_message", "Answer to HELP", "HelpMessageSample", "text", least=20, most=320),
        Field(
            "privacy_url", "Privacy policy", "PrivacyPolicyUrl", "url", most=2048,
            why="It must say that mobile opt-in data is not shared with third parties for marketing.",
        ),
        Field("terms_url", "Terms", "TermsAndConditionsUrl", "url", most=2048),
        Field("additional", "Anything else", "AdditionalInformation", "text", most=500, required=False),
    ),
)  # fmt: skip

TOLL_FREE: Final = Questionnaire(
    RegistrationKind.TOLL_FREE,
    "Toll-free verification",
    "For 800, 833, 844, 855, 866, 877 and 888 numbers. The review takes 3 to 5 business days."
    " What is rejected can be mended within 7 days.",
    (_BUSINESS, _CONTACT, _TEXTS, _CONSENT),
    date(2026, 11, 25),
    ("Twilio, Toll-free Verification resource", "Twilio, toll-free verification errors 30513, 30857"),
)
