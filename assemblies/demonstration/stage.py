"""What the demonstration plays with: the database, a clock that acts set, who acts, chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from assemblies.accounts.actions import grant_role, open_account
from assemblies.accounts.queries import actor_on
from assemblies.accounts.rules import SYSTEM, Chamber, Role, RoleGrant
from assemblies.database import Database
from assemblies.journal.rules import Act, Actor
from assemblies.periods import PARIS

MADE_UP = "démonstration"

STAFF: Sequence[tuple[str, Role, Chamber | None]] = (
    ("administration", Role.ADMINISTRATOR, None),
    ("tirage-1", Role.DRAW_OFFICER, None),
    ("tirage-2", Role.DRAW_OFFICER, None),
    ("secretariat-1", Role.SECRETARIAT, None),
    ("secretariat-2", Role.SECRETARIAT, None),
    ("comptabilite", Role.ACCOUNTANT, None),
    ("audit", Role.AUDITOR, None),
    ("assemblee", Role.PARLIAMENTARY_OFFICER, Chamber.NATIONAL_ASSEMBLY),
    ("senat", Role.PARLIAMENTARY_OFFICER, Chamber.SENATE),
)


@dataclass
class Stage:
    """The database, the folder of bundles, a source of chance, the staff, and the time of day."""

    database: Database
    bundles: Path
    chance: np.random.Generator
    say: Callable[[str], None]
    staff: dict[str, Actor] = field(default_factory=dict)
    now: datetime = datetime(2000, 1, 1, tzinfo=PARIS)

    def at(self, day: date, hour: int = 10) -> None:
        """Set the clock to an hour of a day, where the bodies sit."""
        self.now = datetime.combine(day, time(hour), PARIS)

    def clock(self) -> datetime:
        """Return the time, moved on by a second each time it is asked."""
        self.now += timedelta(seconds=1)
        return self.now

    def act(self, who: str | Actor = SYSTEM, ground: str = MADE_UP) -> Act:
        """Return an act of one of the staff, of a member, or of the system."""
        actor = self.staff[who] if isinstance(who, str) else who
        return Act(actor, self.clock(), ground)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Lend a session whose work is kept whole."""
        with self.database.writing() as session:
            yield session


def hire(stage: Stage, first: date) -> None:
    """Open the accounts of the staff, each with its role from a day on."""
    stage.at(first, 8)
    with stage.writing() as session:
        for name, role, chamber in STAFF:
            number = open_account(session, stage.act(), email=f"{name}@example.org")
            grant = RoleGrant(role, first, chamber=chamber)
            grant_role(session, stage.act(), account_id=number, grant=grant)
            stage.staff[name] = actor_on(session, number, on=first)
