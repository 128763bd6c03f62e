"""The link to somebody's own page: it names whose page it is and until when, and nobody can change that."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.own_page import LASTS, AlteredLink, OwnPage, OwnRole, claimed, page_until, require_signed, token_of

SECRET = b"s" * 32
AT = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
PEOPLE = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}", fullmatch=True)


@given(st.sampled_from(["learner", "mentor"]), PEOPLE, st.integers(0, 7_000_000_000))
def test_a_link_says_what_was_signed(role: OwnRole, person: str, at: int) -> None:
    page = page_until(role, person, datetime.fromtimestamp(at, UTC))
    token = token_of(page, SECRET)
    assert claimed(token) == page
    require_signed(token, SECRET)
    with pytest.raises(AlteredLink):
        require_signed(token, b"x" * 32)


def test_letters_of_one_day_have_the_same_link_and_it_lasts_as_long_as_it_says() -> None:
    page = page_until("learner", "l-1", AT)
    assert token_of(page, SECRET) == token_of(page_until("learner", "l-1", AT - timedelta(hours=17)), SECRET)
    assert page.expires_at == datetime(2026, 3, 2, tzinfo=UTC) + LASTS


@given(st.data())
def test_no_changed_character_passes(data: st.DataObject) -> None:
    token = token_of(page_until("mentor", "m-1", AT), SECRET)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = f"{token[:place]}{other}{token[place + 1 :]}"
    if changed != token:
        with pytest.raises(AlteredLink):
            require_signed(changed, SECRET)


@given(st.text(max_size=500))
def test_any_text_is_an_altered_link_and_nothing_worse(text: str) -> None:
    for read in (claimed, lambda token: require_signed(token, SECRET)):
        with pytest.raises(AlteredLink):
            read(text)


def test_the_role_is_signed_along() -> None:
    one, other = (
        token_of(OwnPage(role, "p-1", page_until(role, "p-1", AT).expires_at), SECRET) for role in ("learner", "mentor")
    )
    assert one.partition(".")[2] != other.partition(".")[2]
