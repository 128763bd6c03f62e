"""What a program does at intervals, as its newest kit says: when it happens next; pause it, or run it now."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path

from client.journeys import JourneyClient
from domain.ids import ProgramId
from interfaces.http.access import Operator, Reader, require_program
from services import schedule_settings as services
from services.schedule_settings import ScheduleShown
from store.database import Pool

_Name = Annotated[str, Path(max_length=40, description="the name of the schedule, such as `matching`")]


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/schedules", tags=["schedules"])

    @routes.get("")
    async def list_schedules(program: ProgramId, caller: Reader) -> Sequence[ScheduleShown]:
        """The schedules that the newest kit of a program wants, each with the times at which it happens next."""
        require_program(caller, program)
        return await services.schedules(pool, journeys.temporal, program)

    @routes.post("/{schedule}/pause")
    async def pause_schedule(program: ProgramId, schedule: _Name, caller: Operator) -> ScheduleShown:
        """Let it not happen until it is resumed, whatever the kit says."""
        require_program(caller, program)
        return await services.pause(pool, journeys.temporal, program, schedule)

    @routes.post("/{schedule}/resume")
    async def resume_schedule(program: ProgramId, schedule: _Name, caller: Operator) -> ScheduleShown:
        """Let it happen again from its next time on. What was due meanwhile is not made up for."""
        require_program(caller, program)
        return await services.resume(pool, journeys.temporal, program, schedule)

    @routes.post("/{schedule}/run")
    async def run_schedule(program: ProgramId, schedule: _Name, caller: Operator) -> ScheduleShown:
        """Let it happen once now, beside its times. While it is under way, nothing more is begun."""
        require_program(caller, program)
        return await services.run_now(pool, journeys.temporal, program, schedule)

    return routes
