"""Every table, importable from one place: columns and constraints, no queries."""

from webapp.models.accounts import ApiToken, AuditEntry, Setting, User
from webapp.models.base import Base
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
from webapp.models.leads import ContactNumber, Lead
from webapp.models.ledger import Decision, SmsEvent
from webapp.models.messaging import Conversation, Draft, Media, Message, PhoneNumber, WebhookReceipt
from webapp.models.operations import BulkOperation, BulkRowError, Counter, Heartbeat

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Base",
    "BulkOperation",
    "BulkRowError",
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
    "Heartbeat",
    "Lead",
    "Media",
    "Message",
    "PhoneNumber",
    "PrivacyRequest",
    "Registration",
    "SenderUsage",
    "Setting",
    "SmsEvent",
    "User",
    "WebhookReceipt",
]
