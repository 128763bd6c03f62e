"""Errors of the store. Every message says what to do next; the data in it are attributes, too."""

from pydantic import ValidationError

from domain.refusal import RefusalCode, Rejected


def misfits(error: ValidationError) -> str:
    """What is invalid and where, without the values, which may be personal data."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'data'}: {one['msg']}" for one in found)


class StoreError(Exception):
    """The base of all errors of the store."""


class Conflict(StoreError):
    """The stream is not at the expected version. Nothing was written."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(
            f"stream {stream} is at version {found}, not {expected}: "
            f"read it from version {expected + 1}, decide again, and append at version {found}"
        )
        self.stream, self.expected, self.found = stream, expected, found


class TooManyConflicts(StoreError):
    """A command was decided anew again and again, and others were faster each time. Nothing was written."""

    def __init__(self, stream: str, attempts: int) -> None:
        super().__init__(
            f"stream {stream} was written to by others during each of {attempts} attempts; nothing was recorded: "
            "try again, with fewer writers at once"
        )
        self.stream, self.attempts = stream, attempts


class AppendIdReused(StoreError):
    """Two different appends have the same identity, a defect of the caller. Nothing was written; do not retry."""

    def __init__(self, append_id: str, stream: str, first_used_on: str) -> None:
        super().__init__(
            f"append id {append_id}, now for stream {stream}, was already used for other content on stream "
            f"{first_used_on}: two different appends were given one id; correct the code that makes the ids"
        )
        self.append_id, self.stream, self.first_used_on = append_id, stream, first_used_on


class PayloadTooLarge(StoreError):
    """An event, or an append as a whole, is larger than the log accepts. Nothing was written."""

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(
            f"{what} has {size} bytes, and the log takes {limit}: "
            "split the append, or keep the bulk elsewhere and record where it is"
        )
        self.size, self.limit = size, limit


class NothingToAppend(StoreError):
    """An append has to have events."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"an append to stream {stream} has no events: append only when there is something to record")


class Detached(StoreError):
    """Events of this stream were detached to a file, so the stream cannot be read as a whole."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(
            f"version {version} of {stream} was detached to a file: `trellis log partitions` shows which, "
            "and `trellis log attach` reads it back"
        )
        self.stream, self.version = stream, version


class UnknownCategory(StoreError):
    """The stream's name does not begin with a category of this log."""

    def __init__(self, stream: str, known: frozenset[str]) -> None:
        super().__init__(
            f"stream {stream!r} must be named CATEGORY-ID with a category among {', '.join(sorted(known))}: "
            "correct the name, or add the category to CATEGORIES in store/event_log.py"
        )
        self.stream = stream


class Deposed(StoreError):
    """Another leader has taken over. Stop, and try to become the leader again."""

    def __init__(self, role: str, epoch: int) -> None:
        super().__init__(
            f"epoch {epoch} of the {role} is over, another leader has taken over: stop and try to lead again"
        )
        self.epoch = epoch


class MigrationChanged(StoreError):
    """A migration was applied to this database with other content than it has in this checkout."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name} was applied to this database with other content: "
            "restore the file as it was released, and put the change into a migration with the next number"
        )
        self.name = name


class DatabaseAhead(StoreError):
    """The database was migrated by a newer version of Trellis."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name} was applied to this database and is unknown to this version of Trellis: run a newer one"
        )
        self.name = name


class Code(RefusalCode):
    """Why the store refuses what somebody asked for."""

    KIT_VERSION_PUBLISHED = "kit_version_published"
    """`program`, `version`: which."""


class KitChanged(Rejected, StoreError):
    """A published kit is immutable: this program and version were published with other content."""

    def __init__(self, program: str, version: int | str) -> None:
        super().__init__(
            Code.KIT_VERSION_PUBLISHED,
            f"version {version} of program {program} was published with other content: give the kit its next version",
            {"program": program, "version": str(version)},
        )
        self.program, self.version = program, version


class MissingKit(StoreError):
    """A journey follows a kit that is not published in this database."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"kit {digest} is not in the kits table: publish it again; a projection that stopped for it is then to be "
            "retried"
        )
        self.digest = digest


class KitNotReadable(StoreError):
    """The stored body of a published kit cannot be read as a kit."""

    def __init__(self, reason: str, program: str | None = None, version: str | None = None) -> None:
        which = f"version {version} of program {program}" if program else "the kit"
        super().__init__(
            f"{which}, as it was published, cannot be read: {reason}. "
            "If a newer Trellis published it, run that; otherwise an upcaster is missing in domain/kit/formats.py"
        )
        self.reason, self.program, self.version = reason, program, version


class NotDecodable(StoreError):
    """A stored event cannot be read as the event that its type says."""

    def __init__(self, where: str, stored_type: str, schema_version: int, reason: str) -> None:
        super().__init__(
            f"{stored_type} version {schema_version} at {where} cannot be decoded: {reason}. "
            "If a newer Trellis wrote it, run that; otherwise an upcaster is missing in store/upcasters.py"
        )
        self.stored_type, self.schema_version = stored_type, schema_version
