"""Links to forms: read back as they were made, and nobody changes or makes one without the secret."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.survey.links import LONGEST_TOKEN, AlteredLink, SurveyLink, link_of, token_of

SECRET, OTHER = b"s" * 32, b"o" * 32
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.~-]{0,249}", fullmatch=True)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LINKS = st.builds(SurveyLink, IDS, st.sampled_from(("learner", "mentor", "ops")), IDS, MOMENTS)


@given(LINKS)
def test_it_is_read_back_as_it_was_made(link: SurveyLink) -> None:
    token = token_of(link, SECRET)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}", token)
    assert len(token) <= LONGEST_TOKEN
    read = link_of(token, SECRET)
    assert (read.request, read.role, read.respondent) == (link.request, link.role, link.respondent)
    assert timedelta(0) <= link.expires_at - read.expires_at < timedelta(seconds=1)
    assert token_of(read, SECRET) == token


@given(LINKS, st.data())
def test_a_changed_character_is_noticed(link: SurveyLink, data: st.DataObject) -> None:
    token = token_of(link, SECRET)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda one: one != token[place]))
    with pytest.raises(AlteredLink):
        link_of(token[:place] + other + token[place + 1 :], SECRET)


@given(LINKS, LINKS)
def test_a_signature_holds_for_one_link_and_one_secret(one: SurveyLink, other: SurveyLink) -> None:
    token = token_of(one, SECRET)
    with pytest.raises(AlteredLink):
        link_of(token, OTHER)
    mine, theirs = token.split("."), token_of(other, SECRET).split(".")
    if mine != theirs:
        with pytest.raises(AlteredLink):
            link_of(f"{mine[0]}.{theirs[1]}", SECRET)


@pytest.mark.parametrize("text", ["", ".", "..", "a", "a.b", "é.é", "=.=", "a" * 5_000, "a." * 2_000, "\x00"])
def test_what_is_no_link(text: str) -> None:
    with pytest.raises(AlteredLink):
        link_of(text, SECRET)
