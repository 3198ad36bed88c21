"""The form of caps, keywords and answers: what will not do is named beside its field."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from webapp.accounts.settings import AccountSettings
from webapp.carrier import segments
from webapp.compliance import own_words
from webapp.leads.fields import tidy
from webapp.rules import reply_checks
from webapp.rules.reply_checks import MOST_SEGMENTS, Kind

_BETWEEN_WORDS = re.compile(r"[\n,;]+")
_MOST = 10_000_000
ANSWERS: tuple[tuple[str, Kind], ...] = (("stop_reply", "stop"), ("start_reply", "start"), ("help_reply", "help"))


def _line(value: str | None) -> str:
    return tidy(value)


def _up_to(characters: int) -> Length:
    return Length(max=characters, message=f"Use {characters} characters or fewer.")


def _from_to(least: int, most: int) -> list[object]:
    words = f"Enter a number from {least} to {most:,}."
    return [InputRequired(words), NumberRange(least, most, words)]


def _limit() -> list[object]:
    return [Optional(), NumberRange(1, _MOST, f"Enter a number from 1 to {_MOST:,}, or nothing for no limit.")]


class TextingForm(FlaskForm):
    """Saves what it has; ``agreed`` carries the seal of what an admin was told that it loosens."""

    business_name = StringField("Business name", [_up_to(100)], filters=[_line])
    business_contact = StringField("How to reach you", [_up_to(200)], filters=[_line])
    message_frequency = StringField(
        "How often you text", [DataRequired("Say how often, like “Up to 4 msgs/month”."), _up_to(60)], filters=[_line]
    )
    keyword_replies = RadioField(
        "Who answers STOP, START and HELP?",
        choices=[("carrier", "The carrier (Twilio)"), ("leadline", "Leadline")],
    )
    stop_reply = TextAreaField("Your answer to STOP", [_up_to(300)], filters=[_line])
    start_reply = TextAreaField("Your answer to START", [_up_to(300)], filters=[_line])
    help_reply = TextAreaField("Your answer to HELP", [_up_to(300)], filters=[_line])
    extra_stop_words = TextAreaField("More words that stop texts")

    cap_per_lead = IntegerField("Texts to one person in 24 hours", _from_to(1, 50))
    lane_gap_minutes = IntegerField("Minutes between two automatic texts to one person", _from_to(0, 10_080))
    reply_exemption_minutes = IntegerField("Minutes in which a person may answer at any hour", _from_to(0, 60))
    validity_minutes = IntegerField("Minutes a text may wait at Twilio", _from_to(1, 60))
    cap_sender_hour = IntegerField("From one number, an hour", _limit())
    cap_sender_day = IntegerField("From one number, a day", _limit())
    cap_account_hour = IntegerField("From all numbers, an hour", _limit())
    cap_account_day = IntegerField("From all numbers, a day", _limit())
    cap_brand_segments = IntegerField("Segments a day that T-Mobile allows", _limit())
    agreed = HiddenField()

    @classmethod
    def showing(cls, settings: AccountSettings) -> TextingForm:
        """The form as the settings are."""
        data = settings.model_dump() | {"extra_stop_words": "\n".join(settings.extra_stop_words)}
        return cls(formdata=None, data=data)

    def read(self) -> bool:
        """Whether everything will do; else the complaints stand beside the fields."""
        valid = bool(self.validate())
        for name, kind in ANSWERS:
            complaint = self._answer_complaint(kind, self[name].data or "")
            if complaint and not self[name].errors:
                self[name].errors = [complaint]
        complaint = _words_complaint(self.words())
        if complaint:
            self.extra_stop_words.errors = [complaint]
        return valid and not any(field.errors for field in self)

    def words(self) -> tuple[str, ...]:
        """The words, one a line or with commas between, in plain form, each once."""
        given = _BETWEEN_WORDS.split(self.extra_stop_words.data or "")
        return tuple(dict.fromkeys(filter(None, (own_words.normal(word) for word in given))))

    def changes(self) -> dict[str, object]:
        """The settings as they were sent."""
        sent = {name: value for name, value in self.data.items() if name in AccountSettings.model_fields}
        return sent | {"extra_stop_words": self.words()}

    def _answer_complaint(self, kind: Kind, text: str) -> str | None:
        if not text:
            return None
        found = reply_checks.complaint(kind, text, self.business_name.data or "", self.business_contact.data or "")
        count = segments.count(text).segments
        if found is None and count > MOST_SEGMENTS:
            return f"It takes {count} segments; at most {MOST_SEGMENTS} will do."
        return found


def _words_complaint(words: tuple[str, ...]) -> str | None:
    if len(words) > own_words.MOST:
        return f"These are {len(words)} words; at most {own_words.MOST} can be kept."
    return next(filter(None, map(own_words.complaint, words)), None)
