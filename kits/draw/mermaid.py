"""The diagram as Mermaid, for pages that can render it."""

from collections.abc import Iterator

from domain.kit import Escalation, Kit, Pathway
from domain.values import say_duration, together
from domain.words import by_role
from kits.explain import summary
from kits.words import routed_by, step_in_words

_STAGE_OF_DUTY = {
    "intake": "intake",
    "intake_review": "review",
    "match": "matching",
    "offer": "matching",
    "wrap_up": "wrapup",
}


def mermaid(kit: Kit) -> str:
    """The same kit gives the same text."""
    return "\n".join(["---", f"title: {_word(kit.title)}", "---", "flowchart TD", *_lines(kit)]) + "\n"


def _lines(kit: Kit) -> Iterator[str]:
    yield f"  accTitle: {_plain(kit.title)}"
    yield f"  accDescr: {_plain(summary(kit))}"
    levels = kit.service_levels
    asked = f"Intake: {len(kit.intake.questions)} questions, within {say_duration(kit.intake.within)}"
    yield f"  intake[{_word(asked)}]"
    yield f"  review{{{_word(f'Read by ops, within {say_duration(levels.intake_review)}')}}}"
    yield f"  matching[{_word(f'Matching, within {say_duration(levels.match)}')}]"
    yield f"  wrapup[{_word(f'Wrap-up, within {say_duration(levels.wrap_up)}')}]"
    yield '  closed(["Closed"])'
    yield "  intake --> review"
    yield f"  intake -. {_word('not sent in')} .-> closed"
    yield f"  review -- {_word('more information')} --> intake"
    yield f"  review -- {_word('declined')} --> closed"
    yield f"  review -- {_word('approved')} --> matching"
    matched = "matching"
    if kit.matching.asks:
        matched = "offer"
        asked = together(by_role(one) for one in kit.matching.asks)
        yield f"  offer{{{_word(f'Offer to {asked}, for {say_duration(levels.offer)}')}}}"
        yield "  matching --> offer"
        yield f"  offer -- {_word('declined, questioned or expired')} --> matching"
    for nth, pathway in enumerate(kit.pathways):
        yield from _pathway(kit, pathway, f"p{nth}", matched)
    yield "  wrapup --> closed"
    for nth, rule in enumerate(kit.escalations):
        yield from _escalation(rule, f"e{nth}")


def _pathway(kit: Kit, pathway: Pathway, name: str, matched: str) -> Iterator[str]:
    steps = [(one.after, f"([{_word(f'{one.title}, after {say_duration(one.after)}')}])") for one in pathway.sessions]
    steps += [
        (one.due, f"[/{_word(f'{one.title}, due after {say_duration(one.due)}')}/]") for one in pathway.milestones
    ]
    steps.sort(key=lambda one: one[0])
    yield f"  subgraph {name}[{_word(f'{pathway.title}: {pathway.mentor_type}, {say_duration(pathway.ends)}')}]"
    yield "    direction LR"
    for nth, (_, shape) in enumerate(steps):
        yield f"    {name}s{nth}{shape}"
    if len(steps) > 1:
        yield "    " + " --> ".join(f"{name}s{nth}" for nth in range(len(steps)))
    elif not steps:
        yield f"    {name}s0[{_word('nothing is planned')}]"
    yield "  end"
    yield f"  {matched} -- {_word(routed_by(kit, pathway))} --> {name}"
    yield f"  {name} --> wrapup"


def _escalation(rule: Escalation, name: str) -> Iterator[str]:
    ladder = "<br>".join(step_in_words(step) for step in rule.ladder)
    yield f"  {name}>{_word(f'{rule.title}<br>{ladder}')}]"
    stage = _STAGE_OF_DUTY.get(rule.when.duty or "", "p0")
    yield f"  {stage} -. {_word(rule.when.in_words())} .-> {name}"


def _word(text: str) -> str:
    """In quotes, so that nothing in it is read as Mermaid."""
    safe = text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    return '"' + " ".join(safe.split()).replace("#lt;br#gt;", "<br>") + '"'


def _plain(text: str) -> str:
    return " ".join(text.replace("{", "(").replace("}", ")").split())
