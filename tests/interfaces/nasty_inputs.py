"""Two hundred requests of careless, confused and hostile callers, and what each must be answered with.

`{j}` is a journey that runs, with `{v}` as its version; `{other}` is the journey of another program.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Content = str | bytes


@dataclass(frozen=True)
class Nasty:
    about: str
    method: str
    path: str
    status: int
    code: str | None = None
    """Of the problem; None: it is no problem."""
    body: Content | None = None
    headers: Mapping[str, Content] = field(default_factory=dict)
    role: str = "ops"
    """Whose key is sent: of a role, or one of `TO_STRANGERS`."""
    leaves: bool = False
    """It is recorded, as a refusal of the journey's, or because it is none."""

    def __str__(self) -> str:
        return f"{self.about}: {self.method} {self.path[:90]}"


DEEP = "[" * 50_000
PAUSE = '{"reason": "exam weeks"}'
OUT_OF_INT = 2**63
HUGE = "9" * 4_000
P = "/v1/journeys/{j}/commands/pause"
CSV = {"Content-Type": "text/csv"}
NDJSON = {"Content-Type": "application/x-ndjson"}
INVALID, MISSING = "request_invalid", "not_found"


def nasty_inputs() -> Iterator[Nasty]:
    for part in (_ids, _queries, _cursors, _texts, _json, _types, _conditions, _repeats, _clocks, _positions):
        yield from part()
    for part in (_tables, _keys, _strangers, _numbers, _addresses, _kits, _bulk, _texts_of_commands, _quality):
        yield from part()


def _ids() -> Iterator[Nasty]:
    for about, written in {
        "NUL": "%00",
        "NUL within": "ready%00.l-1",
        "lone surrogate": "%ED%A0%80",
        "not UTF-8": "%FF%FE",
        "right to left": "%E2%80%AEready",
        "emoji": "%F0%9F%92%A9",
        "full width": "%EF%BD%92eady.l-1",
        "combining": "ready.l-1%CC%81",
        "line break": "ready.l-1%0A",
        "log injection": "x%0D%0ASet-Cookie:%20a=b",
        "quote": "'%20or%201=1--",
        "percent of SQL": "ready.l-%25",
        "huge": "x" * 5_000,
        "negative": "-1",
        "nan": "nan",
        "null": "null",
        "template": "{{7*7}}",
    }.items():
        path = written.replace("{", "{{").replace("}", "}}")
        yield Nasty(f"journey {about}", "GET", f"/v1/journeys/{path}", 404, MISSING)
        yield Nasty(f"pause {about}", "POST", f"/v1/journeys/{path}/commands/pause", 404, MISSING, PAUSE)
    for about, path in {
        "mentor": "/v1/mentors/%00",
        "cohort": "/v1/cohorts/%00",
        "webhook": "/v1/webhooks/%00",
        "bulk": "/v1/bulk/%00",
        "message": "/v1/messages/%00",
        "problem": "/problems/%00",
        "training": "/v1/programs/ready/training/%00",
        "guide": "/v1/programs/ready/guides/%00",
        "waiting": "/v1/programs/ready/rounds/1/learners/%00",
        "deliveries": "/v1/webhooks/%00/deliveries",
        "outcomes": "/v1/bulk/%00/journeys",
        "status": "/v1/journeys/%00/status",
        "why": "/v1/journeys/%00/why",
        "profile": "/v1/journeys/%00/profile",
        "sessions": "/v1/journeys/%00/sessions",
        "timeline": "/v1/journeys/%00/timeline",
        "upcoming": "/v1/journeys/%00/upcoming",
    }.items():
        yield Nasty(f"NUL as the id of a {about}", "GET", path, 404, MISSING)
    yield Nasty("NUL as a program", "GET", "/v1/programs/%00", 404, MISSING)
    yield Nasty("NUL as a person", "GET", "/v1/people/%00", 422, INVALID)
    yield Nasty("NUL as a version", "GET", "/v1/programs/ready/versions/%00/files", 404, MISSING)


