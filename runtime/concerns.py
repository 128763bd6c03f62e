"""A metric for what waits for a person's decision while the processes keep serving."""

from collections.abc import Mapping, Sequence

from runtime.health import Check, answers
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store.database import Pool

_NEEDS_PERSON = Family(
    "trellis_needs_person", "1: something waits for a person to decide, and /readyz says what.", ("about",)
)


def needs_person(concerns: Mapping[str, Check]) -> Figures:
    """1 for each check while it waits for a person, otherwise 0; nothing for one that cannot be made."""

    async def read(_: Pool) -> Sequence[Sample]:
        found = await answers(concerns)
        rows = [(name, bool(answer)) for name, answer in found.items()]
        return samples_of(rows, 1, _NEEDS_PERSON)

    return Figures(
        "concerns",
        "What waits for a person",
        "Everything goes on meanwhile. `/readyz` and `trellis doctor` say what to do; `about` is "
        f"{', '.join(f'`{one}`' for one in concerns)}.",
        (_NEEDS_PERSON,),
        read,
    )
