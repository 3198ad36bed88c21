"""What carriers ask, as data, and why a review would reject an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.compliance.public.support import FILLED
from webapp.accounts.settings import AccountSettings
from webapp.compliance.public.programme import Programme
from webapp.compliance.registration.checks import check
from webapp.compliance.registration.fields import Field, Questionnaire
from webapp.compliance.registration.ten_dlc import TEN_DLC
from webapp.compliance.registration.toll_free import TOLL_FREE

PROGRAMME = Programme(
    AccountSettings.model_validate(FILLED | {"opt_in_page": True}),
    "+15125550100",
    "https://texts.lonestarhomes.com",
    None,
)
FLOW = (
    "People opt in at https://texts.lonestarhomes.com/join by ticking a box. Up to 4 msgs/month. Msg & data rates may"
    " apply. Reply STOP to opt out, HELP for help. Privacy policy and terms are linked there."
)
SAMPLE = "Lone Star Homes: hi [first name], a new listing. Reply STOP to opt out."


def field_of(questionnaire: Questionnaire, key: str) -> Field:
    return next(field for field in questionnaire.fields() if field.key == key)


def blocks(key: str, value: str, questionnaire: Questionnaire = TEN_DLC, **others: str) -> list[str]:
    """What a review would fail on in this answer."""
    answers = others | {key: value}
    return [found.sentence for found in check(field_of(questionnaire, key), answers, PROGRAMME) if found.blocks]


def advises(key: str, value: str, **others: str) -> list[str]:
    answers = others | {key: value}
    return [found.sentence for found in check(field_of(TEN_DLC, key), answers, PROGRAMME) if not found.blocks]


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("description", 40, 4096),
        ("message_flow", 40, 2048),
        ("sample_1", 20, 1024),
        ("sample_5", 20, 1024),
        ("opt_in_message", 20, 320),
        ("opt_out_message", 20, 320),
        ("help_message", 20, 320),
        ("opt_out_keywords", 0, 255),
    ],
)
def test_the_limits_are_twilios_own(key: str, least: int, most: int) -> None:
    field = field_of(TEN_DLC, key)
    assert (field.least, field.most) == (least, most)
    if least:
        assert any("Too short" in words for words in blocks(key, "x" * (least - 1)))
    assert any(words.startswith("Too long by 1:") for words in blocks(key, "x" * (most + 1)))
    exact = [blocks(key, "x" * length) for length in (max(least, 1), most)]
    assert not any("Too" in words for found in exact for words in found)


@pytest.mark.parametrize("questionnaire", [TEN_DLC, TOLL_FREE], ids=lambda each: each.kind)
def test_every_field_has_one_key_a_label_and_twilios_name_and_choices_where_it_needs_them(
    questionnaire: Questionnaire,
) -> None:
    fields = list(questionnaire.fields())
    assert len({field.key for field in fields}) == len(fields)
    assert all(field.label and field.api for field in fields)
    assert {bool(field.choices) for field in fields if field.kind in ("choice", "several", "yes_no")} == {True}


def test_two_samples_are_needed_and_three_more_may_be_given() -> None:
    required = {
        key for key in ("sample_1", "sample_2", "sample_3", "sample_4", "sample_5") if field_of(TEN_DLC, key).required
    }
    assert required == {"sample_1", "sample_2"}
    assert blocks("sample_2", "") == ["Not filled in."]
    assert blocks("sample_3", "") == []


def test_a_flow_that_says_all_of_it_passes() -> None:
    assert blocks("message_flow", FLOW) == []
    assert advises("message_flow", FLOW) == []


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ("https://texts.lonestarhomes.com/join", "Name the page on which people opt in"),
        ("Up to 4 msgs/month", "Say how often"),
        ("Msg & data rates may apply", "data rates"),
        ("STOP", "Say that STOP opts out."),
        ("HELP for help", "Say that HELP gets help."),
        ("Privacy policy", "Link the privacy policy."),
        ("terms", "Link the terms."),
    ],
)
def test_a_flow_that_lacks_something_is_told_what(without: str, missing: str) -> None:
    found = blocks("message_flow", FLOW.replace(without, ""))
    assert len(found) == 1
    assert missing in found[0]


def test_another_page_than_ours_is_only_asked_about() -> None:
    flow = FLOW.replace("texts.lonestarhomes.com/join", "www.lonestarhomes.com/contact")
    assert blocks("message_flow", flow) == []
    assert "your opt-in page, https://texts.lonestarhomes.com/join" in advises("message_flow", flow)[0]


@pytest.mark.parametrize(
    ("sample", "complaint"),
    [
        ("A new listing for you. Reply STOP to opt out.", "does not name the business"),
        ("Lone Star Homes: see bit.ly/3xY for it. Reply STOP to opt out.", "Public short links are rejected"),
        ("Lone Star Homes: http://lonestarhomes.com/7 Reply STOP to opt out.", "Links begin with https://."),
        ("Lone Star Homes: a new listing. Interested?", "None of the samples says"),
    ],
)
def test_a_sample_that_would_be_rejected_is_told_why(sample: str, complaint: str) -> None:
    assert [words for words in blocks("sample_1", sample) if complaint in words]


def test_one_sample_with_the_stop_line_is_enough_for_all() -> None:
    assert blocks("sample_1", "Lone Star Homes: a new listing. Interested?", sample_2=SAMPLE) == []


def test_flags_must_say_what_the_samples_show() -> None:
    link = "Lone Star Homes: https://lonestarhomes.com/7 Reply STOP to opt out."
    call = "Lone Star Homes: call (512) 555-0100. Reply STOP to opt out."
    assert blocks("embedded_links", "no", sample_1=link) == ["A sample has a link: answer yes, or take it out."]
    assert blocks("embedded_links", "no", sample_1=SAMPLE) == []
    assert blocks("embedded_phone", "no", sample_2=call) == ["A sample has a phone number: answer yes, or take it out."]
    assert advises("embedded_links", "yes", sample_1=SAMPLE) != []


@pytest.mark.parametrize(
    ("value", "ok"),
    [
        ("https://www.lonestarhomes.com", True),
        ("http://www.lonestarhomes.com", False),
        ("www.lonestarhomes.com", False),
        ("https://localhost:5000", False),
        ("https://10.0.0.7/join", False),
        ("https://bit.ly/3xY", False),
    ],
)
def test_an_address_must_be_one_that_reviewers_can_open(value: str, ok: bool) -> None:
    assert (blocks("website", value) == []) is ok


@pytest.mark.parametrize(
    ("key", "value", "ok"),
    [
        ("region", "TX", True),
        ("region", "tx", True),
        ("region", "ZZ", False),
        ("ein", "12-3456789", True),
        ("ein", "123456789", True),
        ("ein", "123-45-6789", False),
        ("rep_phone", "512-555-0100", True),
        ("rep_phone", "12", False),
        ("rep_email", "ann@lonestarhomes.com", True),
        ("rep_email", "ann", False),
        ("opt_out_keywords", "STOP, END", True),
        ("opt_out_keywords", "END, QUIT", False),
        ("opt_out_keywords", "STOP, opt-out", False),
        ("help_keywords", "INFO", False),
        ("industry", "REAL_ESTATE", True),
        ("industry", "Homes", False),
        ("opt_out_message", "Lone Star Homes: you're unsubscribed and won't get more texts.", True),
        ("opt_out_message", "Lone Star Homes: thank you for your message.", False),
        ("help_message", "Lone Star Homes: help at 512-555-0100.", True),
        ("help_message", "Lone Star Homes: we help you gladly.", False),
        ("opt_in_message", "Lone Star Homes: welcome!", False),
        ("description", "We send messages to the people on our list of customers.", False),
    ],
)
def test_each_kind_of_answer_has_its_rule(key: str, value: str, ok: bool) -> None:
    assert (blocks(key, value) == []) is ok


def test_our_own_privacy_page_must_be_public_and_another_one_is_to_be_looked_at() -> None:
    assert blocks("privacy_url", PROGRAMME.privacy_url) == []
    unfinished = replace(PROGRAMME, settings=PROGRAMME.settings.model_copy(update={"business_address": ""}))
    answers = {"privacy_url": unfinished.privacy_url}
    found = check(field_of(TEN_DLC, "privacy_url"), answers, unfinished)
    assert [each.sentence for each in found] == ["The page is not public yet. Missing: the postal address."]
    assert "not shared with or sold to third parties" in advises("privacy_url", "https://lonestarhomes.com/privacy")[0]


def test_a_brand_that_the_texts_do_not_name_and_free_mail_are_only_remarked_on() -> None:
    assert advises("legal_name", "Lone Star Homes LLC") == []
    assert "Your texts name “Lone Star Homes”" in advises("legal_name", "Miller Holdings Inc")[0]
    assert "free mail address" in advises("rep_email", "ann@gmail.com")[0]
    assert advises("website", "https://www.lonestarhomes.com") == []
    assert advises("website", "https://www.example.com") != []


def test_only_a_sole_proprietor_needs_no_ein_for_a_toll_free_number() -> None:
    assert blocks("business_type", "SOLE_PROPRIETOR", TOLL_FREE) == []
    assert blocks("business_type", "PRIVATE_PROFIT", TOLL_FREE) == ["All but sole proprietors need the EIN as well."]
    assert blocks("business_type", "PRIVATE_PROFIT", TOLL_FREE, ein="12-3456789") == []
    assert blocks("categories", "MARKETING, EVENTS", TOLL_FREE) == []
    assert blocks("categories", "MARKETING, SPAM", TOLL_FREE) == ["Choose one of the list."]
