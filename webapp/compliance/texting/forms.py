"""The form of caps, keywords and answers: what will not do is named beside its field."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from webapp.accounts.settings import AccountSettings
from webapp.carrier import segments
from webapp.compliance.optouts import own_words
from webapp.leads.fields import tidy
from webapp.rules import reply_checks
from webapp.rules.reply_checks import MOST_SEGMENTS, Kind
from webapp.web.forms import WholeNumberField

_BETWEEN_WORDS = re.compile(r"[\n,;]+")
_MOST = 10_000_000
ANSWERS: tuple[tuple[str, Kind], ...] = (("stop_reply", "stop"), ("start_reply", "start"), ("help_reply", "help"))


def _line(value: str | None) -> str:
    return tidy(value)


def _up_to(characters: int) -> Length:
    return Length(max=characters, message=f"Use {characters} characters or fewer.")


def _from_to(label: str, least: int, most: int) -> WholeNumberField:
    asked = f"Enter a number from {least} to {most:,}."
    return WholeNumberField(label, [InputRequired(asked), NumberRange(least, most, asked)], asked=asked)


def _limit(label: str) -> WholeNumberField:
    asked = f"Enter a number from 1 to {_MOST:,}, or nothing for no limit."
    return WholeNumberField(label, [Optional(), NumberRange(1, _MOST, asked)], asked=asked)


class TextingForm(FlaskForm):
    """Saves what it has; ``agreed`` carries the seal of what an admin was told that it loosens."""

    business_name = StringField(
        "Business name", [DataRequired("Enter the business name: every answer names it."), _up_to(100)], filters=[_line]
    )
    business_contact = StringField("How to reach you", [_up_to(200)], filters=[_line])
    message_frequency = StringField(
        "How often you text", [DataRequired("Say how often, like “Up to 4 msgs/month”."), _up_to(60)], filters=[_line]
    )
    keyword_replies = RadioField(
        "Who answers STOP, START and HELP?",
        choices={"carrier": "The carrier (Twilio)", "leadline": "Leadline"},
    )
    stop_reply = TextAreaField("Your answer to STOP", [_up_to(300)], filters=[_line])
    start_reply = TextAreaField("Your answer to START", [_up_to(300)], filters=[_line])
    help_reply = TextAreaField("Your answer to HELP", [_up_to(300)], filters=[_line])
    extra_stop_words = TextAreaField("More words that stop texts")

    cap_per_lead = _from_to("Texts to one person in 24 hours", 1, 50)
    lane_gap_minutes = _from_to("Minutes between two automatic texts to one person", 0, 10_080)
    reply_exemption_minutes = _from_to("Minutes in which a person may answer at any hour", 0, 60)
    validity_minutes = _from_to("Minutes a text may wait at Twilio", 1, 60)
    cap_sender_hour = _limit("From one number, an hour")
    cap_sender_day = _limit("From one number, a day")
    cap_account_hour = _limit("From all numbers, an hour")
    cap_account_day = _limit("From all numbers, a day")
    cap_brand_segments = _limit("Segments a day that T-Mobile allows")
    breaker_least_texts = _from_to("Texts before anything is stopped", 5, 5_000)
    breaker_texts = _from_to("Newest texts that are looked at", 20, 5_000)
    breaker_filtered_percent = _from_to("Percent filtered by carriers", 1, 100)
    breaker_opt_out_percent = _from_to("Percent answered by an opt-out", 1, 100)
    breaker_failed_percent = _from_to("Percent failed otherwise", 1, 100)
    second_person_above = _limit("Leads that one person may launch to")
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
        complaint = _words_complaint(self.words()) or self._wordless()
        if complaint:
            self.extra_stop_words.errors = [complaint]
        if (self.breaker_least_texts.data or 0) > (self.breaker_texts.data or 0) and not self.breaker_texts.errors:
            self.breaker_least_texts.errors = ["At most as many as are looked at."]
        return valid and not any(field.errors for field in self)

    def words(self) -> tuple[str, ...]:
        """The words, one a line or with commas between, in plain form, each once."""
        return tuple(dict.fromkeys(filter(None, map(own_words.normal, self._given_words()))))

    def _given_words(self) -> list[str]:
        return [word for word in map(tidy, _BETWEEN_WORDS.split(self.extra_stop_words.data or "")) if word]

    def _wordless(self) -> str | None:
        """Of what was given, that which cannot be compared with a text."""
        lost = next((word for word in self._given_words() if not own_words.normal(word)), None)
        return None if lost is None else f"“{lost[: own_words.LONGEST]}” has no letter: give a word that people write."

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
