"""Surveys that nobody is asked, or that are asked more often than the kit allows anybody to be asked."""

from collections.abc import Iterator

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.surveys import Asking
from domain.values import say_duration


def findings(kit: Kit) -> Iterator[Finding]:
    if kit.surveys and kit.asking is None:
        says = "nobody is asked these surveys: the kit does not say how often people may be asked"
        yield Finding(("surveys",), says, "add `asking`, as in `asking: {least_gap: 3 days}`", grave=False)
    yield from _of_unknown_sessions(kit)
    if kit.asking:
        yield from _too_often(kit, kit.asking)


def _of_unknown_sessions(kit: Kit) -> Iterator[Finding]:
    known = {session.id for pathway in kit.pathways for session in pathway.sessions}
    for nth, survey in enumerate(kit.surveys):
        for which, session in enumerate(survey.sessions):
            if session not in known:
                says = f"survey {survey.id!r} follows the session {session!r}, which no pathway has"
                yield Finding(("surveys", nth, "sessions", which), says, "name a session of a pathway, or remove it")


def _too_often(kit: Kit, asking: Asking) -> Iterator[Finding]:
    for nth, survey in enumerate(kit.surveys):
        if survey.every is not None and survey.every < asking.least_gap:
            says = (
                f"survey {survey.id!r} is asked every {say_duration(survey.every)}, and nobody may be asked more often "
                f"than every {say_duration(asking.least_gap)}: some askings are skipped"
            )
            yield Finding(("surveys", nth, "every"), says, "ask less often, or lower `asking.least_gap`", grave=False)
    for role in ("learner", "mentor", "ops"):
        pulses = [one.every for one in kit.surveys if one.of == role and one.every is not None]
        wanted = sum(asking.within / every for every in pulses)
        if wanted > asking.most:
            says = (
                f"the pulses alone ask {role if role == 'ops' else f'a {role}'} about {wanted:.0f} times within "
                f"{say_duration(asking.within)}, and {asking.most} are the limit: some askings are skipped"
            )
            yield Finding(("asking", "most"), says, "ask less often, or raise `asking.most`", grave=False)
