"""Every command of `trellis`. One is a file of its own, mounted here with a line.

Those files import inside their functions what takes long to load, so that every command is quick to answer.
"""

import typer

from interfaces.cli import (
    board,
    calendar,
    command_forms,
    doctor,
    down,
    enrollment,
    funnel,
    import_,
    log,
    mentor,
    messages,
    migrate,
    play,
    profile,
    program,
    projections,
    publish,
    return_,
    revive,
    send,
    sessions,
    start,
    status,
    timeline,
    up,
    why,
    worker,
)

app = typer.Typer(
    name="trellis",
    help="Mentoring programs as durable workflows over an event log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(up.up)
app.command("down")(down.down)
app.command("worker")(worker.worker)
app.command("migrate")(migrate.migrate)
app.command("publish")(publish.publish)
app.command("start")(start.start)
app.command("send")(send.send)
app.command("status")(status.status)
app.command("why")(why.why)
app.command("timeline")(timeline.timeline)
app.command("profile")(profile.profile)
app.command("sessions")(sessions.sessions)
app.command("calendar")(calendar.calendar)
app.command("commands")(command_forms.commands)
app.command("board")(board.board)
app.command("funnel")(funnel.funnel)
app.command("return")(return_.return_)
app.command("doctor")(doctor.doctor)
app.command("revive")(revive.revive)
app.command("play")(play.play)
app.add_typer(program.app, name="program")
app.add_typer(import_.app, name="import")
app.add_typer(enrollment.app, name="enrollment")
app.add_typer(mentor.app, name="mentor")
app.add_typer(messages.app, name="messages")
app.add_typer(log.app, name="log")
app.add_typer(projections.app, name="projections")