def _queries() -> Iterator[Nasty]:
    board = "/v1/journeys?"
    for query in (
        "limit=0", "limit=-1", "limit=501", "limit=nan", "limit=1e2", f"limit={HUGE}", "limit=", "limit=%D9%A1",
        "limit=1.5", "limit=0x10", "sort=", "sort=key%3Bdrop", "stage=%00", "learner=%00", "mentor=%00",
        "waiting_on=nobody", "paused=maybe", "overdue=2", "program=%00", "segment=%00",
    ):  # fmt: skip
        yield Nasty("filter", "GET", board + query, 422, INVALID)
    yield Nasty("program of nobody", "GET", f"{board}program=never", 200)
    yield Nasty("surrogate as a program", "GET", f"{board}program=%ED%A0%80", 200)
    yield Nasty("same filter twice", "GET", f"{board}limit=1&limit=0", 422, INVALID)
    yield Nasty("unknown filter", "GET", f"{board}colour=red", 422, INVALID)
    yield Nasty("many names", "GET", "/v1/names?" + "id=x&" * 2_000, 422, INVALID)
    yield Nasty("names with NUL", "GET", "/v1/names?id=%00", 422, INVALID)
    yield Nasty("segment of SQL", "GET", "/v1/funnel?program=ready&segment=a'--", 200)


def _cursors() -> Iterator[Nasty]:
    for about, after in {
        "empty": "",
        "no base64": "%21%21",
        "not ASCII": "%C3%A4%C3%B6",
        "NUL": "%00",
        "JSON bare": "[1,null,%22x%22]",
        "of another list": "WyJsLTEiXQ==",
        "without padding": "WzEsbnVsbCwieCJd"[:-1],
        "too many": "WzEsbnVsbCwieCIsMV0=",
        "an object": "e30=",
        "nan": "W05hTixudWxsLCJ4Il0=",
        "far rank": "Wzk5LG51bGwsIngiXQ==",
        "NUL within": "WzEsbnVsbCwiXHUwMDAwIl0=",
        "surrogate within": "WzEsbnVsbCwiXHVkODAwIl0=",
        "deep": "W1tb" * 1_000,
    }.items():
        yield Nasty(f"cursor {about}", "GET", f"/v1/journeys?after={after}", 422, "cursor_invalid")
    for path, code in {
        "cases": "cursor_invalid",
        "bulk": "cursor_invalid",
        "people": INVALID,
        "messages": INVALID,
    }.items():
        yield Nasty("cursor with NUL", "GET", f"/v1/{path}?after=%00", 422, code)
    yield Nasty("cursor with NUL", "GET", "/v1/cohorts?after=%00", 404, MISSING)


def _texts() -> Iterator[Nasty]:
    for about, reason in {
        "NUL": r'"a\u0000b"',
        "high surrogate": r'"\ud800"',
        "low surrogate": r'"\udc00"',
        "surrogates in the wrong order": r'"\udc00\ud800"',
        "empty": '""',
        "too long": json.dumps("x" * 10_001),
        "a number": "1",
        "null": "null",
        "a list": '["x"]',
        "true": "true",
    }.items():
        yield Nasty(f"reason {about}", "POST", P, 422, INVALID, f'{{"reason": {reason}}}')
    for about, by in {"nobody": "nobody", "NUL": r"ops:\u0000", "line": r"ops:a\n", "long": "ops:" + "x" * 200}.items():
        yield Nasty(f"by {about}", "POST", P, 422, INVALID, f'{{"reason": "x", "by": "{by}"}}')
    for field_ in ("origin", "if_version", "at", "__proto__", r"\u0000", r"\ud800", ""):
        yield Nasty(f"field {field_}", "POST", P, 422, INVALID, f'{{"reason": "x", "{field_}": 1}}')
    for name in (r"\u0000", r"\ud800", "", "x" * 201):
        body = f'{{"kind": "learner", "name": "{name}"}}'
        yield Nasty("name", "PUT", "/v1/people/l-77", 422, INVALID, body)
    for email in ("no-address", r"a@b.org\u0000", r"a@b.org\r\nBcc: c@d.org", "x" * 400):
        body = f'{{"kind": "learner", "name": "X", "email": "{email}"}}'
        yield Nasty("e-mail", "PUT", "/v1/people/l-77", 422, INVALID, body)
    for zone in ("Mars/Olympus", "../../etc/passwd", r"\u0000", "/etc/localtime"):
        body = f'{{"kind": "learner", "name": "X", "time_zone": "{zone}"}}'
        yield Nasty("time zone", "PUT", "/v1/people/l-77", 422, INVALID, body)


