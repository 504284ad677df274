"""Prove again, alone, everything that a published draw by lot claims.

    python audit.py FOLDER

reads the folder of a draw, and nothing else. It needs Python 3.9 or newer, no library, no
solver and no network. It counts in whole numbers and fractions only: nothing is rounded.
It stops at the first lie, says where it stands, and exits with 1.

``public/`` shows nobody's features: with it alone one proves what was frozen, counted and
drawn. ``witness/`` opens the features under tokens: with it one also proves the quotas of
every panel, and that no lottery could be fairer. ``private/`` leads from tokens to people.

The argument is the list of steps in ``Audit.run``. Each step below says what it proves and
why that is enough. The sentences spoken, in French and English, are at the end.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import operator
import os
import re
import sys
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

MANIFEST, DIGEST = "public/manifest.json", "public/digest.txt"
DRAW, DRAW_DIGEST = "public/draw.json", "public/draw.sha256"
QUOTAS, COMMITMENTS = "public/quotas.csv", "public/commitments.csv"
PANELS, PROBABILITIES = "public/panels.csv", "public/probabilities.csv"
COMPOSITION, CERTIFICATE = "public/composition.csv", "public/certificate.json"
OPENINGS, EXCLUSIONS = "witness/openings.csv", "witness/exclusions.csv"
ALTERNATES, TOKENS = "witness/alternates.csv", "private/tokens.csv"
FROZEN_PUBLIC = {QUOTAS, COMMITMENTS, PANELS, PROBABILITIES, COMPOSITION, CERTIFICATE}
FROZEN_PUBLIC.add("public/AUDIT.txt")
FROZEN_WITNESS = {OPENINGS, EXCLUSIONS}

TIGHT = Fraction(1, 10**9)  # how near its proved ceiling each level of chances must be
CELL_BITS = 32  # room for one count in a row of counts packed into one number
LONGEST_NUMBER = 80  # digits; multipliers have about 20


class Audit:
    """The audit of one folder: its methods are the steps of the argument, in order."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder, self.report = folder, report
        self.files: dict[str, bytes] = {}
        self.has_witness = os.path.lexists(folder / "witness")
        self.is_drawn = any(os.path.lexists(folder / file) for file in (DRAW, DRAW_DIGEST))
        self.alternates: list[list[str]] = []

    def run(self) -> None:
        """Go through the argument; raise ``LieError`` at the first claim that is not true."""
        self.check_seal()
        self.check_rules()
        self.check_pool()
        self.check_lottery()
        self.check_chances()
        self.check_composition()
        self.check_levels()
        if self.has_witness:
            self.check_openings()
            self.check_every_quota()
            self.check_certificate()
            self.check_exclusions()
        else:
            self.report.unknown("no_witness")
        if self.is_drawn:
            self.check_draw()
        else:
            self.report.unknown("no_draw")
        if self.is_drawn and self.has_witness:
            self.check_alternates()

    def read(self, file: str) -> bytes:
        """Return the bytes of a file; they are read once, and what is checked is what was read."""
        if file not in self.files:
            try:
                self.files[file] = (self.folder / file).read_bytes()
            except OSError as error:
                raise LieError("missing", file, found=error.strerror) from None
        return self.files[file]

    def files_of(self, part: str) -> set[str]:
        """Return the files of a part."""
        try:
            return {f"{part}/{path.name}" for path in (self.folder / part).iterdir()}
        except OSError as error:
            raise LieError("missing", part, found=error.strerror) from None

    # --- Step 1. One digest, published before the draw, stands for every frozen byte ---

    def check_seal(self) -> None:
        """The digest is that of the manifest, which names each frozen file; none is added."""
        self.digest = sha256(self.read(MANIFEST))
        claim_equal(f"{self.digest}\n".encode(), self.read(DIGEST), "changed", DIGEST)
        self.report.digest = self.report.digest or self.digest
        self.manifest = manifest = read_json(self.read(MANIFEST), MANIFEST, MANIFEST_SHAPE)
        claim_equal("kleroterion-bundle/1", manifest["format"], "malformed", MANIFEST)
        named = sorted(FROZEN_PUBLIC | FROZEN_WITNESS | {TOKENS})
        claim_equal(named, sorted(manifest["files"]), "malformed", MANIFEST)
        public = FROZEN_PUBLIC | {MANIFEST, DIGEST}
        self._claim_only("public", public | ({DRAW, DRAW_DIGEST} if self.is_drawn else set()))
        if self.has_witness:
            alternates = {ALTERNATES} if self.is_drawn else set()
            self._claim_only("witness", FROZEN_WITNESS | alternates)
        sealed = FROZEN_PUBLIC | (FROZEN_WITNESS if self.has_witness else set())
        for file in sorted(sealed):
            claim_equal(manifest["files"][file], sha256(self.read(file)), "changed", file)
        if self.is_drawn:
            self.draw_digest = sha256(self.read(DRAW))
            draw_seal = f"{self.draw_digest}\n".encode()
            claim_equal(draw_seal, self.read(DRAW_DIGEST), "changed", DRAW_DIGEST)
        self.report.true("seal", digest=self.digest, files=len(sealed) + 1)

    def _claim_only(self, part: str, expected: Set[str]) -> None:
        """Claim that nothing was added to a part; what is missing will be missed when read."""
        for file in sorted(self.files_of(part) - expected):
            raise LieError("added", file)

    # --- Step 2. The rules of the game ---

    def check_rules(self) -> None:
        """Panels have a size, features have categories, and the quotas can hold together."""
        manifest = self.manifest
        self.size, self.panel_count = manifest["panel_size"], manifest["panels"]
        possible = 1 <= self.size <= manifest["pool"] and self.panel_count >= 1
        claim(possible, "rules", MANIFEST, found=(manifest["pool"], self.size, self.panel_count))
        self.names = [feature["name"] for feature in manifest["features"]]
        self.categories = [(f["name"], c) for f in manifest["features"] for c in f["categories"]]
        self.code_of = {category: code for code, category in enumerate(self.categories)}
        named = len(set(self.names)) == len(self.names)
        named = named and len(self.code_of) == len(self.categories)
        claim(named, "rules", MANIFEST, found=self.categories)
        rows = read_table(self.read(QUOTAS), QUOTAS, "feature", "value", "min", "max")
        claim_equal(self.categories, [(name, value) for name, value, *_ in rows], "rules", QUOTAS)
        self.lower = [read_whole(row[2], QUOTAS) for row in rows]
        self.upper = [read_whole(row[3], QUOTAS) for row in rows]
        for line, row in enumerate(rows, start=2):
            ordered = self.lower[line - 2] <= self.upper[line - 2]
            claim(ordered, "rules", f"{QUOTAS}:{line}", found=row)
        for name in self.names:
            codes = [code for (feature, _), code in self.code_of.items() if feature == name]
            least, most = sum(self.lower[c] for c in codes), sum(self.upper[c] for c in codes)
            claim(least <= self.size <= most, "rules", QUOTAS, self.size, (name, least, most))
        self.report.true(
            "rules", panels=self.panel_count, size=self.size, pool=manifest["pool"],
            categories=len(rows), features=len(self.names),
        )  # fmt: skip
        if manifest["seed_rule"] == "chosen":
            self.report.unknown("seed", seed=show(manifest["seed"]))

    # --- Step 3. The pool: one token and one sealed envelope for each respondent ---

    def check_pool(self) -> None:
        """Each respondent has one token, and one commitment that nobody can open or change."""
        rows = read_table(self.read(COMMITMENTS), COMMITMENTS, "token", "commitment")
        claim_equal(self.manifest["pool"], len(rows), "tokens", COMMITMENTS)
        before = ""
        for line, row in enumerate(rows, start=2):
            spelled = re.fullmatch("T[0-9]{1,18},[0-9a-f]{64}", ",".join(row)) is not None
            claim(spelled and before < row[0], "tokens", f"{COMMITMENTS}:{line}", found=row)
            before = row[0]
        self.tokens = [token for token, _ in rows]
        self.commitments = [commitment for _, commitment in rows]
        self.row_of = {token: row for row, token in enumerate(self.tokens)}
        self.report.true("pool", pool=len(rows))

    # --- Step 4. The lottery: M numbered panels, each as likely as another ---

    def check_lottery(self) -> None:
        """There are panels 0 to M − 1, each of exactly k different respondents, and no other.

        Members stand in rising order, so nobody sits twice in a panel. The table may be
        long: it is read panel by panel, and each is kept as k row numbers.
        """
        lines = io.BytesIO(self.read(PANELS))
        claim(next(lines, b"") == b"panel,token\n", "malformed", f"{PANELS}:1")
        known = {f"{token}\n".encode(): row for row, token in enumerate(self.tokens)}
        self.panels: list[array[int]] = []
        seats: Counter[int] = Counter()
        for number in range(self.panel_count):
            start = b"%d," % number
            block = list(islice(lines, self.size))
            members = [known.get(line[len(start) :], -1) for line in block]
            right = all(line.startswith(start) for line in block) and len(block) == self.size
            rising = all(map(operator.lt, [-1, *members], members))
            claim(right and rising, "panel", self.place(number), found=f"panel {number}")
            seats.update(members)
            self.panels.append(array("l", members))
        claim(next(lines, None) is None, "panel", self.place(self.panel_count))
        del self.files[PANELS]  # it may be large, and every line of it is known now
        self.seats = [seats[row] for row in range(len(self.tokens))]
        distinct = len({members.tobytes() for members in self.panels})
        self.report.true("lottery", panels=self.panel_count, size=self.size, distinct=distinct)

    def place(self, number: int) -> str:
        """Say where a panel begins in the table."""
        return f"{PANELS}:{2 + number * self.size}"

    # --- Step 5. The chances: seats held are seats owed, to an error that is stated ---

    def check_chances(self) -> None:
        """Since one panel in M will be drawn, a chance is a count of panels divided by M.

        The seats owed are those of the level of chances at which each respondent was fixed,
        but where no lottery can share them so: then they were found panel by panel.
        """
        self.is_by_levels = self.manifest["method"] != "column generation"
        header = ("token", "probability", "seats", "level")
        rows = read_table(self.read(PROBABILITIES), PROBABILITIES, *header)
        claim_equal(self.tokens, [row[0] for row in rows], "tokens", PROBABILITIES)
        self.certificate = read_json(self.read(CERTIFICATE), CERTIFICATE, CERTIFICATE_SHAPE)
        self.values = [level["value"] for level in self.certificate["levels"]]
        self.scale = self.certificate["probability_scale"]
        self.decimals = len(str(self.scale)) - 1
        claim(self.scale == 10**self.decimals, "malformed", CERTIFICATE, "10…0", self.scale)
        self.level_of, self.chances = [], []
        for line, (_, chance, held, level_text) in enumerate(rows, start=2):
            where, seats = f"{PROBABILITIES}:{line}", self.seats[line - 2]
            claim_equal(seats, read_whole(held, where), "seats", where)
            level = read_whole(level_text, where) if level_text else -1
            claim(level < len(self.values), "level", where, found=level)
            owed = int(chance.replace(".", "")) if re.fullmatch("[01][.][0-9]+", chance) else -1
            claim_equal(self.decimal(owed), chance, "malformed", where)
            if self.is_by_levels:
                value = 0 if level < 0 else self.values[level]
                claim_equal(self.decimal(value), chance, "level", where)
            claim(owed > 0 or seats == 0, "shut_out", where, 0, seats)
            self.level_of.append(level)
            self.chances.append(owed)
        self._check_stated_figures()

    def decimal(self, numerator: int) -> str:
        """Write a chance in 1/scale as a decimal, exactly."""
        whole, rest = divmod(numerator, self.scale)
        return f"{whole}.{rest:0{self.decimals}d}"

    def _check_stated_figures(self) -> None:
        """The manifest states the largest error, the smallest chance and how many have none."""
        errors = (
            abs(seats * self.scale - chance * self.panel_count)
            for seats, chance in together(self.seats, self.chances)
        )
        error = Fraction(max(errors), self.scale)
        raised = [seats for seats, chance in together(self.seats, self.chances) if chance]
        least, shut_out = min(raised, default=0), self.chances.count(0)
        self.minimum = Fraction(least, self.panel_count)
        for key, figure in (("max_error_seats", error), ("minimum_probability", self.minimum)):
            where = f"{MANIFEST}/{key}"
            claim_equal(figure, read_fraction(self.manifest[key], where), "stated", where)
        stated = self.manifest["excluded_by_quotas"]
        claim_equal(shut_out, stated, "stated", f"{MANIFEST}/excluded_by_quotas")
        self.report.true(
            "chances", least=least, panels=self.panel_count, minimum=self.minimum, error=error,
            pool=len(self.tokens), excluded=shut_out,
        )  # fmt: skip

    # --- Step 6. What is told of the composition of the panels agrees with the quotas ---

    def check_composition(self) -> None:
        """For each category, how many panels hold how many of its members: all as allowed.

        Which panel has which count is not public: from it, and from who sits where, the
        features of everybody would follow by solving equations.
        """
        rows = read_table(
            self.read(COMPOSITION), COMPOSITION, "feature", "value", "count", "panels"
        )
        self.composition: dict[tuple[int, int], int] = {}
        before = (-1, -1)
        panels: Counter[int] = Counter()
        seats: Counter[str] = Counter()
        for line, row in enumerate(rows, start=2):
            where, code = f"{COMPOSITION}:{line}", self.code_of.get((row[0], row[1]), -1)
            claim(code >= 0, "category", where, found=row)
            count, many = read_whole(row[2], where), read_whole(row[3], where)
            bounds = (self.lower[code], self.upper[code])
            claim(bounds[0] <= count <= bounds[1], "quota", where, bounds, row)
            claim(many > 0 and before < (code, count), "composition", where, found=row)
            before = (code, count)
            self.composition[before] = many
            panels[code] += many
            seats[row[0]] += many * count
        complete = [panels[code] for code in range(len(self.categories))]
        claim_equal([self.panel_count] * len(complete), complete, "composition", COMPOSITION)
        for name in self.names:
            claim_equal(self.panel_count * self.size, seats[name], "composition", COMPOSITION)
        self.report.true("composition", categories=len(complete), panels=self.panel_count)

    # --- Step 7. The levels of chances: each as high as its ceiling, the first one stated ---

    def check_levels(self) -> None:
        """Each level of chances touches its ceiling. Step 10 proves the ceilings themselves."""
        levels = self.certificate["levels"]
        self.ceilings = [read_fraction(level["bound"], CERTIFICATE) for level in levels]
        before = Fraction(0)
        for number, ceiling in enumerate(self.ceilings):
            chance = Fraction(self.values[number], self.scale)
            tight = abs(ceiling - chance) <= TIGHT and before - TIGHT <= chance <= 1
            claim(tight, "levels", f"{CERTIFICATE}/levels/{number}", ceiling, chance)
            before = max(before, chance)
        where = f"{MANIFEST}/bound"
        raised = [c for value, c in together(self.values, self.ceilings) if value > 0]
        self.ceiling = raised[0] if raised else Fraction(0)
        stated = read_fraction(self.manifest["bound"], where)
        right = stated == self.ceiling or (stated <= self.ceiling and not self.is_by_levels)
        claim(right, "stated", where, self.ceiling, stated)
        claim(self.minimum <= stated, "levels", where, stated, self.minimum)
        if not self.is_by_levels:
            self.report.unknown("solver_ceiling", ceiling=stated)
        gap = self.ceiling - self.minimum
        self.report.true("levels", levels=len(levels), ceiling=self.ceiling, gap=gap)

    # --- Step 8, with witness/. The envelopes open to the features that were sealed in them ---

    def check_openings(self) -> None:
        """The digest of salt, token, household and features is the commitment published."""
        rows = read_table(self.read(OPENINGS), OPENINGS, "token", "salt", "household", *self.names)
        claim_equal(self.tokens, sorted(row[0] for row in rows), "tokens", OPENINGS)
        self.codes: list[tuple[int, ...]] = [()] * len(rows)
        self.homes: list[int | None] = [None] * len(rows)
        for line, (token, salt, home, *features) in enumerate(rows, start=2):
            where, row = f"{OPENINGS}:{line}", self.row_of[token]
            opened = commit(salt, token, home, features)
            claim_equal(self.commitments[row], opened, "commitment", where)
            codes = tuple(self.code_of.get(pair, -1) for pair in together(self.names, features))
            claim(min(codes, default=0) >= 0, "category", where, found=features)
            self.codes[row], self.homes[row] = codes, read_whole(home, where) if home else None
        shared = any(home is not None for home in self.homes)
        claim_equal(shared, self.manifest["households"], "stated", f"{MANIFEST}/households")
        self.report.true("openings", pool=len(rows))

    # --- Step 9, with witness/. Every quota of every panel ---

    def check_every_quota(self) -> None:
        """Count again the members of each category in each panel, and compare.

        A respondent is written as one long number with a 1 in the cell of each of their
        categories; the sum over a panel then has the count of each category in its cell.
        """
        packed = [sum(1 << (CELL_BITS * code) for code in codes) for codes in self.codes]
        cell, codes = (1 << CELL_BITS) - 1, range(len(self.categories))
        recounted: Counter[tuple[int, int]] = Counter()
        for number, members in enumerate(self.panels):
            total = sum(map(packed.__getitem__, members))
            counts = [(total >> (CELL_BITS * code)) & cell for code in codes]
            low = all(map(operator.le, self.lower, counts))
            if not (low and all(map(operator.le, counts, self.upper))):
                broken = next(c for c in codes if not self.lower[c] <= counts[c] <= self.upper[c])
                bounds = (self.lower[broken], self.upper[broken])
                found = (f"panel {number}", *self.categories[broken], counts[broken])
                raise LieError("quota", self.place(number), bounds, found)
            recounted.update(enumerate(counts))
            homes = [home for home in map(self.homes.__getitem__, members) if home is not None]
            alone = len(set(homes)) == len(homes)
            claim(alone, "household", self.place(number), found=f"panel {number}")
        claim(dict(recounted) == self.composition, "recount", COMPOSITION)
        self.report.true(
            "quotas", panels=self.panel_count, size=self.size, categories=len(codes),
            checks=self.panel_count * len(codes),
        )  # fmt: skip
        if self.manifest["households"]:
            self.report.true("households", panels=self.panel_count)

    # --- Step 10, with witness/. No lottery over lawful panels could be fairer ---

    def check_certificate(self) -> None:
        """Prove the ceiling of each level of chances by adding up quotas.

        Take any lottery over lawful panels, and let p_i be the chance of respondent i.
        Every panel respects the rules; on average, then, so do the chances:

            lower_c <= sum of p_i over category c <= upper_c       sum of all p_i = k
            sum of p_i over a household <= 1                       0 <= p_i <= 1

        Multiply the first by y_c (its right side if y_c > 0, else its left side), the
        second by g, the third by h >= 0, and add them all. With r_i the sum of the
        multipliers that fall on respondent i:

            sum of r_i p_i  <=  total  =  sum of y_c (upper or lower)_c  +  g k  +  sum of h

        People of earlier levels have their chance v_i, those shut out have 0. Among the
        others, who are free, let m be the smallest p_i. Where r_i > 0, r_i p_i >= r_i m;
        where r_i < 0, r_i p_i >= r_i. Hence

            m  <=  (total - sum of r_i v_i - sum of negative r_i) / (sum of positive r_i)

        whatever the multipliers: the certificate only has to choose them well. And where
        r_i > 0, nobody at this level can have more unless another of them has less.
        """
        people = Counter(together(self.codes, self.homes, self.level_of))
        self.ruled_out: set[int] = set()  # levels of people whom no panel can hold
        for number, stated in enumerate(self.ceilings):
            where = f"{CERTIFICATE}/levels/{number}"
            ceiling, least, positive = self._prove_ceiling(number, people, where)
            claim_equal(ceiling, stated, "ceiling", where)
            certain = self.values[number] == self.scale  # a chance of 1 cannot rise anyway
            claim(least > 0 or certain, "may_rise", where, found=least)
            sound = -1 not in self.level_of and len(self.ruled_out) == number
            if self.values[number] == 0 and sound and ceiling * positive < least:
                self.ruled_out.add(number)  # a panel with one of them would pass the total
        gap = self.ceiling - self.minimum
        self.report.true(
            "certificate", ceiling=self.ceiling, minimum=self.minimum, levels=len(self.values), gap=gap
        )  # fmt: skip

    def _prove_ceiling(
        self, number: int, people: Mapping[tuple[Any, ...], int], where: str
    ) -> tuple[Fraction, int, int]:
        """Return the ceiling of a level, the least r of its people and the sum of positive r."""
        level = self.certificate["levels"][number]
        y, g = level["quotas"], level["size"]
        h = {read_whole(home, where): weight for home, weight in level["households"].items()}
        usable = len(y) == len(self.categories) and min(h.values(), default=0) >= 0
        claim(usable, "malformed", where, found=(y, h))
        total = g * self.size + sum(h.values())
        for weight, lower, upper in together(y, self.lower, self.upper):
            total += weight * (upper if weight > 0 else lower)
        taken = positive = 0
        weights_here = []
        for (codes, home, fixed), many in people.items():
            r = g + sum(map(y.__getitem__, codes)) + h.get(home, 0)
            if fixed < number:
                taken += many * r * (self.values[fixed] if fixed >= 0 else 0)
            elif r > 0:
                positive += many * r
            else:
                total -= many * r
            if fixed == number:
                weights_here.append(r)
        ceiling = Fraction(1)
        if positive:
            ceiling = min(ceiling, (total - Fraction(taken, self.scale)) / positive)
        return ceiling, min(weights_here, default=0), positive

    def check_exclusions(self) -> None:
        """Those who have no chance are named, each with a reason."""
        rows = read_table(self.read(EXCLUSIONS), EXCLUSIONS, "token", "reason")
        shut_out = [token for token, chance in together(self.tokens, self.chances) if not chance]
        claim_equal(shut_out, [token for token, _ in rows], "exclusions", EXCLUSIONS)
        claim(all(reason.strip() for _, reason in rows), "exclusions", EXCLUSIONS)
        fixed = [level for level, c in together(self.level_of, self.chances) if not c]
        if rows and self.ruled_out.issuperset(fixed):
            self.report.true("exclusions", excluded=len(rows))
        elif rows:
            self.report.unknown("not_shut_out", excluded=len(rows))

    # --- Step 11. Public randomness, in the form announced, leads to the panel drawn ---

    def check_draw(self) -> None:
        """From the plan frozen before and the results published since, find the number again."""
        after = {} if self.manifest["parent"] is None else {"panel_after": [str]}
        self.draw = draw = read_json(self.read(DRAW), DRAW, {**DRAW_SHAPE, **after})
        claim_equal("kleroterion-draw/1", draw["format"], "malformed", DRAW)
        claim_equal(self.digest, draw["manifest_digest"], "other_draw", DRAW)
        plan, randomness = self.manifest["randomness"], draw["randomness"]
        key = self.find_key(plan, randomness["inputs"])
        if plan["kind"] == "number":
            number, hashes = int(key), list[str]()
        else:
            number, hashes = map_to_panel(self.digest, key, self.panel_count)
        told = (randomness["kind"], randomness["steps"]["key"], randomness["steps"]["hashes"])
        claim_equal((plan["kind"], key, hashes), told, "mapping", f"{DRAW}/randomness")
        claim_equal(number, draw["number"], "mapping", f"{DRAW}/number")
        panel = [self.tokens[row] for row in self.panels[number]]
        claim_equal(panel, draw["panel"], "panel_drawn", f"{DRAW}/panel")
        self.report.true(f"draw_{plan['kind']}", number=number, panels=self.panel_count)

    def find_key(self, plan: Any, inputs: Any) -> str:
        """Write the public results in the one form that everybody finds (RFC 3797, part 4)."""
        kind, where = plan.get("kind"), f"{DRAW}/randomness/inputs"
        claim(isinstance(kind, str) and kind in PLAN_SHAPES, "plan", MANIFEST, found=kind)
        claim_shape(plan, PLAN_SHAPES[kind][0], f"{MANIFEST}/randomness")
        claim_shape(inputs, PLAN_SHAPES[kind][1], where)
        if kind == "combined":
            parts = plan["parts"]
            flat = all(part.get("kind") != "combined" for part in parts)
            claim(flat and len(parts) == len(inputs["parts"]), "plan", where)
            return "|".join(self.find_key(*pair) for pair in together(parts, inputs["parts"]))
        if kind == "number":
            digits = inputs["number"].lstrip("0") or "0"
            claim(read_whole(digits, where) < self.panel_count, "panel_drawn", where, found=digits)
            return str(digits)
        if kind == "sources":
            claim_equal(len(plan["sources"]), len(inputs["values"]), "plan", where)
            return "".join(map(canonical_value, inputs["values"]))
        if kind == "drand":
            claim_equal(plan["round"], inputs["round"], "plan", where)
            spelled = re.fullmatch("([0-9a-f]{2})+", inputs["signature"]) is not None
            claim(spelled, "malformed", where, found=inputs["signature"])
            randomness = sha256(bytes.fromhex(inputs["signature"]))
            claim_equal(randomness, inputs["randomness"], "beacon", where)
            self.report.unknown("signature", round=str(plan["round"]), chain=show(plan["chain"]))
            return randomness
        self.report.unknown("text")
        return str(inputs["text"])

    def check_alternates(self) -> None:
        """With witness/: who may take each seat without breaking a rule, the most alike first."""
        content = self.read(ALTERNATES)
        claim_equal(self.draw["alternates_digest"], sha256(content), "changed", ALTERNATES)
        members = self.panels[self.draw["number"]]
        held = Counter(code for row in members for code in self.codes[row])
        outside: dict[tuple[int, ...], list[int]] = {}
        for row in sorted(set(range(len(self.tokens))) - set(members)):
            outside.setdefault(self.codes[row], []).append(row)
        seat_of_home = {self.homes[row]: row for row in members if self.homes[row] is not None}

        def may_swap(code: int, other: int) -> bool:
            leaves, joins = held[code] > self.lower[code], held[other] < self.upper[other]
            return code == other or (leaves and joins)

        expected = []
        for seat in members:
            near: dict[int, list[int]] = {}
            for codes, rows in outside.items():
                if all(map(may_swap, self.codes[seat], codes)):
                    unlike = sum(map(operator.ne, self.codes[seat], codes))
                    alone = [r for r in rows if seat_of_home.get(self.homes[r], seat) == seat]
                    near.setdefault(unlike, []).extend(alone)
            for rank, row in enumerate(self._ranked(seat, near), start=1):
                expected.append([self.tokens[seat], str(rank), self.tokens[row]])
        self.alternates = read_table(content, ALTERNATES, "seat", "rank", "token")
        for line, pair in enumerate(zip(expected, self.alternates), start=2):  # noqa: B905
            claim_equal(*pair, "alternates", f"{ALTERNATES}:{line}")
        claim_equal(len(expected), len(self.alternates), "alternates", ALTERNATES)
        people = len({token for _, _, token in expected})
        self.report.true("alternates", ranks=len(expected), people=people, size=self.size)

    def _ranked(self, seat: int, near: Mapping[int, list[int]]) -> list[int]:
        """Order the candidates for a seat; among those as alike, by a digest nobody chose."""
        start = f"{self.digest}|{self.draw['number']}|alternate|{self.tokens[seat]}|"
        depth, ranked = max(self.draw["alternates_per_seat"], 0), list[int]()
        for unlike in sorted(near):
            if len(ranked) < depth:
                lots = {sha256(f"{start}{self.tokens[row]}".encode()): row for row in near[unlike]}
                ranked += [lots[lot] for lot in sorted(lots)]
        return ranked[:depth]

    # --- Step 12. Each replacement is a draw of its own, from the panel that stood before ---

    def check_replacements(self) -> None:
        """Audit the replacements one by one, each linked by digests to what it mends."""
        self.standing: list[str] = self.draw["panel"] if self.is_drawn else []
        self.left: set[str] = set()
        exist, previous = os.path.lexists(self.folder / "replacements"), None
        folders = self.files_of("replacements") if exist else set()
        folders = {name for name in folders if "/." not in name}  # unfinished ones are hidden
        claim(self.is_drawn or not folders, "added", "replacements")
        for number in range(1, len(folders) + 1):
            folder = f"replacements/{number}"
            claim(folder in folders, "missing", folder)
            self.report.replacement = number
            child = Audit(self.folder / folder, self.report)
            child.run()
            child.check_succession(self, number, previous)
            claim(child.is_drawn or number == len(folders), "missing", DRAW)
            previous = child.draw_digest if child.is_drawn else None
        self.report.replacement = 0

    def check_succession(self, root: Audit, number: int, previous: str | None) -> None:
        """This replacement starts from the panel as it stood, and fills the empty seats only."""
        parent, where = self.manifest["parent"], f"{MANIFEST}/parent"
        claim_shape(parent, PARENT_SHAPE, where)
        claim(parent["from"] in ("alternates", "pool"), "malformed", where, found=parent["from"])
        told = (parent["digest"], parent["draw"], parent["previous"], parent["round"])
        claim_equal((root.digest, root.draw_digest, previous, number), told, "link", where)
        left, staying = parent["left"], parent["staying"]
        claim_equal(sorted(root.standing), sorted([*left, *staying]), "standing", where)
        claim_equal((len(left), root.names, root.categories),
                    (self.size, self.names, self.categories), "remaining", MANIFEST)  # fmt: skip
        sealed = dict(together(root.tokens, root.commitments))
        barred = {*left, *staying, *parent["unavailable"]}
        for line, token in enumerate(self.tokens, start=2):
            claim(token not in barred, "barred", f"{COMMITMENTS}:{line}", found=token)
            commitment = self.commitments[line - 2]
            claim_equal(sealed.get(token), commitment, "commitment", f"{COMMITMENTS}:{line}")
        if self.has_witness and root.has_witness:
            self._check_vacancies(root, barred)
        root.left |= set(left)
        if self.is_drawn:
            root.standing = sorted([*staying, *self.draw["panel"]])
            claim_equal(root.standing, self.draw["panel_after"], "standing", DRAW)
        self.report.true("succession", left=len(left), pool=len(self.tokens))

    def _check_vacancies(self, root: Audit, barred: Set[str]) -> None:
        """The quotas are what those who stay leave of them, and nobody eligible is forgotten.

        Those who left earlier may be let in again, or not: both are lawful.
        """
        staying = [root.row_of[token] for token in self.manifest["parent"]["staying"]]
        held = Counter(code for row in staying for code in root.codes[row])
        lower = [max(bound - held[code], 0) for code, bound in enumerate(root.lower)]
        upper = [max(bound - held[code], 0) for code, bound in enumerate(root.upper)]
        upper = [min(bound, self.size) for bound in upper]
        claim_equal((lower, upper), (self.lower, self.upper), "remaining", QUOTAS)
        homes = {root.homes[row] for row in staying} - {None}
        eligible = {token for token, home in together(root.tokens, root.homes) if home not in homes}
        eligible -= barred
        if self.manifest["parent"]["from"] == "alternates":
            eligible &= {token for _, _, token in root.alternates}
        strangers = sorted(set(self.tokens) - eligible)
        claim(not strangers, "barred", COMMITMENTS, found=strangers)
        forgotten = sorted(eligible - root.left - set(self.tokens))
        claim(not forgotten, "forgotten", COMMITMENTS, found=forgotten)

    # --- Step 13, with private/ when asked. The same panels, under the names of people ---

    def check_private(self) -> None:
        """The private tables are the public ones once each token is replaced by its person."""
        claim_equal(self.manifest["files"][TOKENS], sha256(self.read(TOKENS)), "changed", TOKENS)
        rows = read_table(self.read(TOKENS), TOKENS, "token", "respondent", "salt")
        claim_equal(self.tokens, [row[0] for row in rows], "tokens", TOKENS)
        names = [name for _, name, _ in rows]
        claim_equal(len(names), len(set(names)), "private", TOKENS)
        if self.has_witness:
            header = ("token", "salt", "household", *self.names)
            openings = read_table(self.read(OPENINGS), OPENINGS, *header)
            salts = [[token, salt] for token, _, salt in rows]
            claim_equal(sorted(row[:2] for row in openings), salts, "private", TOKENS)
        file = "private/panels.csv"
        lines = io.BytesIO(self.read(file))
        claim(next(lines, b"") == b"panel,respondent\n", "private", file)
        for number, members in enumerate(self.panels):
            people = sorted(names[row] for row in members)
            told = csv_text([str(number), name] for name in people).encode()
            claim(lines.read(len(told)) == told, "private", f"{file} panel {number}")
        claim(lines.read() == b"", "private", file)
        file = "private/probabilities.csv"
        expected = [
            [name, self.decimal(chance), str(seats)]
            for name, chance, seats in together(names, self.chances, self.seats)
        ]
        header = ("respondent", "probability", "seats")
        claim_equal(sorted(expected), read_table(self.read(file), file, *header), "private", file)
        self.report.true("private", panels=self.panel_count, pool=len(rows))

    # --- Step 14, when a receipt is given. What a volunteer holds is what was published ---

    def check_receipt(self, content: bytes, file: str) -> None:
        """The receipt opens its own row: its features were sealed, its panels are counted."""
        receipt = read_json(content, file, RECEIPT_SHAPE, canonical=False)
        claim_equal("kleroterion-receipt/1", receipt["format"], "malformed", file)
        claim_equal(self.digest, receipt["manifest_digest"], "other_draw", file)
        token, row = receipt["token"], self.row_of.get(receipt["token"], -1)
        claim(row >= 0, "tokens", file, found=token)
        claim_equal(sorted(self.names), sorted(receipt["features"]), "category", file)
        features = [receipt["features"][name] for name in self.names]
        opened = commit(receipt["salt"], token, receipt["household"], features)
        told = (receipt["commitment"], self.commitments[row])
        claim_equal((opened, opened), told, "commitment", file)
        panels = [number for number, members in enumerate(self.panels) if row in members]
        counted = (self.decimal(self.chances[row]), len(panels), panels, self.panel_count)
        stated = tuple(receipt[key] for key in ("probability", "seats", "panels", "panel_count"))
        claim_equal(counted, stated, "receipt", file)
        shown = "; ".join(f"{n} = {show(f)}" for n, f in together(self.names, features))
        self.report.true(
            "receipt", token=token, seats=len(panels), panels=self.panel_count, features=shown,
            chance=Fraction(len(panels), self.panel_count),
        )  # fmt: skip
        if self.is_drawn:
            drawn = token in self.draw["panel"]
            fate = "member" if token in self.standing else "left" if drawn else "not_drawn"
            self.report.true(fate, token=token)
        for seat, rank, other in self.alternates:
            if other == token:
                self.report.true("alternate", token=token, rank=rank, seat=seat)


