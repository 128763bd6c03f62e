"""`trellis mentor`: the mentors of programs, one by one and many at once. One command is a file of its own."""

from typer.core import TyperGroup

from interfaces.cli.lazy import LazyCommand

_COMMANDS = (
    ("add", "add:add", "Add everybody in a file as a mentor, with their profiles."),
    ("list", "list_:list_", "List the mentors whom a program may use, with their profiles."),
    ("show", "show:show", "Show what is known about a mentor: profile, checks, leave, and programs."),
    ("day", "day:day", "Show a mentor's day: whom they see, what to prepare, what they owe."),
    ("set", "set_:set_", "Change fields of a mentor's profile."),
    ("leave", "leave:leave", "Plan a mentor's leave, or cancel it."),
    ("check", "check:check", "Record a check of a mentor, such as `background`, or withdraw it."),
    ("join", "programs:join", "Let learners of a program be matched with a mentor."),
    ("remove", "programs:remove", "Keep learners of a program from being matched with a mentor."),
    ("office-hours", "office_hours:app", "Offer office hours, list them, and book and release seats."),
    ("acknowledge", "training:acknowledge", "Record that a mentor has completed a step of the program's training."),
    ("training", "training:training", "Show every mentor's progress through the training of the newest kit."),
    ("office-hours", "office_hours:app", "Offer office hours, list them, and book and release seats."),
    ("load", "load:load_of_mentors", "List how many learners each mentor has now and had before, highest first."),
)

app = TyperGroup(
    name="mentor",
    help="Add mentors, keep their profiles, and show their day and their training.",
    no_args_is_help=True,
    commands=[LazyCommand(name, f"interfaces.cli.mentor.{place}", line) for name, place, line in _COMMANDS],
)
