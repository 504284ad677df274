"""Setting up bodies and answering the questions their texts leave open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.composition.models import Body, BodyChoice, College, Seat
from assemblies.composition.queries import find_body
from assemblies.composition.rules import (
    BodyPlan,
    CollegeTemplate,
    RenewalRule,
    Template,
    body_period,
    check_plan,
)
from assemblies.composition.templates import load_template
from assemblies.database import refused_as
from assemblies.errors import BodyError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act


def set_up_body(session: Session, act: Act, *, template: str, plan: BodyPlan) -> int:
    """Set up a body with its colleges and empty seats; return its number.

    The version of the template is the one in force on the first day. Raise ``BodyError``
    with every fault of the plan.
    """
    require(act.actor, Right.SET_UP_BODIES)
    model = load_template(template, on=plan.first)
    check_plan(model, plan)
    period = body_period(model, plan)
    body = Body(
        name=plan.name.strip(),
        template=template,
        template_from=model.start,
        first_day=period.first,
        last_day=period.last,
        set_up_at=act.at,
    )
    with refused_as(
        session,
        {"bodies.name": BodyError, "uq_bodies_name": BodyError},
        template=template,
        faults=(("name", "another body has it"),),
    ):
        session.add(body)
    for college in model.colleges:
        seats = plan.seats.get(college.key, 0)
        if seats:  # an optional college may have none
            _add_college(session, body.id, college, model.renewal, seats)
    for key, (option, reason) in plan.answers.items():
        session.add(BodyChoice(body_id=body.id, key=key, option=option, reason=reason, at=act.at))
    record(
        session,
        act,
        "body.set_up",
        "body",
        body.id,
        template=template,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        seats=sum(plan.seats.values()),
    )
    return body.id


def answer_choice(
    session: Session, act: Act, *, body_id: int, key: str, option: str, reason: str
) -> None:
    """Answer an open question anew; earlier answers are kept."""
    require(act.actor, Right.SET_UP_BODIES)
    choice = _choice(find_body(session, body_id).template, key)
    if option not in choice:
        raise BodyError(body=body_id, choice=key, option=option, reason="no such option")
    if not reason.strip():
        raise BodyError(body=body_id, choice=key, reason="a reason is needed")
    session.add(BodyChoice(body_id=body_id, key=key, option=option, reason=reason, at=act.at))
    record(session, act, "body.choice_answered", "body", body_id, choice=key, option=option)


def _choice(template: Template, key: str) -> tuple[str, ...]:
    for choice in template.choices:
        if choice.key == key:
            return choice.options
    raise BodyError(template=template.key, choice=key, reason="no such choice")


def _add_college(
    session: Session, body_id: int, template: CollegeTemplate, renewal: RenewalRule, seats: int
) -> None:
    """Add a college and its seats; parts and institutions take turns along the numbers."""
    college = College(body_id=body_id, key=template.key, mode=template.mode)
    session.add(college)
    session.flush()
    institutions = template.institutions
    for number in range(1, seats + 1):
        session.add(
            Seat(
                college_id=college.id,
                number=number,
                part=1 + (number - 1) % renewal.parts,
                institution=institutions[(number - 1) % len(institutions)]
                if institutions
                else None,
            )
        )
    session.flush()
