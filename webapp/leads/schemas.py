"""What the leads API takes and gives."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from flask_openapi3.models.file import FileStorage
from pydantic import BeforeValidator, Field, WithJsonSchema
from werkzeug.datastructures import FileStorage as Upload

from webapp.leads.consents import SOURCE_LENGTH
from webapp.leads.fields import CustomValue
from webapp.leads.importing import MAX_BYTES
from webapp.leads.list_schemas import FilterText
from webapp.leads.listing import Owner
from webapp.models.constants import BulkStatus, LeadStatus
from webapp.web.fields import ID_REGEX, Answer, Body, Form, InId, InInstant, OutId, OutInstant, Text
from webapp.web.paging import Page, PageQuery

_EXACT = 2**53
_FIELDS_BYTES = 64 * 1024


def _read_owner(value: object) -> Owner | int:
    if isinstance(value, str) and value in set(Owner):
        return Owner(value)
    if isinstance(value, str) and re.fullmatch(ID_REGEX, value):
        return int(value)
    raise ValueError("must be all, mine, unassigned, or the id of a person")


def _read_scalar(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError("must be text, a number, true, false or null")


def _read_upload(value: object) -> object:
    if isinstance(value, Upload):
        return value
    raise ValueError("must be a file, sent with its name")


#: One of Owner's words, or the id of a person.
WhoseLeads: TypeAlias = Annotated[
    Owner | int,
    BeforeValidator(_read_owner),
    WithJsonSchema({"type": "string", "pattern": f"^({'|'.join(Owner)}|{ID_REGEX})$"}),
]
_Scalar: TypeAlias = Annotated[
    Any,
    BeforeValidator(_read_scalar),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[^\x00]*$", "maxLength": 1000},
                {"type": "number", "minimum": -_EXACT, "maximum": _EXACT},
                {"type": "boolean"},
                {"type": "null"},
            ]
        }
    ),
]
CustomIn: TypeAlias = dict[Annotated[Text, Field(min_length=1, max_length=64)], _Scalar]
TagsIn: TypeAlias = Annotated[list[Annotated[Text, Field(max_length=50)]], Field(max_length=50)]
_Name: TypeAlias = Annotated[Text, Field(max_length=100)]
_Phone: TypeAlias = Annotated[Text, Field(min_length=1, max_length=100)]
_Email: TypeAlias = Annotated[Text, Field(max_length=254)]
_Word: TypeAlias = Annotated[Text, Field(max_length=64)]
#: A status's own word, as it stands in JSON.
StatusIn: TypeAlias = Annotated[LeadStatus, Field(strict=False)]


class LeadQuery(PageQuery):
    """`q` finds names, tags, e-mail addresses, and phones in any format or by their last four digits.

    `list_id` is a saved list, `filter` the JSON of a filter as saved lists have it: give one of them.
    """

    q: Text = Field(default="", max_length=200)
    owner: WhoseLeads = Owner.ALL
    sort: Literal["newest", "name"] = "newest"
    list_id: InId | None = None
    filter: FilterText = ""


class LeadOut(Answer):
    """A lead. `phone` is E.164; `suppressed` says that the number opted out; `lost` is one who is not interested."""

    id: OutId
    first_name: str
    last_name: str
    phone: str
    email: str | None
    state: str | None
    postal_code: str | None
    timezone: str | None
    status: LeadStatus
    tags: list[str]
    custom: dict[str, CustomValue]
    owner_id: OutId | None
    score: int
    suppressed: bool
    created_at: OutInstant


class Leads(Page[LeadOut]):
    """Leads in the order that was asked for."""


class ConsentIn(Body):
    """How a person agreed to texts; `at` is now where it is left out. It counts only if somebody attests to it."""

    source: Text = Field(min_length=1, max_length=SOURCE_LENGTH)
    at: InInstant | None = None
    attested: bool


class LeadIn(Body):
    """A lead to be made. The phone may be written in any format; a number without country code is American.

    `state` is a code or a name, `timezone` a key like America/Chicago or a word like Central. `owner_id` is whom it
    is assigned to: for a rep only themselves. Without it the lead goes to whoever has the number's conversation.
    """

    phone: _Phone
    first_name: _Name = ""
    last_name: _Name = ""
    email: _Email | None = None
    state: _Word | None = None
    postal_code: _Word | None = None
    timezone: _Word | None = None
    status: StatusIn = LeadStatus.NEW
    tags: TagsIn = Field(default_factory=list)
    custom: CustomIn = Field(default_factory=dict)
    owner_id: InId | None = None
    consent: ConsentIn | None = None


class LeadPatch(Body):
    """What is to change. A field that is left out stays; null clears it.

    `tags` replaces all tags; `custom` is merged into the fields that there are, and null takes one away. A campaign
    whose rules name a tag that the lead gets, or the status that it gets to, ends for it at once.
    """

    phone: _Phone = ""
    first_name: _Name = ""
    last_name: _Name = ""
    email: _Email | None = None
    state: _Word | None = None
    postal_code: _Word | None = None
    timezone: _Word | None = None
    status: StatusIn = LeadStatus.NEW
    tags: TagsIn = Field(default_factory=list)
    custom: CustomIn = Field(default_factory=dict)
    owner_id: InId | None = None


class ImportForm(Form):
    """A CSV file with a row of column names first, one of them Phone, Mobile or Cell.

    New leads go to `owner_id`; `overwrite` lets the file replace what known leads already say. A column named Status,
    Lead status or Stage gives the status, in people's words; what is none of ours is kept among the custom fields.

    Consent needs all of `consent_source` (how everybody in the file agreed to texts), `consent_at` (when) and
    `consent_attested`; blank, the leads are in without consent. Columns named Consent source, Consent date and Consent
    kind (express, implied purchase, implied inquiry, or no) say it row by row: there `consent_attested` alone vouches
    for them. Whoever is marked in a column named Opted out, DND, Unsubscribed, Do not text or the like is suppressed.
    """

    max_bytes: ClassVar[int] = MAX_BYTES + _FIELDS_BYTES

    file: Annotated[FileStorage, BeforeValidator(_read_upload)]
    owner_id: InId | None = None
    overwrite: bool = False
    consent_source: Text = Field(default="", max_length=SOURCE_LENGTH)
    consent_at: InInstant | None = None
    consent_attested: bool = False


class RowErrorOut(Answer):
    """What is wrong with a row, as a spreadsheet numbers them, and what became of the row.

    A `suppressed` row did go in: its person had opted out, or had their data deleted, and is not texted.
    """

    row: int
    field: str
    outcome: Literal["invalid", "duplicate", "skipped", "undated", "suppressed"]
    message: str


class RowErrors(Page[RowErrorOut]):
    """Row errors in the file's order. There are more while the operation is under way."""


class BulkOut(Answer):
    """Long work and how far it is: `done` of `total` rows. The counters add up to `done`.

    An import's counters are `new`, `updated`, `duplicate` (further up in the file), `invalid`, and `skipped` (blank,
    nothing new, or a colleague's); its `tally`, which adds up to nothing, is of people who `agreed` and rows marked as
    `opted_out`; and, where there are any, of rows in it whose people had opted out before (`stopped_before`) or had
    their data deleted (`erased_before`). `notes` say how the file was read; `error` why the operation failed.

    A change of many leads has `changed` (or what it does instead, such as `exported`), `unchanged` and `skipped`; each
    lead that was skipped is an error whose `field` is `lead:ID`.
    """

    id: OutId
    kind: str
    status: BulkStatus
    filename: str
    total: int
    done: int
    counters: dict[str, int]
    tally: dict[str, int]
    notes: list[str]
    errors: RowErrors
    error: str | None
    created_at: OutInstant
    started_at: OutInstant | None
    finished_at: OutInstant | None
