"""What a kit has for people to read or fill in: its texts, checklists and forms, and where each is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.kit import KIT_FILE, Kit, OpenCase
from domain.kit.naming import unknown
from domain.kit.reviewing.references import texts_named
from kits.titles import title_of, words_of

_KINDS = {
    "onboarding": "for mentors as they begin",
    "escalation_guide": "for mentors when something goes wrong",
    "sample_notes": "for mentors: how notes are written",
    "suggested_language": "for mentors: words to use",
    "training": "for mentors: a step of their training",
}


class NoSuchGuide(Exception):
    """The kit has no guide of this name; the message lists those that it has."""


@dataclass(frozen=True, slots=True)
class Guide:
    name: str
    """By which it is asked for."""
    title: str
    kind: Literal["text", "checklist", "template"]
    text: str
    """Markdown."""
    used: str
    """For whom it is, and when."""


def guides(kit: Kit) -> Iterator[Guide]:
    """Texts by name, then checklists, then forms. Without the texts of messages and the source of the kit."""
    used = _uses(kit)
    for name, text in sorted(kit.texts.items()):
        if name != KIT_FILE and (name in used or name not in {one.text for one in kit.messages.values()}):
            yield Guide(name, title_of(kit, name), "text", text, "; ".join(dict.fromkeys(used.get(name, ()))))
    for name, lines in kit.checklists.items():
        text = f"# {name}\n\n" + "".join(f"- [ ] {line}\n" for line in lines)
        yield Guide(name, words_of(name), "checklist", text, "; ".join(dict.fromkeys(_uses_of_checklist(kit, name))))
    for template in kit.templates:
        asked = "".join(
            f"- {one.ask}{'' if one.required else ' (optional)'}{_options(one.options)}\n" for one in template.questions
        )
        yield Guide(
            template.id,
            template.title,
            "template",
            f"# {template.title}\n\n{asked}",
            _use_of_template(kit, template.id),
        )


def find(kit: Kit, name: str) -> Guide:
    """By its name, or by the end of its name if only one ends like this: `first-session` for `guides/first-session.md`.

    Raises:
        NoSuchGuide: if there is none, or several.
    """
    every = list(guides(kit))
    if exact := [one for one in every if one.name == name]:
        return exact[0]
    ending = [one for one in every if f"/{one.name}".removesuffix(".md").endswith(f"/{name.removesuffix('.md')}")]
    if len(ending) == 1:
        return ending[0]
    if ending:
        raise NoSuchGuide(f"several names end like this: {', '.join(one.name for one in ending)}")
    raise NoSuchGuide(unknown("guide", name, [one.name for one in every], of=kit.title))


def _uses(kit: Kit) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    for place, name in texts_named(kit):
        match place:
            case ("templates", int(nth), *_):
                said = f"explains the form “{kit.templates[nth].title}”"
            case ("pathways", int(nth), *_):
                said = f"for learners of the pathway “{kit.pathways[nth].title}”"
            case ("mentor_kit", str(field), *_):
                said = _KINDS[field]
            case _:
                continue
        uses.setdefault(name, []).append(said)
    return uses


def _uses_of_checklist(kit: Kit, name: str) -> Iterator[str]:
    for pathway in kit.pathways:
        yield from (f"session “{one.title}”" for one in pathway.sessions if one.checklist == name)
        yield from (f"review of “{one.title}”" for one in pathway.milestones if one.checklist == name)
    for rule in kit.escalations:
        if any(isinstance(step.then, OpenCase) and step.then.checklist == name for step in rule.ladder):
            yield f"a case of “{rule.title}”"


def _use_of_template(kit: Kit, name: str) -> str:
    sessions = [one for pathway in kit.pathways for one in pathway.sessions]
    before = [one.title for one in sessions if one.preparation == name]
    after = [one.title for one in sessions if one.notes == name]
    said = [f"the learner prepares: {', '.join(dict.fromkeys(before))}"] if before else []
    said += [f"the mentor notes down: {', '.join(dict.fromkeys(after))}"] if after else []
    return "; ".join(said)


def _options(options: tuple[str, ...]) -> str:
    return f" ({' / '.join(options)})" if options else ""
