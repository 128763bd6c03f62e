"""DATABASE_URL as providers write it: taken as it is meant, or refused with what is wrong."""

from pathlib import Path

import asyncpg
import pytest

from store.database_url import read

AT = "postgresql://u:p@h:5432/d"


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        (AT, AT),
        (f"{AT}?sslmode=require&channel_binding=require", f"{AT}?sslmode=require"),
        (f"{AT}?connect_timeout=10&keepalives_idle=30", AT),
        (f"{AT}?ssl=true", f"{AT}?sslmode=require"),
        (f"{AT}?client_encoding=UTF8&gssencmode=prefer", AT),
        (f"{AT}?options=-c%20search_path%3Dx", f"{AT}?options=-c%20search_path%3Dx"),
        (
            f"{AT}?options=endpoint%3Dep-1&application_name=a%20b",
            f"{AT}?options=endpoint%3Dep-1&application_name=a%20b",
        ),
        (f"{AT}?statement_timeout=5000", f"{AT}?statement_timeout=5000"),
        (f"{AT}?pgbouncer=true&connection_limit=1&schema=public", AT),
        ("POSTGRES://u:p@h/d", "postgres://u:p@h/d"),
        ("postgres://u:p%40%23%2Fx@h/d", "postgres://u:p%40%23%2Fx@h/d"),
        ("postgres://u:p@x%y:z@h/d", "postgres://u:p%40x%25y%3Az@h/d"),
        ("postgresql://h1:5432,h2:5433/d?target_session_attrs=read-write",) * 2,
        ("postgresql://u@[::1]:5432/d",) * 2,
        ("postgresql:///d?host=/run/postgresql", "postgresql:///d?host=%2Frun%2Fpostgresql"),
        ("postgresql://u:p@h?sslmode=disable",) * 2,
        ("postgresql://u:p@h",) * 2,
    ],
)
def test_what_providers_write_is_taken(url: str, becomes: str) -> None:
    found = read(url)
    assert found.dsn == becomes
    assert not any("p@" in one or "u:p" in one for one in found.remarks)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "it is not the URL of a Postgres; write postgresql://"),
        ("mysql://u:hidden@h/d", "it is not the URL of a Postgres"),
        ("h:5432/d", "it is not the URL of a Postgres"),
        ("postgresql+asyncpg://u:hidden@h/d", "it is written for another driver; write postgresql://"),
        ("jdbc:postgresql://h/d", "it is written for another driver"),
        (f'"{AT}"', "there are quotes around it"),
        (f" {AT}", "there is a blank"),
        (f"{AT}\n", "there is a blank or a control character in it"),
        ("postgres://u:hid#den@h/d", "it cannot be taken apart; percent-encode"),
        ("postgres://u:hid/den@h/d", "it cannot be taken apart; percent-encode"),
        ("postgresql://u:hidden@h:99999/d", "its port is not a number from 1 to 65535"),
        ("postgresql://u:hidden@h:port/d", "its port is not a number"),
        (f"postgresql://u:hidden@h:{'9' * 5000}/d", "its port is not a number"),
        ("postgresql://u:hidden@h:0/d", "its port is not a number"),
        ("postgresql://u:hidden@h1:1,h2:x/d", "its port is not a number"),
        ("postgresql://u:hidden@h!/d", "its host cannot be one"),
        (f"{AT}?sslmode=bogus", "`sslmode` is 'bogus'; write one of: disable, allow"),
        (f"{AT}?sslmode=no-verify", "`sslmode` is 'no-verify'; write one of"),
        (f"{AT}?sslmod=require", "it has no parameter `sslmod`; did you mean `sslmode`?"),
        (f"{AT}?sslmode", "`sslmode` has no value; write `name=value`"),
        (f"{AT}?sslmode=", "`sslmode` has no value"),
        (f"{AT}?sslmode=require&sslmode=disable", "`sslmode` is there twice; keep one of the two"),
        (f"{AT}?sslmode=disable&ssl=true", "`ssl` contradicts `sslmode`; keep one of the two"),
        (f"{AT}?sslmode=verify-full&sslrootcert=/nowhere.crt", "`sslrootcert` is not the path of a file"),
        (f"{AT}?sslmode=verify-full&sslrootcert=system", "`sslrootcert=system` is not supported; write a path"),
        (f"{AT}?sslmode=verify-ca", "`sslmode=verify-ca` needs the certificates to verify the server by; add"),
        (f"{AT}?target_session_attrs=master", "`target_session_attrs` is 'master'; write one of: any, primary"),
        (f"{AT}?hostaddr=10.0.0.1", "`hostaddr` is not supported; take it out"),
        (f"{AT}?require_auth=scram-sha-256", "`require_auth` is not supported"),
        (f"{AT}?gssencmode=require", "`gssencmode` is 'require'; write one of: disable, prefer"),
        (f"{AT}?a-b=c", "`a-b` is no parameter of it; take it out"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_secret_is_said(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ValueError) as caught:
        read(url)
    assert str(caught.value).startswith(says)
    assert "hid" not in str(caught.value)
    assert len(str(caught.value)) < 300


async def test_the_driver_takes_what_comes_of_it(dsn: str) -> None:
    more = "&channel_binding=prefer&connect_timeout=10&application_name=a%20b&options=-c%20search_path%3Dx"
    connection = await asyncpg.connect(read(f"{dsn}{more}&target_session_attrs=read-write&jit=off").dsn)
    shown = [await connection.fetchval(f"show {name}") for name in ("application_name", "search_path", "jit")]
    await connection.close()
    assert shown == ["a b", "x", "off"]
