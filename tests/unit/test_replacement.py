"""Who left is replaced by a draw that keeps the quotas, and that is recorded like the first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sortition import replacement
from sortition.bundle import Bundle, read_bundle
from sortition.canonical import digest
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.errors import BundleError, InputError, QuotasInfeasibleError
from sortition.feasibility import find_conflict
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas
from sortition.randomness import DrandPlan
from sortition.replacement import replace
from sortition.succession import read_succession
from sortition.vacancies import Vacancies, find_vacancies, remaining_quotas
from tests.frozen_bundles import freeze_by_hand, two_groups


@pytest.fixture
def drawn(tmp_path: Path) -> Bundle:
    """Two women and two men out of six and nine, drawn; persons 000 and 006 are a couple."""
    bundle = freeze_by_hand(tmp_path / "bundle")
    draw(bundle.path, DrawInputs(number="3"))
    return bundle


def members(bundle: Bundle) -> list[str]:
    names = bundle.respondents()
    return sorted(names[token] for token in read_succession(bundle.path).panel)


def sexes(bundle: Bundle, names: list[str]) -> list[str]:
    sex_of = {row[0]: row[1] for row in bundle.table("private/respondents.csv")}
    return sorted(sex_of[name] for name in names)


def problems(bundle: Bundle, left: list[str], **options: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(InputError) as caught:
        find_vacancies(bundle.path, left, **options)
    assert all(problem.remedy for problem in caught.value.problems)
    return [(problem.value, problem.message) for problem in caught.value.problems]


# Quotas of the seats left to fill


def line_pool() -> Pool:
    return Pool(
        ids=tuple("abcdef"),
        features=(Feature("sex", ("w", "m")),),
        membership=np.array([[0], [0], [0], [1], [1], [1]], dtype=np.int32),
        households=np.full(6, NO_HOUSEHOLD, dtype=np.int32),
    )


def test_what_remains_is_what_those_who_stay_do_not_hold() -> None:
    quotas = Quotas(4, (Quota("sex", "w", 2, 3), Quota("sex", "m", 1, 2)))
    assert remaining_quotas(line_pool(), quotas, [0, 3]).quotas == (
        Quota("sex", "w", 1, 2),
        Quota("sex", "m", 0, 1),
    )


def test_what_remains_is_never_below_zero_nor_above_the_seats_to_fill() -> None:
    quotas = Quotas(4, (Quota("sex", "w", 1, 4), Quota("sex", "m", 0, 4)))
    remaining = remaining_quotas(line_pool(), quotas, [0, 1, 2])
    assert remaining.size == 1
    assert remaining.quotas == (Quota("sex", "w", 0, 1), Quota("sex", "m", 0, 1))


def test_limits_to_relaxations_are_counted_the_same_way() -> None:
    quotas = Quotas(4, (Quota("sex", "w", 2, 2, 1, 3), Quota("sex", "m", 2, 2, None, 4)))
    assert remaining_quotas(line_pool(), quotas, [0, 3]).quotas == (
        Quota("sex", "w", 1, 1, 0, 2),
        Quota("sex", "m", 1, 1, None, 2),
    )


def test_those_who_stay_cannot_exceed_a_quota() -> None:
    quotas = Quotas(2, (Quota("sex", "w", 0, 1), Quota("sex", "m", 0, 2)))
    for staying in ([0, 1], [0, 3, 4]):
        with pytest.raises(ValueError, match="exceed"):
            remaining_quotas(line_pool(), quotas, staying)


# Who may come


def test_the_alternates_of_the_draw_who_can_still_come_are_asked_first(drawn: Bundle) -> None:
    left = members(drawn)[0]
    vacancies = find_vacancies(drawn.path, [left])
    named = {row[2] for row in drawn.table("witness/alternates.csv")}
    names = drawn.respondents()
    assert set(vacancies.alternates.ids) == {names[token] for token in named}
    assert set(vacancies.respondents.ids) == set(names.values()) - set(members(drawn))
    assert vacancies.quotas.size == 1


def test_nobody_comes_from_the_household_of_a_member_who_stays(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "bundle", two_groups(couples=3))
    draw(bundle.path, DrawInputs(number="0"))
    pool = bundle.pool()
    panel = members(bundle)
    home = {name: int(pool.households[row]) for row, name in enumerate(pool.ids)}
    at_home = [name for name in panel if home[name] != NO_HOUSEHOLD]
    assert at_home
    relative = next(n for n in home if n not in panel and home[n] == home[at_home[0]])
    other = next(name for name in panel if name != at_home[0])
    assert relative not in find_vacancies(bundle.path, [other]).respondents.ids
    assert relative in find_vacancies(bundle.path, [at_home[0]]).respondents.ids


def test_neither_the_unavailable_nor_those_who_left_before_come(drawn: Bundle) -> None:
    first = members(drawn)[0]
    away = find_vacancies(drawn.path, [first]).alternates.ids[0]
    vacancies = find_vacancies(drawn.path, [first], unavailable=[away])
    assert away not in vacancies.alternates.ids
    assert away not in vacancies.respondents.ids
    replace(drawn.path, [first], seed="one", unavailable=[away])
    second = members(drawn)[0]
    later = find_vacancies(drawn.path, [second])
    assert first not in later.respondents.ids
    assert away in later.respondents.ids  # unavailable then, not for ever
    again = find_vacancies(drawn.path, [second], may_return=True)
    assert first in again.respondents.ids
    assert second not in again.respondents.ids


def test_every_fault_of_the_lists_is_told_at_once(drawn: Bundle) -> None:
    panel = members(drawn)
    outsider = next(n for n in drawn.respondents().values() if n not in panel)
    assert problems(
        drawn, [panel[0], panel[0], "nobody", outsider], unavailable=["ghost", panel[1], outsider]
    ) == [
        (panel[0], "Named twice."),
        ("nobody", "Not in the pool."),
        (outsider, "Not a member of the panel as it stands."),
        ("ghost", "Not in the pool."),
        (panel[1], "A member of the panel."),
    ]


def test_nobody_leaving_is_a_fault(drawn: Bundle) -> None:
    assert problems(drawn, []) == [(None, "Nobody is named.")]


def test_somebody_already_replaced_cannot_leave_again(drawn: Bundle) -> None:
    left = members(drawn)[0]
    replace(drawn.path, [left], seed="one")
    assert problems(drawn, [left]) == [(left, "Already replaced.")]


# The replacement itself


def test_with_a_seed_the_seats_are_filled_at_once(drawn: Bundle) -> None:
    panel = members(drawn)
    found = replace(drawn.path, panel[:2], seed="été 2026", drawn_at="noon", officers=["A"])
    assert found.source == "alternates"
    assert found.record is not None
    assert found.bundle.path == drawn.path / "replacements" / "1"
    record = found.bundle.draw()
    assert record["randomness"]["kind"] == "text"
    assert record["randomness"]["inputs"] == {"text": "été 2026"}
    assert (record["drawn_at"], record["officers"]) == ("noon", ["A"])
    after = members(drawn)
    names = drawn.respondents()
    assert sorted(names[token] for token in record["panel_after"]) == after
    assert set(panel[2:]) <= set(after)
    assert not set(panel[:2]) & set(after)
    assert sexes(drawn, after) == sexes(drawn, panel)


def test_the_replacement_says_what_it_mends(drawn: Bundle) -> None:
    panel = members(drawn)
    token_of = {name: token for token, name in drawn.respondents().items()}
    away = find_vacancies(drawn.path, [panel[0]]).respondents.ids[0]
    first = replace(drawn.path, panel[:1], seed="one", unavailable=[away])
    assert first.bundle.manifest["parent"] == {
        "digest": drawn.digest,
        "draw": digest((drawn.path / "public/draw.json").read_bytes()),
        "previous": None,
        "round": 1,
        "left": [token_of[panel[0]]],
        "staying": sorted(token_of[name] for name in panel[1:]),
        "unavailable": [token_of[away]],
        "from": "alternates",
    }
    second = replace(drawn.path, members(drawn)[:1], seed="two")
    parent = second.bundle.manifest["parent"]
    assert parent["round"] == 2
    assert parent["digest"] == drawn.digest
    assert parent["previous"] == digest((first.bundle.path / "public/draw.json").read_bytes())


def test_respondents_keep_their_tokens_and_commitments(drawn: Bundle) -> None:
    found = replace(drawn.path, members(drawn)[:2], seed="one")
    for name in ("public/commitments.csv", "witness/openings.csv", "private/tokens.csv"):
        before = set(drawn.table(name))
        after = set(found.bundle.table(name))
        assert after < before


def test_without_a_seed_the_replacement_waits_for_its_number(drawn: Bundle) -> None:
    panel = members(drawn)
    found = replace(drawn.path, panel[:1])
    assert found.record is None
    assert not found.bundle.is_drawn
    assert found.bundle.manifest["randomness"] == {"kind": "number"}
    assert members(drawn) == panel
    with pytest.raises(BundleError, match="frozen but not drawn"):
        replace(drawn.path, panel[:1])
    with pytest.raises(BundleError, match="frozen but not drawn"):
        replace(drawn.path, panel[:1], seed="impatient")
    with pytest.raises(BundleError, match="frozen but not drawn"):
        find_vacancies(drawn.path, panel[:1])
    record = draw(found.bundle.path, DrawInputs(number="0"))
    assert record.panel_after is not None
    names = drawn.respondents()
    assert members(drawn) == sorted(names[token] for token in record.panel_after)


def test_a_replacement_can_announce_a_public_source(drawn: Bundle) -> None:
    found = replace(drawn.path, members(drawn)[:1], randomness_plan=DrandPlan(1000))
    assert found.bundle.manifest["randomness"] == DrandPlan(1000).as_json()
    with pytest.raises(ValueError, match="needs no plan"):
        replace(drawn.path, members(drawn)[:1], seed="x", randomness_plan=DrandPlan(1000))


def test_newcomers_can_leave_too_and_the_panel_keeps_its_quotas(drawn: Bundle) -> None:
    panel = members(drawn)
    everybody_gone: set[str] = set()
    for number in range(1, 4):
        before = members(drawn)
        leaving = [name for name in before if name not in panel][:1] or before[:1]
        replace(drawn.path, leaving, seed=f"round {number}")
        everybody_gone |= set(leaving)
        assert not everybody_gone & set(members(drawn))
        assert sexes(drawn, members(drawn)) == sexes(drawn, panel)
        assert len(read_succession(drawn.path).replacements) == number


def test_the_whole_panel_can_be_replaced(drawn: Bundle) -> None:
    panel = members(drawn)
    replace(drawn.path, panel, seed="all")
    assert not set(panel) & set(members(drawn))
    assert sexes(drawn, members(drawn)) == sexes(drawn, panel)


def test_when_nobody_can_fill_the_seats_nothing_is_written_and_the_reason_can_be_found(
    drawn: Bundle,
) -> None:
    women = [n for n in drawn.pool().ids if sexes(drawn, [n]) == ["femme"]]
    leaving = [name for name in members(drawn) if name in women][:1]
    away = [name for name in women if name not in members(drawn)]
    with pytest.raises(QuotasInfeasibleError):
        replace(drawn.path, leaving, seed="x", unavailable=away)
    assert not (drawn.path / "replacements").exists()
    vacancies = find_vacancies(drawn.path, leaving, unavailable=away)
    conflict = find_conflict(vacancies.respondents, vacancies.quotas)
    assert conflict is not None
    assert [(side.category, side.side, side.bound) for side in conflict.sides] == [
        ("femme", "lower", 1)
    ]


def test_a_seat_that_nobody_at_all_can_take_stays_empty(drawn: Bundle) -> None:
    away = [name for name in drawn.pool().ids if name not in members(drawn)]
    with pytest.raises(QuotasInfeasibleError):
        replace(drawn.path, members(drawn)[:1], seed="x", unavailable=away)
    assert not (drawn.path / "replacements").exists()


def test_the_pool_supplies_when_no_alternate_was_kept(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "bundle")
    draw(bundle.path, DrawInputs(number="3"), depth=0)
    panel = members(bundle)
    found = replace(bundle.path, panel[:1], seed="x")
    assert found.source == "pool"
    assert found.bundle.manifest["parent"]["from"] == "pool"
    assert sexes(bundle, members(bundle)) == sexes(bundle, panel)


def test_the_pool_supplies_when_the_alternates_are_many_but_of_the_wrong_kind(
    tmp_path: Path,
) -> None:
    bundle = freeze_by_hand(tmp_path / "bundle", two_groups(people=(20, 9), panels=20))
    draw(bundle.path, DrawInputs(number="3"), depth=1)
    panel = members(bundle)
    woman = next(name for name in panel if sexes(bundle, [name]) == ["femme"])
    alternates = find_vacancies(bundle.path, [woman]).alternates.ids
    women = [name for name in alternates if sexes(bundle, [name]) == ["femme"]]
    assert len(women) < len(alternates)
    found = replace(bundle.path, [woman], seed="x", unavailable=women)
    assert found.source == "pool"
    assert sexes(bundle, members(bundle)) == sexes(bundle, panel)


def test_a_replacement_cut_off_before_its_draw_is_taken_up_again(
    drawn: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = members(drawn)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(replacement, "draw", stop)
        with pytest.raises(KeyboardInterrupt):
            replace(drawn.path, panel[:1], seed="one")
    with pytest.raises(BundleError, match="frozen but not drawn"):
        replace(drawn.path, panel[1:2], seed="one")
    found = replace(drawn.path, panel[:1], seed="one")
    assert found.bundle.is_drawn
    assert len(read_succession(drawn.path).replacements) == 1


# What must be refused


def test_a_bundle_that_is_not_drawn_has_nobody_to_replace(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "bundle")
    with pytest.raises(BundleError, match="is not drawn yet"):
        find_vacancies(bundle.path, ["person, 000"])


def test_a_replacement_is_not_replaced_itself(drawn: Bundle) -> None:
    found = replace(drawn.path, members(drawn)[:1], seed="one")
    with pytest.raises(BundleError, match=r"itself a replacement\. Give the folder of the first"):
        find_vacancies(found.bundle.path, ["person, 000"])


def test_a_replacement_of_another_draw_is_refused(tmp_path: Path) -> None:
    for name, number in (("one", "3"), ("two", "4")):
        draw(freeze_by_hand(tmp_path / name).path, DrawInputs(number=number))
    one, two = (read_bundle(tmp_path / name) for name in ("one", "two"))
    replace(one.path, members(one)[:1], seed="x")
    (one.path / "replacements").rename(two.path / "replacements")
    with pytest.raises(BundleError, match="does not start from the panel that stood before it"):
        find_vacancies(two.path, ["person, 000"])


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"draw": "0" * 64},
        {"previous": "0" * 64},
        {"previous": None},
        {"round": 1},
        {"staying": []},
    ],
)
def test_a_replacement_must_start_from_the_panel_that_stood(
    drawn: Bundle, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """Each link is checked by itself: a forger would have to mend them all."""
    replace(drawn.path, members(drawn)[:1], seed="one")
    honest = Vacancies.as_parent
    with monkeypatch.context() as patch:
        patch.setattr(Vacancies, "as_parent", lambda *args: honest(*args) | change)
        replace(drawn.path, members(drawn)[:1])
    with pytest.raises(BundleError, match="does not start from the panel that stood before it"):
        read_succession(drawn.path)


def test_a_changed_record_is_refused(drawn: Bundle) -> None:
    replace(drawn.path, members(drawn)[:1], seed="x")
    record = drawn.path / "replacements/1/public/draw.json"
    content = json.loads(record.read_text("utf-8"))
    content["panel_after"] = content["panel_after"][1:]
    record.write_text(json.dumps(content))
    with pytest.raises(BundleError, match="does not match public/draw"):
        find_vacancies(drawn.path, ["person, 000"])


def test_a_lost_secret_key_is_named(drawn: Bundle) -> None:
    (drawn.path / "private/secret.key").unlink()
    with pytest.raises(BundleError, match=r"secret\.key cannot be read"):
        replace(drawn.path, members(drawn)[:1], seed="x")
