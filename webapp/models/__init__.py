"""Every table, importable from one place: columns and constraints, no queries."""

from webapp.models.accounts import ApiToken, AuditEntry, Setting, User
from webapp.models.arriving import Media, WebhookReceipt
from webapp.models.base import Base
from webapp.models.campaigns import Campaign, CampaignPlan, CampaignStep, CampaignVersion, Enrollment
from webapp.models.compliance import (
    ConsentRow,
    ConsentSeal,
    Disclosure,
    DncEntry,
    DncList,
    PrivacyRequest,
    Registration,
    SenderUsage,
)
from webapp.models.leads import ContactNumber, Lead, SavedList, SavedListMember
from webapp.models.ledger import Decision, SmsEvent
from webapp.models.messaging import Conversation, Draft, Message, PhoneNumber
from webapp.models.operations import BulkOperation, BulkRowError, Counter, Heartbeat, Pace
from webapp.models.texts import Template, TemplateVersion

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Base",
    "BulkOperation",
    "BulkRowError",
    "Campaign",
    "CampaignPlan",
    "CampaignStep",
    "CampaignVersion",
    "ConsentRow",
    "ConsentSeal",
    "ContactNumber",
    "Conversation",
    "Counter",
    "Decision",
    "Disclosure",
    "DncEntry",
    "DncList",
    "Draft",
    "Enrollment",
    "Heartbeat",
    "Lead",
    "Media",
    "Message",
    "Pace",
    "PhoneNumber",
    "PrivacyRequest",
    "Registration",
    "SavedList",
    "SavedListMember",
    "SenderUsage",
    "Setting",
    "SmsEvent",
    "Template",
    "TemplateVersion",
    "User",
    "WebhookReceipt",
]