def commit(salt: str, token: str, household: str, features: Sequence[str]) -> str:
    """Seal salt, token, household and features: the SHA-256 of a compact JSON list."""
    opening = [salt, token, household, *features]
    text = json.dumps(opening, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass"))


def canonical_value(value: str) -> str:
    """Write a published result so that case, accents, spaces and order do not count.

    Letters and digits make one word; digits alone make whole numbers in rising order.
    """
    plain = unicodedata.normalize("NFKD", value).upper()
    if re.search("[A-Z]", plain):
        words = ["".join(re.findall("[A-Z0-9]", plain))]
    else:
        numbers = (digits.lstrip("0") or "0" for digits in re.findall("[0-9]+", plain))
        words = sorted(numbers, key=lambda digits: (len(digits), digits))
    claim(bool(words), "malformed", f"{DRAW}/randomness/inputs", found=value)
    return "".join(f"{word}." for word in words) + "/"


def map_to_panel(digest: str, key: str, panels: int) -> tuple[int, list[str]]:
    """Map a key to one of the panels, each as likely: SHA-256 of "digest|key|0", then 1, …

    The values beyond the last whole multiple of the number of panels are passed over:
    without that, the first panels would be a little more likely than the last.
    """
    hashes: list[str] = []
    while not hashes or int(hashes[-1], 16) >= panels * (2**256 // panels):
        hashes.append(sha256(f"{digest}|{key}|{len(hashes)}".encode()))
    return int(hashes[-1], 16) % panels, hashes


# --- Claims, and what is told of them ---


class LieError(Exception):
    """A claim of the folder that is not true: which, in what file and on what line."""

    def __init__(self, lie: str, where: str, expected: Any = None, found: Any = None) -> None:
        super().__init__(f"{where}: {lie}; expected {expected!r}, found {found!r}")
        self.lie, self.where, self.expected, self.found = lie, where, expected, found


def claim(truth: bool, lie: str, where: str, expected: Any = None, found: Any = None) -> None:
    """Go on if what is claimed is true; stop at the lie otherwise."""
    if not truth:
        raise LieError(lie, where, expected, found)


def claim_equal(expected: Any, found: Any, lie: str, where: str) -> None:
    """Go on if what is found is what was expected."""
    claim(expected == found, lie, where, expected, found)


class Report:
    """What was found true, what could not be checked, and the lie if there is one."""

    def __init__(self) -> None:
        self.digest = ""
        self.checked: list[tuple[int, str, dict[str, Any]]] = []
        self.unchecked: list[tuple[int, str, dict[str, Any]]] = []
        self.lie: LieError | None = None
        self.replacement = 0  # the number of the replacement under audit; 0 for the draw itself

    def true(self, check: str, **figures: Any) -> None:
        """Record a step all of whose claims are true."""
        self.checked.append((self.replacement, check, figures))

    def unknown(self, check: str, **figures: Any) -> None:
        """Record what cannot be told from the parts given."""
        self.unchecked.append((self.replacement, check, figures))


# --- Reading. Each file can be written in one way only, so a value is what it looks like ---

# What the JSON files hold: (None, X) may be null, {str: X} has any keys, [X] any length.
ANYTHING = {str: object}
MANIFEST_SHAPE = {
    "format": str, "title": str, "panel_size": int, "panels": int, "pool": int, "seed": str,
    "seed_rule": str, "method": str, "features": [{"name": str, "categories": [str]}],
    "households": bool, "software": {str: str}, "randomness": ANYTHING, "bound": str,
    "minimum_probability": str, "max_error_seats": str, "excluded_by_quotas": int,
    "parent": (None, ANYTHING), "files": {str: str},
}  # fmt: skip
LEVEL_SHAPE = {"value": int, "quotas": [int], "size": int, "households": {str: int}, "bound": str}
CERTIFICATE_SHAPE = {"probability_scale": int, "multiplier_scale": int, "levels": [LEVEL_SHAPE]}
DRAW_SHAPE = {
    "format": str, "manifest_digest": str, "number": int, "panel": [str], "officers": [str],
    "randomness": {"kind": str, "inputs": ANYTHING, "steps": {"key": str, "hashes": [str]}},
    "alternates_digest": str, "alternates_per_seat": int, "drawn_at": (None, str),
}  # fmt: skip
PARENT_SHAPE = {
    "digest": str, "draw": str, "previous": (None, str), "round": int, "left": [str],
    "staying": [str], "unavailable": [str], "from": str,
}  # fmt: skip
RECEIPT_SHAPE = {
    "format": str, "title": str, "manifest_digest": str, "token": str, "salt": str,
    "household": str, "features": {str: str}, "commitment": str, "probability": str,
    "seats": int, "panels": [int], "panel_count": int, "words": {"fr": str, "en": str},
}  # fmt: skip
PLAN_SHAPES: Mapping[str, tuple[Any, Any]] = {  # kind: what was announced, what was recorded
    "number": ({"kind": str}, {"number": str}),
    "text": ({"kind": str}, {"text": str}),
    "sources": ({"kind": str, "sources": [str]}, {"values": [str]}),
    "drand": (
        {"kind": str, "chain": str, "round": int},
        {"round": int, "signature": str, "randomness": str},
    ),
    "combined": ({"kind": str, "parts": [ANYTHING]}, {"parts": [ANYTHING]}),
}


def sha256(content: bytes) -> str:
    """Return the digest of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_text(content: bytes, where: str) -> str:
    """Read bytes as UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LieError("malformed", where, "UTF-8", f"byte {error.start}") from None


def read_json(content: bytes, where: str, shape: Any, *, canonical: bool = True) -> Any:
    """Read JSON of a given shape: no fractions, no key twice, sorted, indented by one."""
    text = read_text(content, where)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object_without_doubles,
            parse_int=lambda n: int(n) if len(n) <= LONGEST_NUMBER else _refuse_number(n),
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
        written = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    except (ValueError, RecursionError) as error:
        raise LieError("malformed", where, "JSON", str(error)) from None
    claim(text == written or not canonical, "malformed", where, "canonical JSON")
    claim_shape(value, shape, where)
    return value


def _object_without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def _refuse_number(digits: str) -> int:
    raise ValueError(f"number {digits[:20]}")


def claim_shape(value: Any, shape: Any, where: str) -> None:
    """Claim that a JSON value has the keys and the types of a shape."""
    if isinstance(shape, tuple):
        shape = shape[0] if value is None else shape[1]
    if isinstance(shape, dict) and isinstance(value, dict):
        if str not in shape:
            claim_equal(sorted(shape), sorted(value), "malformed", where)
        for key, part in value.items():
            claim_shape(part, shape[str] if str in shape else shape[key], f"{where}/{key}")
    elif isinstance(shape, list) and isinstance(value, list):
        for number, part in enumerate(value):
            claim_shape(part, shape[0], f"{where}/{number}")
    else:
        right = value is shape or type(value) is shape or shape is object
        expected = getattr(shape, "__name__", type(shape).__name__)
        claim(right, "malformed", where, expected, value)


def read_table(content: bytes, file: str, *header: str) -> list[list[str]]:
    """Read the rows of a CSV below its header; quotes only where they must be."""
    text = read_text(content, file)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise LieError("malformed", file, "CSV", str(error)) from None
    claim(text == csv_text(rows), "malformed", file, "canonical CSV")
    claim_equal(list(header), rows[0] if rows else [], "malformed", f"{file}:1")
    for line, row in enumerate(rows, start=1):
        claim(len(row) == len(header), "malformed", f"{file}:{line}", header, row)
    return rows[1:]


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Write rows in the one way there is."""
    return "".join(",".join(map(_csv_cell, row)) + "\n" for row in rows)


def _csv_cell(text: str) -> str:
    plain = not any(mark in text for mark in ',"\r\n')
    return text if plain else '"' + text.replace('"', '""') + '"'


def read_whole(text: str, where: str) -> int:
    """Read a whole number written in the one way there is: no sign, no leading zero."""
    right = re.fullmatch("0|[1-9][0-9]{0,17}", text) is not None
    claim(right, "malformed", where, "0, 1, 2, …", text)
    return int(text)


def read_fraction(text: str, where: str) -> Fraction:
    """Read a fraction a/b in lowest terms."""
    right = re.fullmatch("(-?[0-9]{1,400})/([1-9][0-9]{0,399})", text)
    if right is None:
        raise LieError("malformed", where, "a/b", text)
    value = Fraction(int(right[1]), int(right[2]))
    claim_equal(f"{value.numerator}/{value.denominator}", text, "malformed", where)
    return value


def together(*columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Go along sequences of one length together."""
    if len(set(map(len, columns))) != 1:
        raise ValueError("columns differ in length")
    return zip(*columns)  # noqa: B905  # ``strict`` came with Python 3.10; the line above does it


# --- The command line ---


def audit(
    folder: Path, *, digest: str | None = None, receipt: Path | None = None, private: bool = False
) -> Report:
    """Audit the draw in a folder, and its replacements; never raises for what it finds there.

    ``digest`` is the one published before the draw; ``receipt`` the file of a volunteer.
    """
    report = Report()
    draw = Audit(folder, report)
    try:
        draw.run()
        if digest is None:
            report.unknown("not_published", digest=draw.digest)
        else:
            claim_equal(digest.lower(), draw.digest, "published", DIGEST)
            report.true("published")
        if draw.manifest["parent"] is not None:
            report.unknown("parent")
        draw.check_replacements()
        if private:
            draw.check_private()
        if receipt is not None:
            draw.check_receipt(receipt.read_bytes(), receipt.name)
    except LieError as lie:
        report.lie = lie
    return report


class Figure:
    """A number as a sentence writes it: ``{panels:# panel|# panels}`` chooses by the number."""

    def __init__(self, value: int | Fraction, language: str) -> None:
        self.value, self.french = Fraction(value), language == "fr"

    def __format__(self, forms: str) -> str:
        mark, point = ("\u202f", ",") if self.french else (",", ".")
        whole, rest = divmod((abs(self.value) * 2 * 10**6 + 1) // 2, 10**6)
        text = f"{whole:,}".replace(",", mark) + f"{point}{rest:06d}".rstrip("0").rstrip(point)
        if self.value and not whole and not rest:
            text = f"< 0{point}000001"
        one, _, many = (forms or "#|#").partition("|")
        single = self.value < 2 if self.french else self.value == 1
        return (one if single else many).replace("#", text)


def say(sentence: str, language: str, **figures: Any) -> str:
    """Say a sentence of the table below in French or English."""
    for name, value in figures.items():
        if isinstance(value, (int, Fraction)):
            figures[name] = Figure(value, language)
    return SENTENCES[sentence][language == "en"].format(**figures)


def show(value: Any) -> str:
    """Write what a file holds on one short line that no odd character can break."""
    text = str(value) if isinstance(value, (str, int, Fraction)) else repr(value)
    return (text if text.isprintable() else ascii(text))[:200]


def say_entry(entry: tuple[int, str, dict[str, Any]], language: str) -> str:
    """Say one thing that was found true, or that could not be checked."""
    replacement, check, figures = entry
    text = say(check, language, **figures)
    return say("in_replacement", language, number=replacement, text=text) if replacement else text


def say_lie(report: Report, lie: LieError, language: str) -> str:
    """Say what is false, where, what was expected and what stands there."""
    where = f"replacements/{report.replacement}/{lie.where}" if report.replacement else lie.where
    told = {
        part: "" if value is None else " " + say(part, language, value=show(value))
        for part, value in (("expected", lie.expected), ("found", lie.found))
    }
    return say("lie", language, where=show(where), lie=say(f"lie_{lie.lie}", language), **told)


def as_text(report: Report, language: str) -> str:
    """Return the report for people: what is true, what is not known, the verdict."""
    lines = [f"{n:3}. {say_entry(e, language)}" for n, e in enumerate(report.checked, start=1)]
    if report.unchecked:
        lines += ["", say("unchecked", language)]
        lines += [f"  -  {say_entry(entry, language)}" for entry in report.unchecked]
    lines += [
        "",
        say("all_true" if report.lie is None else "a_lie", language, n=len(report.checked)),
    ]
    if report.lie is not None:
        lines.append(f"  {say_lie(report, report.lie, language)}")
    return "\n".join(lines) + "\n"


def as_json(report: Report, language: str) -> dict[str, Any]:
    """Return the report for programs; fractions are written a/b."""

    def listed(entries: Iterable[tuple[int, str, dict[str, Any]]]) -> list[dict[str, Any]]:
        return [
            {
                "check": entry[1],
                "replacement": entry[0] or None,
                "figures": {k: str(v) if type(v) is Fraction else v for k, v in entry[2].items()},
                "text": say_entry(entry, language),
            }
            for entry in entries
        ]

    content: dict[str, Any] = {
        "format": "kleroterion-audit/1",
        "digest": report.digest,
        "verdict": "true" if report.lie is None else "false",
        "checked": listed(report.checked),
        "unchecked": listed(report.unchecked),
        "lie": None,
    }
    if report.lie is not None:
        lie, text = report.lie, say_lie(report, report.lie, language)
        content["lie"] = {"lie": lie.lie, "where": lie.where, "text": text}
    return content


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    """Audit from the command line. Return 0 if all is true, 1 at a lie; exit 2 if misused."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    language = "fr" if spoken.lower().startswith("fr") else "en"
    parser = argparse.ArgumentParser(
        prog=program,
        description=say("help", language),
        epilog="  %(prog)s bundle\n  %(prog)s bundle --digest HEX --json\n"
        "  %(prog)s bundle --receipt receipt.json --lang fr",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="BUNDLE", type=Path, help=say("help_folder", language))
    parser.add_argument("--digest", metavar="HEX", help=say("help_digest", language))
    parser.add_argument("--receipt", metavar="FILE", type=Path, help=say("help_receipt", language))
    parser.add_argument("--private", action="store_true", help=say("help_private", language))
    parser.add_argument("--json", action="store_true", help=say("help_json", language))
    parser.add_argument("--lang", choices=("fr", "en"), help=say("help_lang", language))
    asked = parser.parse_args(arguments)
    language = asked.lang or language
    if not (asked.folder / "public").is_dir():
        parser.error(say("no_bundle", language, folder=asked.folder))
    if asked.digest is not None and not re.fullmatch("[0-9a-fA-F]{64}", asked.digest):
        parser.error(say("no_digest", language))
    if asked.receipt is not None and not asked.receipt.is_file():
        parser.error(say("no_receipt", language, file=asked.receipt))
    report = audit(asked.folder, digest=asked.digest, receipt=asked.receipt, private=asked.private)
    if asked.json:
        text = json.dumps(as_json(report, language), ensure_ascii=False, indent=1) + "\n"
    else:
        text = as_text(report, language)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack some letters
    sys.stdout.write(text)
    return 0 if report.lie is None else 1


# --- The sentences: a name | the French | the English; numbers choose between forms ---

TABLE = """
help | Prouve à nouveau, seul, tout ce qu'affirme un tirage au sort publié.
    | Prove again, alone, everything that a published draw by lot claims.
help_folder | le dossier du tirage, qui contient public/ | the folder of the draw, which holds public/
help_digest | l'empreinte publiée avant le tirage, à comparer
    | the digest published before the draw, to compare
help_receipt | le reçu d'un volontaire, à vérifier | a volunteer's receipt, to check
help_private | vérifier aussi private/ | check private/ as well
help_json | résultat en JSON | result in JSON
help_lang | langue des phrases | language of the sentences
no_bundle | {folder} ne contient pas public/ : donnez le dossier d'un tirage
    | {folder} does not hold public/: give the folder of a draw
no_digest | une empreinte compte 64 chiffres hexadécimaux | a digest has 64 hexadecimal digits
no_receipt | le reçu {file} est introuvable | the receipt {file} is not there
in_replacement | Remplacement {number}. {text} | Replacement {number}. {text}
unchecked | Ce qui n'a pas pu être vérifié : | What could not be checked:
all_true | TOUT EST VRAI : {n:# point vérifié|# points vérifiés}, aucun mensonge.
    | ALL TRUE: {n:# point|# points} checked, not one lie.
a_lie | MENSONGE. La vérification s'arrête ici, après {n:# point vrai|# points vrais} :
    | A LIE. The audit stops here, after {n:# point|# points} found true:
lie | {where} : {lie}.{expected}{found} | {where}: {lie}.{expected}{found}
expected | Attendu : {value}. | Expected: {value}.
found | Trouvé : {value}. | Found: {value}.
seal | L'empreinte {digest} scelle {files:# fichier|# fichiers} : rien n'a été changé, ajouté ni
    retiré. | The digest {digest} seals {files:# file|# files}: nothing was changed, added or removed.
rules | Règles : {panels:# panel numéroté|# panels numérotés} de {size:# personne|# personnes}, un
    vivier de {pool:# répondant|# répondants}, {categories:# quota|# quotas} sur
    {features:# critère|# critères}. | Rules: {panels:# numbered panel|# numbered panels} of
    {size:# person|# people}, a pool of {pool:# respondent|# respondents},
    {categories:# quota|# quotas} on {features:# feature|# features}.
pool | {pool:# répondant a|# répondants ont chacun} un jeton et un engagement scellé.
    | {pool:# respondent has|# respondents each have} a token and a sealed commitment.
lottery | {panels:# panel compte|# panels comptent chacun} exactement {size:# membre|# membres} du
    vivier, jamais deux fois le même ; {distinct:# composition distincte|# sont distincts}.
    | {panels:# panel holds|# panels each hold} exactly {size:# member|# members} of the pool, never
    the same twice; {distinct:# is|# are} distinct.
chances | Chacun des {pool} répondants siège dans autant de panels qu'annoncé. La plus petite chance
    est de {least} sur {panels} ({minimum}) ; sièges tenus et sièges dus diffèrent au plus de
    {error:# siège|# sièges} ; {excluded:# répondant n'a|# répondants n'ont} aucune chance.
    | Each of the {pool} respondents sits in as many panels as stated. The smallest chance is {least}
    in {panels} ({minimum}); seats held and seats owed differ by {error:# seat|# seats} at most;
    {excluded:# respondent has|# respondents have} no chance.
composition | La composition annoncée des {panels} panels respecte les {categories} quotas.
    | The composition stated for the {panels} panels keeps the {categories} quotas.
levels | {levels:# niveau de chances touche son|# niveaux de chances touchent chacun leur} plafond
    annoncé ; le plafond de la plus petite chance est {ceiling}, soit {gap} de plus qu'elle.
    | {levels:# level of chances touches its|# levels of chances each touch their} stated ceiling;
    the ceiling of the smallest chance is {ceiling}, which is {gap} above it.
openings | {pool:# engagement s'ouvre|# engagements s'ouvrent} sur les critères qui y étaient scellés.
    | {pool:# commitment opens|# commitments open} to the features sealed there.
quotas | {panels:# panel|# panels} de {size:# personne|# personnes} : les {categories} quotas tiennent
    dans chacun ({checks:# vérification|# vérifications}).
    | {panels:# panel|# panels} of {size:# person|# people}: the {categories} quotas hold in each
    ({checks:# check|# checks}).
households | Aucun des {panels} panels ne réunit deux personnes d'un même foyer.
    | None of the {panels} panels holds two people of one household.
certificate | Preuve d'équité : aucun tirage qui respecte les quotas ne peut donner à chacun plus de
    {ceiling} ; celui-ci donne au moins {minimum}, soit {gap} de moins.
    {levels:# niveau est prouvé|# niveaux sont prouvés}, en fractions exactes.
    | Proof of fairness: no lottery that keeps the quotas can give everybody more than {ceiling}; this
    one gives at least {minimum}, which is {gap} less. {levels:# level is|# levels are} proved, in
    exact fractions.
exclusions | Aucun panel ne peut contenir {excluded:le # répondant|les # répondants} sans aucune
    chance : c'est prouvé, et chacun est nommé avec son motif.
    | No panel can contain the {excluded:# respondent|# respondents} without any chance: that is
    proved, and each is named with the reason.
draw_number | Le numéro {number}, tiré à la main parmi {panels}, désigne le panel publié.
    | Number {number}, drawn by hand out of {panels}, points at the panel published.
draw_text | Le texte donné mène au numéro {number} parmi {panels}, celui du panel publié.
    | The text given leads to number {number} out of {panels}, that of the panel published.
draw_sources | Les résultats publics annoncés mènent au numéro {number} parmi {panels}, celui du panel
    publié. | The public results announced lead to number {number} out of {panels}, that of the panel
    published.
draw_drand | Le tour annoncé de la balise drand mène au numéro {number} parmi {panels}, celui du panel
    publié. | The announced round of the drand beacon leads to number {number} out of {panels}, that
    of the panel published.
draw_combined | Les hasards publics annoncés, combinés, mènent au numéro {number} parmi {panels}, celui
    du panel publié. | The announced public randomness, combined, leads to number {number} out of
    {panels}, that of the panel published.
alternates | {people:# suppléant tient|# suppléants tiennent} {ranks:le seul rang|les # rangs} que
    la règle donne pour {size:# siège|# sièges}, sans rompre aucun quota.
    | {people:# alternate holds|# alternates hold} {ranks:the only rank|the # ranks} that the rule
    gives for {size:# seat|# seats}, breaking no quota.
succession | Il part du panel tel qu'il était : {left:# siège vide|# sièges vides}, un vivier de
    {pool:# répondant|# répondants}. | It starts from the panel as it stood:
    {left:# empty seat|# empty seats}, a pool of {pool:# respondent|# respondents}.
private | Les tables nominatives disent les mêmes {panels} panels et les mêmes chances, pour
    {pool:# personne|# personnes}. | The tables of names tell the same {panels} panels and the same
    chances, for {pool:# person|# people}.
published | L'empreinte est celle que vous teniez d'avant le tirage.
    | The digest is the one you held from before the draw.
receipt | Le reçu du jeton {token} ouvre sa ligne ({features}). Il siège dans {seats} des {panels}
    panels : une chance de {chance}. | The receipt of token {token} opens its row ({features}). It
    sits in {seats} of the {panels} panels: a chance of {chance}.
member | Le jeton {token} est au panel. | Token {token} is on the panel.
left | Le jeton {token}, tiré au sort, a depuis quitté le panel.
    | Token {token} was drawn, and has left the panel since.
not_drawn | Le jeton {token} n'est pas au panel. | Token {token} is not on the panel.
alternate | Le jeton {token} est suppléant de rang {rank} pour le siège {seat}.
    | Token {token} is alternate number {rank} for seat {seat}.
no_witness | Les quotas de chaque panel et la preuve d'équité : il y faut witness/, qui ouvre les
    critères des volontaires et n'est remis qu'aux témoins, car ce sont des données personnelles.
    | The quotas of every panel and the proof of fairness: they need witness/, which opens the
    volunteers' features and is handed to witnesses only, since these are personal data.
no_draw | Le panel : le tirage n'a pas encore eu lieu. | The panel: the draw has not taken place yet.
not_published | Que l'empreinte {digest} est bien celle publiée avant le tirage : comparez-les, ou
    donnez --digest. | That the digest {digest} is the one published before the draw: compare them, or
    give --digest.
seed | Que l'organisateur n'a pas essayé plusieurs graines : celle-ci ({seed}) est choisie, et non
    déduite des données. Chaque panel et chaque chance sont vérifiés malgré cela.
    | That the organiser did not try several seeds: this one ({seed}) was chosen, not derived from the
    inputs. Every panel and every chance is checked all the same.
not_shut_out | Qu'aucun panel ne peut contenir {excluded:le # répondant|les # répondants} sans aucune
    chance : il y faut un calcul en nombres entiers. Relancez le logiciel sur public/ et witness/.
    | That no panel can contain the {excluded:# respondent|# respondents} without any chance: that
    takes a search in whole numbers. Run the software again on public/ and witness/.
solver_ceiling | Que {ceiling} est bien le plafond de la plus petite chance, et que les chances sont les
    plus équitables possibles : les quotas seuls ne le disent pas ici, il y faut un solveur.
    | That {ceiling} is the ceiling of the smallest chance, and that the chances are the fairest there
    can be: the quotas alone do not tell it here, that takes a solver.
signature | La signature BLS du tour {round} de drand ({chain}) : il y faut une bibliothèque de
    couplages. Elle fut vérifiée au tirage ; comparez ce tour à celui que publie un relais drand, ou
    vérifiez-le avec un client drand. | The BLS signature of drand round {round} ({chain}): that takes
    a pairing library. It was checked at the draw; compare this round with the one that a drand relay
    publishes, or verify it with a drand client.
text | Que le texte donné n'a pas été choisi pour son effet : ce n'est pas un hasard public.
    | That the text given was not chosen for its effect: it is no public randomness.
parent | Le lien avec le tirage que ce remplacement complète : donnez le dossier de ce tirage.
    | The link with the draw that this replacement mends: give the folder of that draw.
lie_missing | ce fichier manque ou ne se lit pas | this file is missing or unreadable
lie_added | ce fichier a été ajouté | this file was added
lie_changed | le contenu n'est pas celui qui fut scellé | the content is not what was sealed
lie_published | ce n'est pas l'empreinte publiée | this is not the digest published
lie_malformed | ce n'est pas écrit comme il se doit | this is not written as it must be
lie_rules | les règles se contredisent | the rules contradict each other
lie_tokens | ces jetons ne sont pas ceux du vivier | these tokens are not those of the pool
lie_panel | ce panel n'a pas le bon nombre de membres connus, chacun une fois, en ordre croissant
    | this panel does not have the right number of known members, each once, in rising order
lie_seats | le nombre de panels où siège ce jeton est faux | this token does not sit in so many panels
lie_level | cette chance n'est pas celle de son niveau | this chance is not that of its level
lie_shut_out | ce jeton sans aucune chance siège pourtant | this token has no chance and sits anyway
lie_stated | le chiffre annoncé est faux | the figure stated is wrong
lie_category | ces modalités sont inconnues | these categories are not known
lie_quota | un quota est rompu | a quota is broken
lie_composition | les nombres ne s'additionnent pas | the numbers do not add up
lie_levels | ce niveau de chances ne touche pas son plafond | this level of chances is not at its ceiling
lie_commitment | l'engagement publié ne s'ouvre pas ainsi | the commitment published does not open so
lie_household | deux personnes d'un foyer siègent ensemble | two people of one household sit together
lie_recount | ce n'est pas la composition des panels | this is not the composition of the panels
lie_may_rise | rien ne prouve que ce niveau ne peut monter | nothing proves that this level cannot rise
lie_ceiling | le plafond prouvé est autre | the ceiling proved is another
lie_exclusions | les personnes sans chance ne sont pas celles-là, ou sans motif
    | the people without a chance are not these, or lack a reason
lie_other_draw | ceci relève d'un autre tirage | this belongs to another draw
lie_plan | ce n'est pas le hasard annoncé d'avance | this is not the randomness announced in advance
lie_mapping | le hasard public mène ailleurs | the public randomness leads elsewhere
lie_panel_drawn | ce n'est pas le panel de ce numéro | this is not the panel of that number
lie_beacon | ce n'est pas l'empreinte de la signature | this is not the digest of the signature
lie_alternates | la règle donne d'autres suppléants | the rule gives other alternates
lie_link | il ne suit pas le tirage qu'il complète | it does not follow the draw it mends
lie_standing | ce n'est pas le panel tel qu'il était | this is not the panel as it stood
lie_remaining | ces quotas ne sont pas ceux des sièges vides | these are not the quotas of the empty seats
lie_barred | cette personne ne pouvait y être | this person could not be here
lie_forgotten | ces personnes ont été oubliées | these people were left out
lie_private | les noms ne disent pas ce que disent les jetons | names do not tell what tokens tell
lie_receipt | ce ne sont pas les chances publiées | these are not the chances published
"""
SENTENCES: Mapping[str, Sequence[str]] = {
    name: spoken
    for name, *spoken in (
        line.split(" | ") for line in TABLE.strip().replace("\n   ", "").split("\n")
    )
}

if __name__ == "__main__":
    sys.exit(main())
