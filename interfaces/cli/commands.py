"""Every command of `trellis`: its name, where it is, and its line of help. A module is imported when its command runs.

Each line is also the first paragraph of the command's own help; a test holds the two together.
"""

from typing import Any

from typer._click.core import Context
from typer._click.exceptions import UsageError
from typer.core import TyperGroup

from interfaces.cli.lazy import LazyCommand
from interfaces.cli.plain_parameters import convert_if_needed
from interfaces.cli.shortening import shortened

_COMMANDS = (
    ("up", "up:up", "Run everything on this machine, with a sample program."),
    ("down", "down:down", "Stop a running `trellis up`, or the servers that a killed one left behind."),
    ("worker", "worker:worker", "Run a worker with all roles, or with some of them, until it is stopped."),
    ("migrate", "migrate:migrate", "Migrate the database and register Temporal's search attributes."),
    ("publish", "publish:publish", "Publish a program kit. New journeys use it from then on."),
    ("start", "start:start", "Start a learner's journey, or one for everybody in a file."),
    ("send", "send:send", "Send a command to a journey and print the result."),
    ("status", "status:status", "Show where a journey stands, what it waits for, and its timers."),
    ("why", "why:why", "Explain what a journey waits for and which line of the kit says so."),
    ("timeline", "timeline:timeline", "Show everything that has happened on a journey."),
    ("profile", "profile:profile", "Show who a learner is, their intake answers, and their progress."),
    ("sessions", "sessions:sessions", "Show the sessions of a journey: attendance, notes, and next steps."),
    ("times", "times:app", "Offer times that suit a mentor and a learner, or a group, and book them."),
    ("calendar", "calendar:calendar", "Print the sessions and milestones of a journey or a mentor as iCalendar."),
    ("commands", "command_forms:commands", "List the commands that a journey accepts, with their fields."),
    ("board", "board:board", "List journeys: where each one stands and what happens next."),
    ("views", "saved_views:app", "Keep filters and an order of journeys under a name."),
    (
        "attention",
        "attention:attention",
        "List open cases, most severe first, and everything overdue.",
    ),
    (
        "cases",
        "cases:app",
        "List open cases with their service levels, and take, snooze, reassign, or resolve them.",
    ),
    ("upcoming", "upcoming:upcoming", "List scheduled reminders, escalations, and deadlines."),
    ("funnel", "funnel:funnel", "Show how many learners enter and leave each stage, week by week."),
    (
        "measures",
        "measures:measures",
        "Show the measures of a program: leading ones beside those that are known at the end.",
    ),
    (
        "associations",
        "associations:associations",
        "Show what goes with good ends: behaviors of mentors, and pathways by the level of learners.",
    ),
    ("capacity", "capacity:capacity", "Show what mentors can take on, the coming weeks, and who waits."),
    ("return", "return_:return_", "Compare what a program promised with what it delivered."),
    ("doctor", "doctor:doctor", "Check every part of Trellis and say what needs attention."),
    ("revive", "revive:revive", "Restart open journeys and messages that Temporal no longer runs."),
    ("completion", "completion:completion", "Print the script that completes commands in your shell."),
    ("play", "play:play", "Play a scenario in fast motion and show the final board."),
    ("rehearse", "rehearse:rehearse", "Rehearse a program with made-up people and report what breaks first."),
    ("plan", "plan:plan", "Find how many mentors a program needs for so many learners."),
    ("backtest", "backtest:backtest", "Try a kit's rules of escalation on real learners of the past."),
    ("calibrate", "calibrate:calibrate", "Fit the people of rehearsals to real data, and show how well they fit."),
    ("program", "program:app", "Check, explain, draw, and compare program kits, and choose versions."),
    ("import", "import_:app", "Convert data from other systems to scenarios."),
    ("feedback", "feedback:feedback", "Show what people answered, what stands out, and what explains it."),
    ("findings", "quality_findings:app", "Judge what detectors found in notes, and see how often they are right."),
    ("own-page", "own_page:app", "Make links to the own pages of learners and mentors, and make links invalid."),
    ("surveys", "surveys:app", "List what people were asked, show and answer forms, and see how many answer."),
    ("complaints", "complaints:app", "List low answers with words beside them, and take them up or answer them."),
    ("proposals", "proposals:app", "Propose changes to a program, decide about them, and say what came of them."),
    ("enrollment", "enrollment:app", "Open and close enrollment, enroll learners, and show the waiting list."),
    ("qa", "qa:app", "Review a sample of sessions by the kit's rubric, and see the scores."),
    ("review", "review:review", "Show, draft, complete, or release the monthly review of a program."),
    ("pilot", "pilot:app", "Try a change with some learners, beside a baseline without it."),
    ("schedules", "schedules:app", "Show what a program does at intervals; pause it, or run it now."),
    ("growth", "growth:growth", "Show whether a program is ready to grow, by the rules of its kit."),
    ("mentor", "mentor:app", "Add mentors, keep their profiles, and show their day and their training."),
    ("bulk", "bulk:app", "Do the same for many journeys: a dry run first, then at a set rate."),
    ("cohort", "cohort:app", "Form groups of learners, and record once what happens in their sessions."),
    ("match", "match:app", "Match learners with mentors in rounds: draft, adjust, release, explain."),
    ("messages", "messages:app", "List messages to people, and deal with those that did not arrive."),
    ("webhooks", "webhooks:app", "Send events to other systems, and see what arrived."),
    ("keys", "keys:app", "Make, list, rotate, and revoke API keys, and log a browser in."),
    ("log", "log:app", "Verify, follow, export, import, and archive the event log."),
    ("projections", "projections:app", "Show the state of the views, rebuild them, and handle failed events."),
)


class _Trellis(TyperGroup):
    """All commands, whose usage errors repeat little of what was typed."""

    def invoke(self, ctx: Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            error.message = shortened(error.message)
            raise


app = convert_if_needed(
    _Trellis(
        name="trellis",
        help="Run mentoring programs as durable workflows over an event log.",
        no_args_is_help=True,
        commands=[LazyCommand(name, f"interfaces.cli.{place}", line) for name, place, line in _COMMANDS],
    )
)