def _json() -> Iterator[Nasty]:
    bodies: dict[str, Content] = {
        "nothing": "",
        "half": '{"reason": "x"',
        "nan": '{"reason": NaN}',
        "infinity": '{"reason": Infinity}',
        "1e999": '{"reason": 1e999}',
        "huge number": f'{{"reason": {HUGE}}}',
        "NUL bytes": b"\x00" * 100,
        "list": "[]",
        "text": '"x"',
        "null": "null",
        "comment": '{"reason": "x" /* y */}',
        "single quotes": "{'reason': 'x'}",
    }
    for about, body in bodies.items():
        yield Nasty(f"body {about}", "POST", P, 422, INVALID, body)
    unreadables: dict[str, Content] = {
        "deep": DEEP,
        "deep object": '{"a":' * 50_000,
        "not UTF-8": b'{"reason": "\xff"}',
    }
    for about, unreadable in unreadables.items():
        yield Nasty(f"body {about}", "POST", P, 400, "bad_request", unreadable)
    yield Nasty("deep, at the right place", "POST", "/v1/journeys/{j}/commands/submit_intake", 400, "bad_request",
                '{"answers": {"goal": ' + DEEP + "}}")  # fmt: skip
    nested = "[" * 300 + "1" + "]" * 300
    yield Nasty(
        "deeper than an answer is",
        "POST",
        "/v1/journeys/{j}/commands/submit_intake",
        422,
        INVALID,
        f'{{"answers": {{"goal": {nested}}}}}',
    )
    yield Nasty("answers not finite", "POST", "/v1/journeys/{j}/commands/submit_intake", 422, INVALID,
                '{"answers": {"goal": 1e999}}')  # fmt: skip
    yield Nasty("5 MB", "POST", P, 413, "payload_too_large", '{"reason": "' + "x" * 5_000_000 + '"}')


def _types() -> Iterator[Nasty]:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data"):
        yield Nasty(f"JSON as {kind}", "POST", P, 422, INVALID, PAUSE, {"Content-Type": kind})
    imports = "/v1/imports/people?program=ready"
    for kind in ("application/json", "text/html", "", "text/csv2", "*/*", "text/csv; charset=klingon"):
        yield Nasty(f"table as {kind}", "POST", imports, 415, "unsupported_media_type", "id\n", {"Content-Type": kind})
    for method, path in (("TRACE", "/v1/journeys"), ("PUT", "/v1/journeys"), ("BREW", "/v1/programs")):
        yield Nasty("method", method, path, 405, "method_not_allowed")
    yield Nasty("path", "GET", "/v1/../../etc/passwd", 404, MISSING)
    yield Nasty("path twice", "GET", "//v1//journeys", 404, MISSING)
    yield Nasty("host", "GET", "/v1/journeys", 421, "host_not_allowed", headers={"Host": "evil.example"})


def _conditions() -> Iterator[Nasty]:
    for match in ("1", 'W/"1"', '"-1"', '""', '"1" "2"', '"1","2"', '"nan"', '"1e0"', '"01"', f'"{HUGE}"', "'1'",
                  '"\u0661"'.encode()):  # fmt: skip
        yield Nasty(f"If-Match {match[:9]!r}", "POST", P, 400, "if_match_invalid", PAUSE, {"If-Match": match})
    for match in ('"0"', '"99"', f'"{10**17}"'):
        yield Nasty("other version", "POST", P, 412, "version_mismatch", PAUSE, {"If-Match": match})
    for least in ("0", "-1", "nan", str(OUT_OF_INT), HUGE):
        yield Nasty("min_version", "GET", f"/v1/journeys/{{j}}?min_version={least}", 422, INVALID)
    yield Nasty("min_version ahead", "GET", "/v1/journeys/{j}?min_version=99", 422, "version_not_recorded")


