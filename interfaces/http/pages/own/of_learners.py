"""What learners can do on their own page, and what both they and mentors can."""

from collections.abc import Iterator

from domain.journey import COMMANDS
from domain.journey.events import MatchOffered
from domain.kit.words import REMEDIES
from domain.values import counted
from interfaces.http.pages.fields import Field, Option, questions
from interfaces.http.pages.own.forms import At, Deed, Impossible
from queries.own_page import intake_of

# Of learners


def intake(at: At) -> Deed:
    if at.one.state.stage != "intake":
        raise Impossible("Your intake has been read already.")
    asked = questions(at.one.kit.intake, answers=at.one.state.answers or at.one.state.answers_so_far)
    title = f"Your intake: {at.one.kit.title}"
    form = at.form("submit_intake", title, "Send it in", instead={"answers": asked}, without=["partial"])
    return Deed(COMMANDS["submit_intake"], form, says="Your answers have arrived. Somebody reads them now.")


def prepare(at: At) -> Deed:
    met, template = at.meeting(), at.template("preparation")
    if met.attendance:
        raise Impossible(f"“{met.title}” is over, so there is nothing to prepare.")
    said = {each.question: each.answer for each in met.agenda.preparation}
    form = at.form(
        "prepare_session",
        f"Prepare “{met.title}”",
        "Send it to my mentor",
        instead={"answers": questions(template, answers=said) if template else ()},
        fixed={"session": at.of},
        given={"goal": met.agenda.own_goal, "artifact": met.agenda.brought},
        labels={"goal": "Your own goal for it", "artifact": "What you bring: a link, or where it is"},
    )
    background = [("Goal", met.agenda.goal), ("To look at together", met.agenda.artifact)]
    told = [(label, text) for label, text in background if text]
    return Deed(
        COMMANDS["prepare_session"], form, told, "Your mentor can see it now. You can change it until you meet."
    )


def hand_in(at: At) -> Deed:
    work = at.work()
    if work.status not in ("open", "submitted"):
        raise Impossible(f"“{work.title}” has been judged already.")
    last = work.attempts[-1] if work.attempts else None
    given = {"link": last.link, "note": last.note} if last and not last.verdict else {}
    form = at.form(
        "submit_milestone",
        f"Hand in “{work.title}”",
        "Hand it in",
        fixed={"milestone": at.of},
        given=given,
        labels={"link": "A link to it (https://…)", "note": "Where else it is, or what to know about it"},
    )
    feedback = [("Feedback on the last attempt", last.feedback)] if last and last.feedback else []
    return Deed(COMMANDS["submit_milestone"], form, feedback, f"“{work.title}” is handed in. Your mentor is told.")


def step(at: At) -> Deed:
    steps = {step.item: step for met in at.one.meetings for step in met.next_steps}
    step = steps.get(at.of)
    if step is None or all(item.item != at.of for item in at.one.state.action_items):
        raise Impossible("This step is not open any more.")
    form = at.form(
        "close_action_item",
        step.text,
        "Save",
        fixed={"item": at.of},
        without=["corrects"],
        labels={"done": "It is done", "reason": "Why it is given up, or a remark"},
    )
    return Deed(COMMANDS["close_action_item"], form, says="Saved.")


def remedy(at: At) -> Deed:
    offered = at.one.state.remedies
    if offered is None:
        raise Impossible("Nothing is offered any more.")
    options = [Option(one, REMEDIES[one].capitalize()) for one in offered.options]
    form = at.form(
        "choose_remedy",
        "How would you like to go on?",
        "Choose it",
        instead={"remedy": [Field("remedy", "What would help you?", "choice", False, (), options, nothing=True,
                                  hint="Leave it empty if you want none of these.")]},
        labels={"until": "If you choose a pause: until when"},
    )  # fmt: skip
    return Deed(COMMANDS["choose_remedy"], form, says="Thank you. The program takes it from here.")


def feedback(at: At) -> Deed:
    form = at.form(
        "give_feedback",
        "How is it going?",
        "Send it",
        labels={"confidence": "How confident are you, from 1 to 10?", "notes": "What you want to say"},
    )
    return Deed(COMMANDS["give_feedback"], form, says="Thank you. Your mentor and the program see it.")


def pause(at: At) -> Deed:
    if at.one.state.stage not in ("intake", "matching", "sessions", "wrap_up"):
        raise Impossible("There is nothing to pause.")
    form = at.form(
        "pause",
        "Pause",
        "Begin the pause",
        labels={"reason": "Why you need a pause", "until": "Until when"},
    )
    said = [("How long", f"At most {counted(at.one.kit.pausing.limit.days, 'day')}")]
    return Deed(COMMANDS["pause"], form, said, "You are on a pause. All dates move by its length.")


def resume(at: At) -> Deed:
    if at.one.state.pause is None:
        raise Impossible("You are not on a pause.")
    form = at.form("resume", "End the pause", "Go on now")
    return Deed(COMMANDS["resume"], form, says="Welcome back. Here are your new dates.")


# Of both


def offer(at: At) -> Deed:
    state, kit = at.one.state, at.one.kit
    if state.offer is None or at.role not in state.offer.pending:
        raise Impossible("You have answered, or it is offered no longer.")
    whom = at.one.name(state.offer.mentor if at.role == "learner" else state.learner)
    answers = [
        Option("accept", "Yes"),
        Option("decline", "No"),
        Option("more_information", "I want to know more"),
    ]
    codes = [Option(code, one.title) for code, one in kit.matching.declines.items()]
    instead = {"answer": [Field("answer", f"Do you want to work with {whom}?", "radios", True, (), answers)]}
    if codes:
        instead["code"] = [Field("code", "If no: why", "choice", False, (), codes)]
    form = at.form(
        "answer_offer",
        f"Your match: {whom}",
        "Answer",
        instead=instead,
        without=["who", *(() if codes else ("code",))],
        labels={"reason": "A line about why, or what you want to know"},
    )
    return Deed(COMMANDS["answer_offer"], form, list(_known_of_offer(at)), "Thank you for your answer.")


def _known_of_offer(at: At) -> Iterator[tuple[str, str]]:
    """Why it is proposed; and for the mentor, what the learner said in the intake."""
    for one in reversed(at.one.record.events):
        if isinstance(one, MatchOffered):
            yield from [("Why we think so", one.reason)] if one.reason else []
            break
    if at.role == "mentor":
        yield from intake_of(at.one)


def ask_for_help(at: At) -> Deed:
    form = at.form(
        "ask_for_help", "Ask for help", "Send it", labels={"notes": "What do you need? A person reads it and answers"}
    )
    return Deed(COMMANDS["ask_for_help"], form, says="It has arrived. Somebody will get in touch with you.")
