"""What an assembly can refuse: errors that carry facts; the edges find the words.

``str(error)`` is the first line of the class's docstring and the facts, for logs.
"""

from __future__ import annotations

from inspect import cleandoc


class AssembliesError(Exception):
    """Root of every error raised by this package."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        told = ", ".join(f"{name}={value}" for name, value in facts.items())
        sentence = cleandoc(type(self).__doc__ or "").splitlines()[0].rstrip(".")
        super().__init__(f"{sentence} ({told})" if told else sentence)


class NotAllowedError(AssembliesError):
    """The account does not have the right that this act needs."""


class NotFoundError(AssembliesError):
    """There is no such record."""


class DataFileError(AssembliesError):
    """A file of ``data`` breaks its schema."""


class ParameterNotInForceError(AssembliesError):
    """A dated parameter has no value on that day."""


class PeriodError(AssembliesError):
    """A period ends before it begins."""


class InstantError(AssembliesError):
    """An instant has no time zone, or comes before what it follows."""


class SealError(AssembliesError):
    """A sealed text cannot be opened with the keys at hand, or was moved."""


class DatabaseError(AssembliesError):
    """The database cannot be used as it is."""


# People and accounts


class RoleError(AssembliesError):
    """A role cannot be granted so."""


class PersonDataError(AssembliesError):
    """What is told of a person cannot be right; ``faults`` are (field, what is wrong)."""


class PersonErasedError(AssembliesError):
    """The person's data were erased: nothing more can be recorded about them."""


# Bodies


class BodyError(AssembliesError):
    """A body cannot be set up so under its template."""


class OutsideTermError(AssembliesError):
    """A date lies outside the life of the body."""


# Mandates


class SeatTakenError(AssembliesError):
    """Somebody holds this seat in these days."""


class AlreadyMemberError(AssembliesError):
    """This person holds another seat of the body in these days."""


class IncompatibleMandateError(AssembliesError):
    """A rule of incompatibility refuses this mandate; the facts name it and its text."""


class MandateEndError(AssembliesError):
    """A mandate cannot end on that day."""


class SuspensionError(AssembliesError):
    """A mandate cannot be suspended, or resumed, on that day."""


class MembersFileError(AssembliesError):
    """A file of members has faults; ``problems`` holds them all, and nothing was recorded."""


# Draws


class DrawStateError(AssembliesError):
    """A draw in this state does not allow that step."""


class DrawRefusedError(AssembliesError):
    """A draw cannot be prepared so for this college."""


class SameOfficerError(AssembliesError):
    """Two different officers are needed."""


class RunInProgressError(AssembliesError):
    """Another run of this draw is at work."""


class BundleMismatchError(AssembliesError):
    """The bundle on the disk is not that of this draw."""


# Calls


class CallError(AssembliesError):
    """A call cannot be recorded so."""


# Sittings


class SittingError(AssembliesError):
    """A sitting cannot be set up so."""


class ConvocationError(AssembliesError):
    """The convocation comes too late for this sitting."""


class ProxyError(AssembliesError):
    """A proxy cannot be given so."""


class AttendanceError(AssembliesError):
    """Nobody can be recorded as present so."""


class PlanError(AssembliesError):
    """No dates meet every condition; the facts name those in the way."""


# Ballots


class BallotError(AssembliesError):
    """A ballot cannot be held, counted or proclaimed so."""


class AlreadyVotedError(AssembliesError):
    """This voter has voted in this round."""