def _repeats() -> Iterator[Nasty]:
    for key in ("", " ", "a b", "x" * 256, "\u00e4".encode(), b"a\x00b", b"a\tb"):
        headers = {"Idempotency-Key": key}
        yield Nasty("Idempotency-Key", "POST", P, 400, "idempotency_key_invalid", PAUSE, headers)
    once = {"Idempotency-Key": "once"}
    yield Nasty("first", "POST", P, 200, None, PAUSE, once, leaves=True)
    yield Nasty("replayed", "POST", P, 200, None, PAUSE, once)
    yield Nasty("other body", "POST", P, 422, "idempotency_key_reused", '{"reason": "y"}', once)
    yield Nasty("other bytes", "POST", P, 422, "idempotency_key_reused", PAUSE + " ", once)
    yield Nasty("other query", "POST", P + "?x=1", 422, "idempotency_key_reused", PAUSE, once)
    resume = P.replace("pause", "resume")
    yield Nasty("other path", "POST", resume, 422, "idempotency_key_reused", PAUSE, once)
    yield Nasty("other method", "PUT", "/v1/people/l-1", 422, "idempotency_key_reused", PAUSE, once)
    yield Nasty("other condition", "POST", P, 422, "idempotency_key_reused", PAUSE, {**once, "If-Match": '"1"'})
    yield Nasty("other key", "POST", P, 404, MISSING, PAUSE, once, role="other")
    yield Nasty("none", "POST", "/v1/journeys/bulk?program=ready", 400, "idempotency_key_missing", "id\nl-1\n", CSV)


def _clocks() -> Iterator[Nasty]:
    for until in (
        "2026-03-02T10:00:00", "2026-03-02", "2016-12-31T23:59:60Z", "2026-02-30T10:00:00Z", "2026-03-02T25:00:00Z",
        "2026-03-02T10:00:00+25:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z", "tomorrow", "", "1e10", "-1", "2026-W10-1T10:00:00Z",
    ):  # fmt: skip
        yield Nasty("until", "POST", P, 422, INVALID, f'{{"reason": "x", "until": "{until}"}}')
    for until in ("1", "-1", "1e300", HUGE, "true", "[]"):
        yield Nasty("until no text", "POST", P, 422, INVALID, f'{{"reason": "x", "until": {until}}}')
    for until, code in {
        "2200-01-01T00:00:00Z": INVALID,
        "2200-01-01T00:00:00+14:00": "date_out_of_range",
        "2199-12-31T23:59:59.999999Z": "date_out_of_range",
    }.items():
        body = f'{{"reason": "x", "until": "{until}"}}'
        yield Nasty("pause too far", "POST", P, 422, code, body, leaves=code != INVALID)
    for day in ("2026-02-30", "0000-01-01", "tomorrow", "2026-03-02T10:00:00Z", HUGE, "%00", "-1"):
        yield Nasty("day", "GET", f"/v1/mentors/m-1/day?date={day}", 422, INVALID)
        yield Nasty("since", "GET", f"/v1/funnel?program=ready&since={day}", 422, INVALID)


