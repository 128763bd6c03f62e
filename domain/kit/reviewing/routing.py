"""Pathways that nobody is routed to, and learners who are routed to none."""

from collections.abc import Iterator, Mapping

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding

When = Mapping[str, tuple[str, ...]]


def findings(kit: Kit) -> Iterator[Finding]:
    for nth, pathway in enumerate(kit.pathways):
        for before in kit.pathways[:nth]:
            if before.when and _covers(before.when, pathway.when):
                says = f"nobody is routed to pathway {pathway.id!r}: whoever fits its `when` fits that of {before.id!r}"
                yield Finding(("pathways", nth, "when"), says, f"put it before {before.id!r}, or change its `when`")
                break
    for nth, segment in enumerate(kit.segments):
        for other in kit.segments[:nth]:
            if _covers(other.when, segment.when):
                says = f"nobody belongs to segment {segment.id!r}: whoever fits it fits {other.id!r} before it"
                yield Finding(("segments", nth), says, f"put it before {other.id!r}, or change its `when`")
                break
    yield from _left_over(kit)


def _covers(wide: When, narrow: When) -> bool:
    """Whether all answers that fit the narrow one fit the wide one."""
    return all(name in narrow and set(narrow[name]) <= set(options) for name, options in wide.items())


def _left_over(kit: Kit) -> Iterator[Finding]:
    if all(pathway.when for pathway in kit.pathways) and not _everybody(kit):
        says = "some answers lead to no pathway, and a reviewer then has to choose one"
        yield Finding(("pathways",), says, "put a pathway without `when` last, for everybody else", grave=False)
    optional = {one.id for one in kit.intake.questions if not one.required}
    for nth, pathway in enumerate(kit.pathways):
        for name in pathway.when:
            if name in optional:
                says = f"the route to {pathway.id!r} depends on {name!r}, which is optional"
                yield Finding(("pathways", nth, "when", name), says, "make it required", grave=False)


def _everybody(kit: Kit) -> bool:
    """Whether there is one question of which every answer leads to a pathway."""
    for question in kit.intake.questions:
        alone = [one.when[question.id] for one in kit.pathways if list(one.when) == [question.id]]
        if alone and set(question.options) <= {option for options in alone for option in options}:
            return True
    return False
