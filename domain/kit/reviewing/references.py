"""Names of texts that do not exist, and parts of the kit that nothing uses."""

from collections.abc import Iterator

from domain.kit.content import KIT_FILE
from domain.kit.kit import Kit
from domain.kit.naming import unknown
from domain.kit.reviewing.finding import Finding
from domain.kit.rules import OpenCase
from domain.kit.words import Place


def findings(kit: Kit) -> Iterator[Finding]:
    texts = [name for name in kit.texts if name != KIT_FILE]
    named = list(texts_named(kit))
    for place, name in named:
        if name not in texts:
            says, _, remedy = unknown("text", name, texts).partition("; ")
            yield Finding(place, says, f"{remedy}; texts are the Markdown files in the kit's folder")
    yield from _unused(kit, {name for _, name in named})


def texts_named(kit: Kit) -> Iterator[tuple[Place, str]]:
    """Every place that names a text of the kit, with that name."""
    for nth, template in enumerate(kit.templates):
        if template.guide:
            yield ("templates", nth, "guide"), template.guide
    for nth, pathway in enumerate(kit.pathways):
        for which, asset in enumerate(pathway.assets):
            yield ("pathways", nth, "assets", which), asset
    for name, message in kit.messages.items():
        yield ("messages", name, "text"), message.text
    given = kit.mentor_kit
    for field in ("onboarding", "escalation_guide", "sample_notes", "suggested_language"):
        if text := getattr(given, field):
            yield ("mentor_kit", field), text
    for nth, text in enumerate(given.training):
        yield ("mentor_kit", "training", nth), text


def _unused(kit: Kit, texts: set[str]) -> Iterator[Finding]:
    remedy = "name it where it belongs, or remove it"
    sessions = [session for pathway in kit.pathways for session in pathway.sessions]
    filled_in = {name for session in sessions for name in (session.preparation, session.notes)}
    for nth, template in enumerate(kit.templates):
        if template.id not in filled_in:
            yield Finding(("templates", nth), f"no session uses the template {template.id!r}", remedy, grave=False)
    rungs = [step.then for rule in kit.escalations for step in rule.ladder]
    milestones = [milestone for pathway in kit.pathways for milestone in pathway.milestones]
    gone_by = {one.checklist for one in sessions} | {one.checklist for one in milestones}
    gone_by |= {then.checklist for then in rungs if isinstance(then, OpenCase)}
    for name in kit.checklists:
        if name not in gone_by:
            yield Finding(("checklists", name), f"nothing uses the checklist {name!r}", remedy, grave=False)
    for name in kit.texts:
        if name not in texts and name != KIT_FILE:
            yield Finding(("texts", name), f"nothing uses the text {name!r}", remedy, grave=False)