def _positions() -> Iterator[Nasty]:
    for after in ("-1", str(OUT_OF_INT), HUGE, "nan", "1.5", "", "%00"):
        yield Nasty("after", "GET", f"/v1/events?after={after}", 422, INVALID)
    for last in ("-1", str(OUT_OF_INT), HUGE, "nan", "abc", "", "1, 2", b"\xff"):
        headers = {"Last-Event-ID": last}
        yield Nasty(f"Last-Event-ID {last[:9]!r}", "GET", "/v1/events/stream", 422, INVALID, headers=headers)
    yield Nasty("beyond the head", "GET", "/v1/events?after=999999", 422, "position_ahead")
    yield Nasty("end of positions", "GET", f"/v1/events?after={OUT_OF_INT - 1}", 422, "position_ahead")
    headers = {"Last-Event-ID": "999999"}
    yield Nasty("stream beyond the head", "GET", "/v1/events/stream", 422, "position_ahead", headers=headers)
    for query in ("wait=31", "wait=-1", "wait=nan", "limit=1001", "journey=%00", "program=%00", "type=" + "x" * 101):
        yield Nasty("feed", "GET", f"/v1/events?{query}", 422, INVALID)
    for kind in ("never", "journey", "*", "journey.never", "%00"):
        yield Nasty("type", "GET", f"/v1/events?type={kind}", 422, "unknown_event_type")
    yield Nasty("many types", "GET", "/v1/events?" + "type=journey.*&" * 201, 422, INVALID)
    yield Nasty("program of nobody", "GET", "/v1/events?program=never", 404, "no_such_program")
    for event in ("0", "-1", HUGE, "nan", str(OUT_OF_INT)):
        yield Nasty("why", "GET", f"/v1/journeys/{{j}}/why/{event}", 422, INVALID)
    for position in ("0", "-1", str(OUT_OF_INT), "nan"):
        yield Nasty("courier", "POST", f"/v1/courier/{position}/skip", 422, INVALID, '{"reason": "x"}')


def _tables() -> Iterator[Nasty]:
    imports = "/v1/imports/people?program=ready"
    tables: dict[str, Content] = {
        "nothing": "",
        "NUL": "id,name,email\nl-50,A\x00da,a@b.org\n",
        "half a quote": 'id,name,email\nl-50,"Ada,a@b.org\n',
        "not UTF-8": b"id,name,email\nl-50,\xff\xfe,a@b.org\n",
        "no head": "l-50,Ada,a@b.org\n",
        "a column twice": "id,name,name\nl-50,Ada,Ada\n",
        "a person twice": "id,name,email\nl-50,Ada,a@b.org\nl-50,Bea,b@b.org\n",
        "too many cells": "id,name,email\nl-50,Ada,a@b.org,x,y\n",
        "one long cell": f"id,name,email\nl-50,{'x' * 1_000_000},a@b.org\n",
        "binary": bytes(range(256)) * 10,
        "second row bad": "id,name,email\nl-50,Ada,a@b.org\n,Bea,\n",
    }
    for about, table in tables.items():
        yield Nasty(f"CSV {about}", "POST", imports, 422, "file_invalid", table, CSV)
    for about, table in {
        "half": '{"id": "l-50", "name": "Ada"',
        "a list": "[]",
        "deep": DEEP,
        "NUL": r'{"id": "l-50", "name": "A\u0000da"}',
        "surrogate": r'{"id": "l-50", "name": "\ud800"}',
        "nan": '{"id": "l-50", "name": NaN}',
        "a field twice": '{"id": "l-50", "id": "l-51", "name": "Ada"}',
    }.items():
        yield Nasty(f"NDJSON {about}", "POST", imports, 422, "file_invalid", table, NDJSON)
    yield Nasty("6 MB", "POST", imports, 413, "payload_too_large", "id,name\n" + "x" * 6_000_000, CSV)


def _keys() -> Iterator[Nasty]:
    for about, key in {
        "none": None, "empty": "Bearer ", "basic": "Basic b3BzOm9wcw==", "wrong": "Bearer trellis_x_y", "huge":
        "Bearer " + "x" * 10_000, "not ASCII": "Bearer \u00e4".encode(), "NUL": b"Bearer a\x00b", "two": "Bearer a, Bearer b",  # noqa: E501
    }.items():  # fmt: skip
        headers: Mapping[str, Content] = {"Authorization": key} if key else {}
        yield Nasty(f"key {about}", "POST", P, 401, "key_required", PAUSE, headers, role="none")
    yield Nasty("key in the query", "GET", "/v1/journeys?key=x", 401, "key_required", role="none")


