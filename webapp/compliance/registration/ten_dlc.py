"""A2P 10DLC: what Twilio and The Campaign Registry ask about a brand and its campaign."""

from __future__ import annotations

from datetime import date
from typing import Final

from webapp.compliance.registration.fields import YES_NO, Field, Questionnaire, Section
from webapp.models.constants import RegistrationKind

BUSINESS_TYPES: Final = (
    ("Sole Proprietorship", "Sole proprietorship"),
    ("Partnership", "Partnership"),
    ("Limited Liability Corporation", "Limited liability company (LLC)"),
    ("Corporation", "Corporation"),
    ("Co-operative", "Co-operative"),
    ("Non-profit Corporation", "Non-profit corporation"),
)
_INDUSTRIES: Final = (
    ("AGRICULTURE", "Agriculture"), ("AUTOMOTIVE", "Automotive"), ("BANKING", "Banking"), ("CONSUMER", "Consumer"),
    ("EDUCATION", "Education"), ("ELECTRONICS", "Electronics"), ("ENERGY", "Energy"), ("ENGINEERING", "Engineering"),
    ("FAST_MOVING_CONSUMER_GOODS", "Fast moving consumer goods"), ("FINANCIAL", "Financial"), ("FINTECH", "Fintech"),
    ("FOOD_AND_BEVERAGE", "Food and beverage"), ("GOVERNMENT", "Government"), ("HEALTHCARE", "Healthcare"),
    ("HOSPITALITY", "Hospitality"), ("INSURANCE", "Insurance"), ("JEWELRY", "Jewelry"), ("LEGAL", "Legal"),
    ("MANUFACTURING", "Manufacturing"), ("MEDIA", "Media"), ("NOT_FOR_PROFIT", "Not for profit"),
    ("OIL_AND_GAS", "Oil and gas"), ("ONLINE", "Online"), ("RAW_MATERIALS", "Raw materials"),
    ("REAL_ESTATE", "Real estate"), ("RELIGION", "Religion"), ("RETAIL", "Retail"), ("TECHNOLOGY", "Technology"),
    ("TELECOMMUNICATIONS", "Telecommunications"), ("TRANSPORTATION", "Transportation"), ("TRAVEL", "Travel"),
)  # fmt: skip
_COMPANY_TYPES: Final = (
    ("private", "Private company"),
    ("public", "Public company"),
    ("non-profit", "Non-profit"),
    ("government", "Government"),
)
_POSITIONS: Final = (
    ("Director", "Director"),
    ("GM", "General manager"),
    ("VP", "Vice president"),
    ("CEO", "Chief executive"),
    ("CFO", "Chief financial officer"),
    ("General Counsel", "General counsel"),
    ("Other", "Other"),
)
_USE_CASES: Final = (
    ("MARKETING", "Marketing: offers and news to people who signed up for them"),
    ("LOW_VOLUME", "Low volume, mixed: several kinds, fewer than 6,000 segments a day"),
    ("MIXED", "Mixed: several kinds of texts"),
    ("CUSTOMER_CARE", "Customer care: answers and support"),
    ("ACCOUNT_NOTIFICATION", "Account notifications"),
    ("DELIVERY_NOTIFICATION", "Delivery notifications"),
    ("HIGHER_EDUCATION", "Higher education"),
    ("POLLING_VOTING", "Polls and surveys"),
    ("PUBLIC_SERVICE_ANNOUNCEMENT", "Public service announcements"),
    ("AGENTS_FRANCHISES", "Agents and franchises"),
    ("SOLE_PROPRIETOR", "Sole proprietor"),
)

_BUSINESS = Section(
    "business",
    "The business",
    "Exactly as the tax office has it: the most common reason why a brand fails is a name or number that differs.",
    (
        Field(
            "legal_name", "Legal business name", "business_name",
            hint="As on the IRS letter (CP 575), with LLC or Inc.",
            why="The name and EIN must match the tax office's records to the letter.", most=255,
        ),
        Field("business_type", "Business type", "business_type", "choice", choices=BUSINESS_TYPES),
        Field("company_type", "Company type", "company_type", "choice", choices=_COMPANY_TYPES),
        Field(
            "ein", "EIN", "business_registration_number", "ein", hint="Nine digits, like 12-3456789.",
            why="A social security number or a state registration is refused.",
        ),
        Field("industry", "Industry", "business_industry", "choice", choices=_INDUSTRIES),
        Field(
            "website", "Website", "website_url", "url", hint="Live, public, about this business.",
            why="Reviewers open it: it must name the brand that your texts name.", most=255,
        ),
        Field("street", "Street address", "street", hint="Where the business is; no post box.", most=255),
        Field("city", "City", "city", most=100),
        Field("region", "State", "region", hint="Like TX.", least=2, most=2),
        Field("postal_code", "ZIP code", "postal_code", least=5, most=10),
    ),
)  # fmt: skip

