"""Every table there is: importing this module fills ``Table.metadata``."""

from __future__ import annotations

from assemblies.accounts import models as accounts
from assemblies.ballots import models as ballots
from assemblies.calls import models as calls
from assemblies.composition import models as composition
from assemblies.draws import models as draws
from assemblies.journal import models as journal
from assemblies.mandates import models as mandates
from assemblies.people import models as people
from assemblies.sittings import models as sittings

__all__ = [
    "accounts",
    "ballots",
    "calls",
    "composition",
    "draws",
    "journal",
    "mandates",
    "people",
    "sittings",
]