def _strangers() -> Iterator[Nasty]:
    for path in ("", "/status", "/why", "/timeline", "/profile", "/sessions", "/upcoming", "/why/1"):
        yield Nasty("their journey", "GET", f"/v1/journeys/{{j}}{path}", 404, MISSING, role="other")
    for path in ("", "/versions", "/enrollment", "/capacity", "/rounds", "/mentors", "/training", "/return"):
        yield Nasty("their program", "GET", f"/v1/programs/ready{path}", 404, "no_such_program", role="other")
    yield Nasty("pause theirs", "POST", P, 404, MISSING, PAUSE, role="other")
    yield Nasty("version of theirs", "POST", P, 404, MISSING, PAUSE, {"If-Match": '"99"'}, role="other")
    start = '{"program": "small", "learner": "l-60"}'
    yield Nasty("start theirs", "POST", "/v1/journeys", 404, "no_such_program", start, role="other")
    yield Nasty("observer pauses", "POST", P, 403, "role_not_allowed", PAUSE, role="observer")
    yield Nasty("observer pauses nothing", "POST", "/v1/journeys/x/commands/pause", 403, "role_not_allowed", PAUSE,
                role="observer")  # fmt: skip
    yield Nasty("observer reads why", "GET", "/v1/journeys/{j}/why", 403, "role_not_allowed", role="observer")


def _numbers() -> Iterator[Nasty]:
    opening = "/v1/programs/ready/enrollment/open"
    for places in ("-1", "1.5", "NaN", "1e999", HUGE, str(OUT_OF_INT), "true", '"5"', "[]"):
        yield Nasty("places", "POST", opening, 422, INVALID, f'{{"places": {places}}}')
    for weeks in ("0", "-1", "nan", HUGE, "1e3"):
        yield Nasty("weeks", "GET", f"/v1/programs/ready/capacity?weeks={weeks}", 422, INVALID)
    for number in ("0", "-1", "nan", HUGE, str(OUT_OF_INT)):
        yield Nasty("round", "GET", f"/v1/programs/ready/rounds/{number}", 422, INVALID)
    for minutes in ("-1", "1.5", HUGE, "true"):
        yield Nasty("minutes", "PATCH", "/v1/mentors/m-1", 422, INVALID, f'{{"minutes_a_week": {minutes}}}')


def _addresses() -> Iterator[Nasty]:
    for url in (
        "http://example.org/x", "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest",
        "https://2130706433/x", "https://0x7f.1/x", "https://[::ffff:10.0.0.1]/x", "https://localhost/x",
        "https://LOCALHOST/x", "https://a.localhost/x", "https://0/x", "https://[::]/x", "https://[64:ff9b::1]/x",
    ):  # fmt: skip
        yield Nasty("webhook", "POST", "/v1/webhooks", 422, "webhook_address_not_allowed", f'{{"url": "{url}"}}')
    for url in (
        "https://user:pw@example.org/x", "file:///etc/passwd", "javascript:alert(1)", "https://", "", "https://a b.org/",  # noqa: E501
        r"https://example.org/\u0000", r"https://\ud800.org/", "https://example.org:99999/x", "https://" + "x" * 5_000,
    ):  # fmt: skip
        yield Nasty("webhook", "POST", "/v1/webhooks", 422, "webhook_invalid", f'{{"url": "{url}"}}')


def _kits() -> Iterator[Nasty]:
    check = "/v1/kits/check"
    for name in ("../program.yaml", "/etc/passwd", r"a\u0000.md", r"\ud800.md", "x.exe", "", "a/../b.md", "." * 300):
        yield Nasty("name of a file", "POST", check, 422, INVALID, f'{{"files": {{"{name}": "x"}}}}')
    for text in (r"\u0000", "[" * 5_000, "&a [*a]", "!!python/object:os.system x"):
        body = f'{{"files": {{"program.yaml": "{text}"}}}}'
        yield Nasty("publish", "POST", "/v1/programs/ready/versions", 422, "file_invalid", body)
    body = r'{"files": {"program.yaml": "\ud800"}}'
    yield Nasty("publish", "POST", "/v1/programs/ready/versions", 422, INVALID, body)