_REPRESENTATIVE = Section(
    "representative",
    "Authorised representative",
    "Twilio may write or call to confirm. An answer is due within 24 hours.",
    (
        Field("rep_first_name", "First name", "first_name", most=100),
        Field("rep_last_name", "Last name", "last_name", most=100),
        Field(
            "rep_email", "E-mail address", "email", "email", hint="At the business's own domain.",
            why="Free mail addresses often fail the check of identity.",
        ),
        Field("rep_phone", "Phone", "phone_number", "phone"),
        Field("rep_title", "Business title", "business_title", most=100),
        Field("rep_position", "Position", "job_position", "choice", choices=_POSITIONS),
    ),
)  # fmt: skip

_SAMPLE_HINT = "As people will get it, with what changes in brackets: [first name]."

_CAMPAIGN = Section(
    "campaign",
    "The campaign",
    "Reviewers read description, opt-in and samples side by side. They must tell one story.",
    (
        Field("use_case", "Use case", "UsAppToPersonUsecase", "choice", choices=_USE_CASES),
        Field(
            "description", "Description", "Description", "text", least=40, most=4096,
            hint="Who sends, to whom, and why they get it.",
            why="“To send messages” is rejected; name business and purpose.",
        ),
        Field(
            "message_flow", "How people opt in", "MessageFlow", "text", least=40, most=2048,
            hint="Every way in which people agree, with the address of the page.",
            why="It must name the live opt-in page (30543), with frequency, rates, STOP, terms and privacy (30924).",
        ),
        Field("sample_1", "Sample 1", "MessageSamples", "text", least=20, most=1024, hint=_SAMPLE_HINT,
              why="The business's name and “Reply STOP to opt out” belong in it; no public link shorteners (30449)."),
        Field("sample_2", "Sample 2", "MessageSamples", "text", least=20, most=1024, hint=_SAMPLE_HINT),
        Field("sample_3", "Sample 3", "MessageSamples", "text", least=20, most=1024, required=False),
        Field("sample_4", "Sample 4", "MessageSamples", "text", least=20, most=1024, required=False),
        Field("sample_5", "Sample 5", "MessageSamples", "text", least=20, most=1024, required=False),
        Field("embedded_links", "Texts contain links", "HasEmbeddedLinks", "yes_no", choices=YES_NO),
        Field("embedded_phone", "Texts contain phone numbers", "HasEmbeddedPhone", "yes_no", choices=YES_NO),
    ),
)  # fmt: skip

_KEYWORDS = Section(
    "keywords",
    "Keywords and their answers",
    "Prefilled with what Leadline or Twilio really answers.",
    (
        Field(
            "opt_in_keywords", "Opt-in keywords", "OptInKeywords", "keywords", most=255,
            hint="Words that people text to join.",
        ),
        Field(
            "opt_in_message", "Answer to an opt-in", "OptInMessage", "text", least=20, most=320,
            why="It needs brand, frequency, rates, HELP and STOP.",
        ),
        Field("opt_out_keywords", "Opt-out keywords", "OptOutKeywords", "keywords", most=255),
        Field(
            "opt_out_message", "Answer to STOP", "OptOutMessage", "text", least=20, most=320,
            why="It must say that no more texts come.",
        ),
        Field("help_keywords", "Help keywords", "HelpKeywords", "keywords", most=255),
        Field(
            "help_message", "Answer to HELP", "HelpMessage", "text", least=20, most=320,
            why="It needs the brand and a phone number, e-mail or web address.",
        ),
    ),
)  # fmt: skip

_RULES = Section(
    "rules",
    "Flags and links",
    "",
    (
        Field("subscriber_opt_in", "People opt in themselves", "SubscriberOptIn", "yes_no", choices=YES_NO),
        Field(
            "age_gated", "Age-gated content", "AgeGated", "yes_no", choices=YES_NO,
            hint="Alcohol, tobacco, firearms, gambling.",
        ),
        Field(
            "direct_lending", "Direct lending", "DirectLending", "yes_no", choices=YES_NO,
            hint="You yourself lend money and text about it.",
        ),
        Field(
            "privacy_url", "Privacy policy", "PrivacyPolicyUrl", "url", most=2048,
            why="It must say that mobile opt-in data is not shared with third parties for marketing (30932).",
        ),
        Field("terms_url", "Terms", "TermsAndConditionsUrl", "url", most=2048),
    ),
)  # fmt: skip

TEN_DLC: Final = Questionnaire(
    RegistrationKind.TEN_DLC,
    "A2P 10DLC",
    "For local numbers. Brand first (minutes to days), then the campaign: its review takes 10 to 15 business days.",
    (_BUSINESS, _REPRESENTATIVE, _CAMPAIGN, _KEYWORDS, _RULES),
    date(2026, 11, 25),
    (
        "Twilio, UsAppToPerson resource",
        "Twilio, Trust Hub compliance profile",
        "Twilio, A2P 10DLC campaign errors 30543, 30913, 30924, 30932, 30449",
    ),
)
