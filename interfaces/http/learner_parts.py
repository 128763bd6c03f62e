"""The parts of a journey's page that tell of the learner: their profile, and their sessions. Personal throughout."""

from collections.abc import Iterable
from html import escape

from domain.words import plain
from interfaces.http.html import cells, table
from queries import profile_words, session_words
from queries.answers import in_words
from queries.profile import Profile
from queries.sessions import Meeting, Meetings
from queries.work import in_words as in_words_of_work

_SESSION_COLUMNS = ("Session", "When", "Agenda", "What happened", "Next steps", "Risk flags")


def render_profile(told: Profile) -> str:
    known = (*profile_words.about(told), *profile_words.progress(told))
    work = in_words_of_work(told.work)
    asked = ((one.asked, in_words(one.answer)) for one in told.intake)
    return f"""<section id="learner">
{table("The learner", ("About", "What is known"), cells(known))}
{table("What they said in the intake", ("Question", "Answer"), cells(asked))}
{table("Their work", ("Milestone", "What was handed in, and what was said about it"), cells(work))}</section>"""


def render_meetings(told: Meetings) -> str:
    before = list(session_words.flags(told.flags_before))
    flagged = f"<p>Risk flags before the first session:<br>{_lines(before)}</p>" if before else ""
    rows = "".join(map(_session, told.sessions))
    return f"""<section id="sessions">{table("Sessions", _SESSION_COLUMNS, rows)}{flagged}</section>"""


def _session(one: Meeting) -> str:
    how = f"<br><small>{plain(one.mode)}</small>" if one.mode else ""
    return f"""<tr><th scope="row">{escape(one.title)}{how}<br><small>{escape(one.purpose or "")}</small></th>
<td>{escape(session_words.when(one))}</td>
<td>{_lines(session_words.agenda(one))}</td><td>{_lines(session_words.record(one))}</td>
<td>{_lines(session_words.next_steps(one))}</td><td>{_lines(session_words.flags(one.flags))}</td></tr>
"""


def _lines(those: Iterable[tuple[str, str]]) -> str:
    return "<br>".join(f"<small>{escape(what)}</small> {escape(words)}" for what, words in those)