def _bulk() -> Iterator[Nasty]:
    send = '{"action": "command", "command": "pause", "payload": {"reason": "x"}}'
    yield Nasty("empty filter", "POST", "/v1/bulk", 422, INVALID, f'{{"action": {send}, "filter": {{}}}}')
    for rate in ("0", "-1", "NaN", "1e999", HUGE, '"x"'):
        body = f'{{"action": {send}, "filter": {{"program": "ready"}}, "rate": {rate}}}'
        yield Nasty("rate", "POST", "/v1/bulk", 422, INVALID, body)
    for confirmation in ('{"journeys": 1}', f'{{"journeys": {HUGE}}}', r'{"digest": "\u0000"}', '{"journeys": -1}'):
        yield Nasty("begin nothing", "POST", "/v1/bulk/never/begin", 404, MISSING, confirmation)


def _texts_of_commands() -> Iterator[Nasty]:
    """Texts that no model bounds by itself."""
    for text, status, code in ((r"\u0000", 409, "journey_paused"), (r"\ud800", 422, INVALID)):
        body = f'{{"session": "{text}", "attendance": "attended"}}'
        path = "/v1/journeys/{j}/commands/record_attendance"
        yield Nasty("session", "POST", path, status, code, body, leaves=status == 409)
    twice = '{"reason": "x", "reason": "y"}'
    yield Nasty("field twice: the last one counts", "POST", P, 200, None, twice, leaves=True)


def _quality() -> Iterator[Nasty]:
    """Surveys, complaints, proposals, scores, findings, measures, pilots and monthly reviews."""
    for name in ("%00", "a%0Ab", "%ED%A0%80", "-1", "never", "x" * 5_000):
        code = MISSING if name == "%00" else "no_such_program"
        yield Nasty("program", "POST", f"/v1/programs/{name}/proposals", 404, code, '{"title": "x"}')
    for path, field_ in {
        "/v1/programs/ready/reviews/2026-01/notes": "text",
        "/v1/programs/ready/complaints/never/answer": "answer",
        "/v1/programs/ready/pilots/never/end": "conclusion",
        "/v1/proposals/ready-1/keep": "reason",
        "/v1/findings/never/dismiss": "reason",
    }.items():
        more = '"verdict": "kept", ' if field_ == "conclusion" else ""
        for text in ("", " ", r"\n\u00a0", r"\u0000", r"\ud800", "x" * 10_001):
            yield Nasty("says nothing", "POST", path, 422, INVALID, f'{{{{{more}"{field_}": "{text}"}}}}')
    for query in ("reviews?limit=0", "reviews?before=2026-13", "reviews?before=%00", "reviews/2026-13",
                  "reviews/0000-01", "reviews/2026-11%0A",
                  "measures?by=person", "measures?since=2026-02-30", "measures?cohort=%00", "surveys/rates?since=%00",
                  "feedback?until=tomorrow", "quality?since=nan", "complaints?standing=lost",
                  "pilots/figures?cohort=%00"):  # fmt: skip
        yield Nasty("question about quality", "GET", f"/v1/programs/ready/{query}", 422, INVALID)
    for listing in ("/v1/surveys?", "/v1/findings?", "/v1/proposals?", "/v1/programs/ready/complaints?"):
        for after in ("%00", "[1]", "WzFd", "W10=", "WyJcdTAwMDAiXQ==", "WyJcdWQ4MDAiXQ==", "W1sxXV0="):
            yield Nasty("cursor", "GET", f"{listing}after={after}", 422, "cursor_invalid")
        yield Nasty("limit", "GET", f"{listing}limit={HUGE}", 422, INVALID)
    begun = '{"name": "x", "title": "x", "change": "x", "measure": "completion", "whom": {}, "baseline": {}}'
    for program in ("-0", "a%20b", "x" * 5_000):
        yield Nasty("pilot nowhere", "POST", f"/v1/programs/{program}/pilots", 404, "no_such_program", begun)
    for path in ("growth", "measures", "associations", "reviews", "pilots", "quality", "surveys/rates", "feedback"):
        yield Nasty("theirs", "GET", f"/v1/programs/ready/{path}", 404, "no_such_program", role="other")
