"""The tables of the record: journal, accounts, people, bodies, draws, calls, mandates, sittings, ballots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assemblies.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_TRIGGERS = (
    """CREATE TRIGGER journal_entries_update BEFORE UPDATE ON journal_entries
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_entries_delete BEFORE DELETE ON journal_entries
    WHEN NOT (OLD.chain = 'reads' AND EXISTS (
    SELECT 1 FROM journal_checkpoints c WHERE c.chain = OLD.chain AND c.number >= OLD.number))
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_checkpoints_update BEFORE UPDATE ON journal_checkpoints
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_checkpoints_delete BEFORE DELETE ON journal_checkpoints
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_heads_delete BEFORE DELETE ON journal_heads
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_entries_replace BEFORE INSERT ON journal_entries
    WHEN EXISTS (SELECT 1 FROM journal_entries WHERE chain = NEW.chain AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER journal_checkpoints_replace BEFORE INSERT ON journal_checkpoints
    WHEN EXISTS (SELECT 1 FROM journal_checkpoints WHERE chain = NEW.chain AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END""",
    """CREATE TRIGGER mandates_seat_taken_insert AFTER INSERT ON mandates WHEN EXISTS (SELECT 1 FROM mandates m WHERE m.seat_id = NEW.seat_id AND m.id <> NEW.id
    AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
    AND m.first_day <= NEW.last_day AND NEW.first_day <= m.last_day)
    BEGIN SELECT RAISE(ABORT, 'mandates_seat_taken'); END""",
    """CREATE TRIGGER mandates_already_member_insert AFTER INSERT ON mandates WHEN EXISTS (SELECT 1 FROM mandates m WHERE m.person_id = NEW.person_id AND m.id <> NEW.id AND m.body_id = NEW.body_id
    AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
    AND m.first_day <= NEW.last_day AND NEW.first_day <= m.last_day)
    BEGIN SELECT RAISE(ABORT, 'mandates_already_member'); END""",
    """CREATE TRIGGER mandates_outside_body_insert AFTER INSERT ON mandates WHEN EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (NEW.first_day < b.first_day OR NEW.last_day > b.last_day))
    BEGIN SELECT RAISE(ABORT, 'mandates_outside_body'); END""",
    """CREATE TRIGGER mandates_seat_taken_update AFTER UPDATE OF seat_id, person_id, first_day, last_day, withdrawn_at ON mandates WHEN EXISTS (SELECT 1 FROM mandates m WHERE m.seat_id = NEW.seat_id AND m.id <> NEW.id
    AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
    AND m.first_day <= NEW.last_day AND NEW.first_day <= m.last_day)
    BEGIN SELECT RAISE(ABORT, 'mandates_seat_taken'); END""",
    """CREATE TRIGGER mandates_already_member_update AFTER UPDATE OF seat_id, person_id, first_day, last_day, withdrawn_at ON mandates WHEN EXISTS (SELECT 1 FROM mandates m WHERE m.person_id = NEW.person_id AND m.id <> NEW.id AND m.body_id = NEW.body_id
    AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
    AND m.first_day <= NEW.last_day AND NEW.first_day <= m.last_day)
    BEGIN SELECT RAISE(ABORT, 'mandates_already_member'); END""",
    """CREATE TRIGGER mandates_outside_body_update AFTER UPDATE OF seat_id, person_id, first_day, last_day, withdrawn_at ON mandates WHEN EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (NEW.first_day < b.first_day OR NEW.last_day > b.last_day))
    BEGIN SELECT RAISE(ABORT, 'mandates_outside_body'); END""",
    """CREATE TRIGGER draw_respondents_insert BEFORE INSERT ON draw_respondents WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared')) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draw_respondents_delete BEFORE DELETE ON draw_respondents WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared')) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draw_respondents_update BEFORE UPDATE ON draw_respondents WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared') OR EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared')) AND NOT (NEW.draw_id = OLD.draw_id AND NEW.number = OLD.number
    AND NEW.person_id = OLD.person_id AND NEW.profile IS NULL
    AND COALESCE(NEW.household, -1) = COALESCE(OLD.household, -1)) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draw_exclusions_insert BEFORE INSERT ON draw_exclusions WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared')) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draw_exclusions_delete BEFORE DELETE ON draw_exclusions WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared')) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draw_exclusions_update BEFORE UPDATE ON draw_exclusions WHEN (EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared') OR EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared')) BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER draws_delete BEFORE DELETE ON draws BEGIN SELECT RAISE(ABORT, 'draw_kept'); END""",
    """CREATE TRIGGER draws_update BEFORE UPDATE ON draws WHEN (OLD.state <> 'prepared' AND (NEW.college_id IS NOT OLD.college_id OR NEW.root_id IS NOT OLD.root_id OR NEW.size IS NOT OLD.size OR NEW.panels IS NOT OLD.panels OR NEW.pool_digest IS NOT OLD.pool_digest OR NEW.state = 'prepared')) OR (OLD.state IN ('proclaimed', 'cancelled') AND (NEW.bundle_digest IS NOT OLD.bundle_digest OR NEW.number IS NOT OLD.number OR NEW.record_digest IS NOT OLD.record_digest OR NEW.proclaimed_at IS NOT OLD.proclaimed_at)) OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') BEGIN SELECT RAISE(ABORT, 'draw_pool_frozen'); END""",
    """CREATE TRIGGER attendance_outside_sitting_insert BEFORE INSERT ON attendances WHEN EXISTS (SELECT 1 FROM sittings s WHERE s.id = NEW.sitting_id AND (NEW.arrived_at < s.starts_at
    OR NEW.left_at > s.ends_at OR s.cancelled_at IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'attendance_outside_sitting'); END""",
    """CREATE TRIGGER attendance_outside_sitting_update BEFORE UPDATE ON attendances WHEN EXISTS (SELECT 1 FROM sittings s WHERE s.id = NEW.sitting_id AND (NEW.arrived_at < s.starts_at
    OR NEW.left_at > s.ends_at OR s.cancelled_at IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'attendance_outside_sitting'); END""",
    """CREATE TRIGGER attendance_not_member_insert BEFORE INSERT ON attendances WHEN NOT EXISTS (SELECT 1 FROM mandates m JOIN sittings s ON s.body_id = m.body_id
    WHERE s.id = NEW.sitting_id AND m.id = NEW.mandate_id AND m.withdrawn_at IS NULL
    AND NEW.day BETWEEN m.first_day AND m.last_day) BEGIN SELECT RAISE(ABORT, 'attendance_not_member'); END""",
    """CREATE TRIGGER attendance_not_member_update BEFORE UPDATE ON attendances WHEN NOT EXISTS (SELECT 1 FROM mandates m JOIN sittings s ON s.body_id = m.body_id
    WHERE s.id = NEW.sitting_id AND m.id = NEW.mandate_id AND m.withdrawn_at IS NULL
    AND NEW.day BETWEEN m.first_day AND m.last_day) BEGIN SELECT RAISE(ABORT, 'attendance_not_member'); END""",
    """CREATE TRIGGER sitting_outside_body_insert BEFORE INSERT ON sittings WHEN EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (date(NEW.starts_at) < b.first_day OR date(NEW.starts_at) > b.last_day)) BEGIN SELECT RAISE(ABORT, 'sitting_outside_body'); END""",
    """CREATE TRIGGER sitting_outside_body_update BEFORE UPDATE ON sittings WHEN EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (date(NEW.starts_at) < b.first_day OR date(NEW.starts_at) > b.last_day)) BEGIN SELECT RAISE(ABORT, 'sitting_outside_body'); END""",
    """CREATE TRIGGER ballots_update BEFORE UPDATE ON ballots
    WHEN OLD.proclaimed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'ballot_kept'); END""",
    """CREATE TRIGGER ballots_delete BEFORE DELETE ON ballots
    BEGIN SELECT RAISE(ABORT, 'ballot_kept'); END""",
    """CREATE TRIGGER ballot_counts_update BEFORE UPDATE ON ballot_counts WHEN EXISTS (SELECT 1 FROM ballot_rounds r
    WHERE r.id = OLD.round_id AND r.closed_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'ballot_round_closed'); END""",
    """CREATE TRIGGER ballot_counts_delete BEFORE DELETE ON ballot_counts
    BEGIN SELECT RAISE(ABORT, 'ballot_kept'); END""",
)
POSTGRES_TRIGGERS = (
    """CREATE FUNCTION refuse_journal_change() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'journal_append_only' USING ERRCODE = 'integrity_constraint_violation'; END
    $$ LANGUAGE plpgsql""",
    """CREATE FUNCTION refuse_journal_erasure() RETURNS trigger AS $$
    BEGIN
    IF NOT (OLD.chain = 'reads' AND EXISTS (
    SELECT 1 FROM journal_checkpoints c WHERE c.chain = OLD.chain AND c.number >= OLD.number)) THEN
    RAISE EXCEPTION 'journal_append_only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER journal_entries_update BEFORE UPDATE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_entries_delete BEFORE DELETE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_erasure()""",
    """CREATE TRIGGER journal_entries_truncate BEFORE TRUNCATE ON journal_entries
    EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_checkpoints_change BEFORE UPDATE OR DELETE ON journal_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_heads_delete BEFORE DELETE ON journal_heads
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE EXTENSION IF NOT EXISTS btree_gist""",
    """ALTER TABLE mandates ADD CONSTRAINT mandates_seat_taken EXCLUDE USING gist
    (seat_id WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (withdrawn_at IS NULL)""",
    """ALTER TABLE mandates ADD CONSTRAINT mandates_already_member EXCLUDE USING gist
    (person_id WITH =, body_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    WHERE (withdrawn_at IS NULL)""",
    """CREATE FUNCTION refuse_mandate_outside_body() RETURNS trigger AS $$
    BEGIN
    IF EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (NEW.first_day < b.first_day OR NEW.last_day > b.last_day)) THEN
    RAISE EXCEPTION 'mandates_outside_body' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER mandates_outside_body BEFORE INSERT OR UPDATE ON mandates
    FOR EACH ROW EXECUTE FUNCTION refuse_mandate_outside_body()""",
    """CREATE FUNCTION refuse_frozen_pool() RETURNS trigger AS $$
    BEGIN
    IF TG_OP = 'INSERT' THEN
    IF EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared') THEN RAISE EXCEPTION 'draw_pool_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared') THEN RAISE EXCEPTION 'draw_pool_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN OLD;
    END IF;
    IF EXISTS (SELECT 1 FROM draws d WHERE d.id = OLD.draw_id AND d.state <> 'prepared') OR EXISTS (SELECT 1 FROM draws d WHERE d.id = NEW.draw_id AND d.state <> 'prepared') THEN
    IF TG_TABLE_NAME = 'draw_exclusions' THEN RAISE EXCEPTION 'draw_pool_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF NOT (NEW.draw_id = OLD.draw_id AND NEW.number = OLD.number
    AND NEW.person_id = OLD.person_id AND NEW.profile IS NULL
    AND COALESCE(NEW.household, -1) = COALESCE(OLD.household, -1)) THEN RAISE EXCEPTION 'draw_pool_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER draw_respondents_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON draw_respondents FOR EACH ROW EXECUTE FUNCTION refuse_frozen_pool()""",
    """CREATE TRIGGER draw_exclusions_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON draw_exclusions FOR EACH ROW EXECUTE FUNCTION refuse_frozen_pool()""",
    """CREATE FUNCTION refuse_draw_change() RETURNS trigger AS $$
    BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'draw_kept' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF (OLD.state <> 'prepared' AND (NEW.college_id IS DISTINCT FROM OLD.college_id OR NEW.root_id IS DISTINCT FROM OLD.root_id OR NEW.size IS DISTINCT FROM OLD.size OR NEW.panels IS DISTINCT FROM OLD.panels OR NEW.pool_digest IS DISTINCT FROM OLD.pool_digest OR NEW.state = 'prepared')) OR (OLD.state IN ('proclaimed', 'cancelled') AND (NEW.bundle_digest IS DISTINCT FROM OLD.bundle_digest OR NEW.number IS DISTINCT FROM OLD.number OR NEW.record_digest IS DISTINCT FROM OLD.record_digest OR NEW.proclaimed_at IS DISTINCT FROM OLD.proclaimed_at)) OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') THEN
    RAISE EXCEPTION 'draw_pool_frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER draws_kept BEFORE UPDATE OR DELETE ON draws
    FOR EACH ROW EXECUTE FUNCTION refuse_draw_change()""",
    """CREATE FUNCTION refuse_attendance() RETURNS trigger AS $$
    BEGIN
    IF EXISTS (SELECT 1 FROM sittings s WHERE s.id = NEW.sitting_id AND (NEW.arrived_at < s.starts_at
    OR NEW.left_at > s.ends_at OR s.cancelled_at IS NOT NULL)) THEN RAISE EXCEPTION 'attendance_outside_sitting' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF NOT EXISTS (SELECT 1 FROM mandates m JOIN sittings s ON s.body_id = m.body_id
    WHERE s.id = NEW.sitting_id AND m.id = NEW.mandate_id AND m.withdrawn_at IS NULL
    AND NEW.day BETWEEN m.first_day AND m.last_day) THEN RAISE EXCEPTION 'attendance_not_member' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER attendances_checked BEFORE INSERT OR UPDATE ON attendances
    FOR EACH ROW EXECUTE FUNCTION refuse_attendance()""",
    """CREATE FUNCTION refuse_sitting() RETURNS trigger AS $$
    BEGIN
    IF EXISTS (SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND ((NEW.starts_at AT TIME ZONE 'UTC')::date < b.first_day OR (NEW.starts_at AT TIME ZONE 'UTC')::date > b.last_day)) THEN
    RAISE EXCEPTION 'sitting_outside_body' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER sittings_checked BEFORE INSERT OR UPDATE ON sittings
    FOR EACH ROW EXECUTE FUNCTION refuse_sitting()""",
    """CREATE FUNCTION refuse_ballot_change() RETURNS trigger AS $$
    BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'ballot_kept' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF OLD.proclaimed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'ballot_kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER ballots_kept BEFORE UPDATE OR DELETE ON ballots
    FOR EACH ROW EXECUTE FUNCTION refuse_ballot_change()""",
    """CREATE FUNCTION refuse_count_change() RETURNS trigger AS $$
    BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'ballot_kept' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF EXISTS (SELECT 1 FROM ballot_rounds r
    WHERE r.id = OLD.round_id AND r.closed_at IS NOT NULL) THEN RAISE EXCEPTION 'ballot_round_closed' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER ballot_counts_kept BEFORE UPDATE OR DELETE ON ballot_counts
    FOR EACH ROW EXECUTE FUNCTION refuse_count_change()""",
)
POSTGRES_FUNCTIONS = (
    "refuse_journal_change",
    "refuse_journal_erasure",
    "refuse_mandate_outside_body",
    "refuse_frozen_pool",
    "refuse_draw_change",
    "refuse_attendance",
    "refuse_sitting",
    "refuse_ballot_change",
    "refuse_count_change",
)


def upgrade() -> None:
    """Make every table, then the triggers that the rules stand on."""

    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("template_from", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("set_up_at", Instant(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_bodies_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        sa.UniqueConstraint("name", name=op.f("uq_bodies_name")),
    )
    op.create_table(
        "journal_checkpoints",
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint("chain = 'reads'", name=op.f("ck_journal_checkpoints_reads_only")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_journal_checkpoints")),
    )
    op.create_table(
        "journal_entries",
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_journal_entries_number")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_journal_entries")),
    )
    op.create_index(op.f("ix_journal_entries_actor"), "journal_entries", ["actor"], unique=False)
    op.create_index(op.f("ix_journal_entries_at"), "journal_entries", ["at"], unique=False)
    op.create_index(op.f("ix_journal_entries_kind"), "journal_entries", ["kind"], unique=False)
    op.create_table(
        "journal_heads",
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "account_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("chamber", sa.String(length=32), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(chamber IS NOT NULL) = (role = 'parliamentary_officer')",
            name=op.f("ck_account_roles_chamber"),
        ),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day <= last_day", name=op.f("ck_account_roles_days")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_roles_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_roles")),
    )
    op.create_index(
        op.f("ix_account_roles_account_id"), "account_roles", ["account_id"], unique=False
    )
    op.create_table(
        "body_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("option", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_body_choices_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_choices")),
    )
    op.create_index(op.f("ix_body_choices_body_id"), "body_choices", ["body_id"], unique=False)
    op.create_table(
        "colleges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "mode IN ('drawn', 'elected', 'appointed')", name=op.f("ck_colleges_mode")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_colleges_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleges")),
        sa.UniqueConstraint("body_id", "key", name=op.f("uq_colleges_body_id_key")),
    )
    op.create_index(op.f("ix_colleges_body_id"), "colleges", ["body_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_name", sa.String(length=120), nullable=False),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("search", sa.String(length=260), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "erased_at IS NULL OR (family_name = '' AND given_name = '' AND search = '' AND birth_date IS NULL AND account_id IS NULL)",
            name=op.f("ck_people_erased_is_empty"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_people_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("account_id", name=op.f("uq_people_account_id")),
    )
    op.create_index(op.f("ix_people_search"), "people", ["search"], unique=False)
    op.create_table(
        "sittings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("convoked_at", Instant(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("attendance_at", Instant(), nullable=True),
        sa.Column("second_call_of", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('plenary', 'group', 'training', 'preparation')", name=op.f("ck_sittings_kind")
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason IS NULL)", name=op.f("ck_sittings_cancelled")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_sittings_hours")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_sittings_body_id")),
        sa.ForeignKeyConstraint(
            ["second_call_of"], ["sittings.id"], name=op.f("fk_sittings_second_call_of")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("second_call_of", name=op.f("uq_sittings_second_call_of")),
    )
    op.create_index(op.f("ix_sittings_body_id"), "sittings", ["body_id"], unique=False)
    op.create_index(op.f("ix_sittings_starts_at"), "sittings", ["starts_at"], unique=False)
    op.create_table(
        "agenda_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_agenda_items_minutes")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_agenda_items_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint(
            "sitting_id", "position", name=op.f("uq_agenda_items_sitting_id_position")
        ),
    )
    op.create_index(
        op.f("ix_agenda_items_sitting_id"), "agenda_items", ["sitting_id"], unique=False
    )
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("college_id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("panels", sa.Integer(), nullable=True),
        sa.Column("quotas", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("randomness", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=True),
        sa.Column("unavailable", sa.JSON(), nullable=True),
        sa.Column("prepared_at", Instant(), nullable=False),
        sa.Column("pool_digest", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", Instant(), nullable=True),
        sa.Column("bundle_digest", sa.String(length=64), nullable=True),
        sa.Column("certificate", sa.JSON(), nullable=True),
        sa.Column("built_at", Instant(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("record_digest", sa.String(length=64), nullable=True),
        sa.Column("proclaimed_at", Instant(), nullable=True),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("witness_erased_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state <> 'proclaimed' OR (number IS NOT NULL AND record_digest IS NOT NULL)",
            name=op.f("ck_draws_proclaimed"),
        ),
        sa.CheckConstraint(
            "state = 'prepared' OR state = 'cancelled' OR pool_digest IS NOT NULL",
            name=op.f("ck_draws_frozen"),
        ),
        sa.CheckConstraint(
            "state IN ('prepared', 'frozen', 'lottery_built', 'proclaimed', 'cancelled')",
            name=op.f("ck_draws_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('lottery_built', 'proclaimed') OR bundle_digest IS NOT NULL",
            name=op.f("ck_draws_built"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_draws_size")),
        sa.ForeignKeyConstraint(["college_id"], ["colleges.id"], name=op.f("fk_draws_college_id")),
        sa.ForeignKeyConstraint(["root_id"], ["draws.id"], name=op.f("fk_draws_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index(op.f("ix_draws_college_id"), "draws", ["college_id"], unique=False)
    op.create_index(op.f("ix_draws_root_id"), "draws", ["root_id"], unique=False)
    op.create_index(
        "uq_draws_replacement_under_way",
        "draws",
        ["root_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('proclaimed', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('proclaimed', 'cancelled')"),
    )
    op.create_table(
        "name_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_name_consents_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_consents")),
    )
    op.create_index(
        op.f("ix_name_consents_person_id"), "name_consents", ["person_id"], unique=False
    )
    op.create_table(
        "person_contacts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("street", sa.String(length=140), nullable=True),
        sa.Column("postcode", sa.String(length=16), nullable=True),
        sa.Column("town", sa.String(length=70), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_contacts_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_contacts")),
    )
    op.create_index(op.f("ix_person_contacts_email"), "person_contacts", ["email"], unique=False)
    op.create_table(
        "person_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_needs_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_needs")),
    )
    op.create_index(op.f("ix_person_needs_person_id"), "person_needs", ["person_id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("college_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("institution", sa.String(length=120), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_seats_number")),
        sa.CheckConstraint("part > 0", name=op.f("ck_seats_part")),
        sa.ForeignKeyConstraint(["college_id"], ["colleges.id"], name=op.f("fk_seats_college_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("college_id", "number", name=op.f("uq_seats_college_id_number")),
    )
    op.create_index(op.f("ix_seats_college_id"), "seats", ["college_id"], unique=False)
    op.create_table(
        "unavailabilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_unavailabilities_days")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_unavailabilities_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailabilities")),
    )
    op.create_index(
        op.f("ix_unavailabilities_person_id"), "unavailabilities", ["person_id"], unique=False
    )
    op.create_table(
        "draw_alternates",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_alternates_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "seat", "rank", name=op.f("pk_draw_alternates")),
    )
    op.create_table(
        "draw_cancellations",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_draw_cancellations_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_draw_cancellations_draw_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "account_id", name=op.f("pk_draw_cancellations")),
    )
    op.create_table(
        "draw_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("quotas_before", sa.JSON(), nullable=False),
        sa.Column("quotas_after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_draw_decisions_account_id")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_decisions_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_decisions")),
    )
    op.create_index(op.f("ix_draw_decisions_draw_id"), "draw_decisions", ["draw_id"], unique=False)
    op.create_table(
        "draw_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_draw_entries_account_id")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_entries_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_entries")),
    )
    op.create_index(op.f("ix_draw_entries_draw_id"), "draw_entries", ["draw_id"], unique=False)
    op.create_index(
        "uq_draw_entries_officer",
        "draw_entries",
        ["draw_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("NOT set_aside"),
        postgresql_where=sa.text("NOT set_aside"),
    )
    op.create_table(
        "draw_exclusions",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_exclusions_draw_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_draw_exclusions_person_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_exclusions")),
    )
    op.create_index(
        op.f("ix_draw_exclusions_person_id"), "draw_exclusions", ["person_id"], unique=False
    )
    op.create_table(
        "draw_members",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_members_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_members")),
    )
    op.create_table(
        "draw_respondents",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("profile", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("household", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_draw_respondents_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_draw_respondents_person_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_respondents")),
    )
    op.create_index(
        op.f("ix_draw_respondents_person_id"), "draw_respondents", ["person_id"], unique=False
    )
    op.create_table(
        "draw_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("heartbeat_at", Instant(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_runs_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_runs")),
    )
    op.create_index(op.f("ix_draw_runs_draw_id"), "draw_runs", ["draw_id"], unique=False)
    op.create_index(
        "uq_draw_runs_at_work",
        "draw_runs",
        ["draw_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "mandates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("planned_last_day", sa.Date(), nullable=False),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_mandates_days")),
        sa.CheckConstraint(
            "last_day <= planned_last_day", name=op.f("ck_mandates_never_lengthened")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_mandates_body_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_mandates_draw_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mandates_person_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["mandates.id"], name=op.f("fk_mandates_replaces_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_mandates_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(op.f("ix_mandates_body_id"), "mandates", ["body_id"], unique=False)
    op.create_index(op.f("ix_mandates_draw_id"), "mandates", ["draw_id"], unique=False)
    op.create_index(op.f("ix_mandates_person_id"), "mandates", ["person_id"], unique=False)
    op.create_index(op.f("ix_mandates_seat_id"), "mandates", ["seat_id"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(length=2), nullable=False),
        sa.Column("arrived_at", Instant(), nullable=False),
        sa.Column("left_at", Instant(), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("is_attended", sa.Boolean(), nullable=False),
        sa.CheckConstraint("half IN ('am', 'pm')", name=op.f("ck_attendances_half")),
        sa.CheckConstraint("arrived_at < left_at", name=op.f("ck_attendances_hours")),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_attendances_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_attendances_sitting_id")
        ),
        sa.PrimaryKeyConstraint(
            "sitting_id", "mandate_id", "day", "half", name=op.f("pk_attendances")
        ),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("elected_id", sa.Integer(), nullable=True),
        sa.Column("proclaimed_at", Instant(), nullable=True),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason IS NULL)", name=op.f("ck_ballots_cancelled")
        ),
        sa.CheckConstraint(
            "(elected_id IS NULL) = (proclaimed_at IS NULL)", name=op.f("ck_ballots_proclaimed")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_ballots_body_id")),
        sa.ForeignKeyConstraint(
            ["elected_id"], ["mandates.id"], name=op.f("fk_ballots_elected_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
    )
    op.create_index(op.f("ix_ballots_body_id"), "ballots", ["body_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'accepted') = (mandate_id IS NOT NULL)", name=op.f("ck_calls_mandate")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_calls_closed")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_calls_draw_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_calls_mandate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calls_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_calls_draw_id_number")),
        sa.UniqueConstraint("mandate_id", name=op.f("uq_calls_mandate_id")),
    )
    op.create_index(op.f("ix_calls_draw_id"), "calls", ["draw_id"], unique=False)
    op.create_index(op.f("ix_calls_person_id"), "calls", ["person_id"], unique=False)
    op.create_table(
        "interest_conflicts",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_items.id"], name=op.f("fk_interest_conflicts_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_interest_conflicts_mandate_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "mandate_id", name=op.f("pk_interest_conflicts")),
    )
    op.create_table(
        "mandate_suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day <= last_day", name=op.f("ck_mandate_suspensions_days")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_mandate_suspensions_mandate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_suspensions")),
    )
    op.create_index(
        op.f("ix_mandate_suspensions_mandate_id"),
        "mandate_suspensions",
        ["mandate_id"],
        unique=False,
    )
    op.create_index(
        "uq_mandate_suspensions_open",
        "mandate_suspensions",
        ["mandate_id"],
        unique=True,
        sqlite_where=sa.text("last_day IS NULL"),
        postgresql_where=sa.text("last_day IS NULL"),
    )
    op.create_table(
        "proxies",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.CheckConstraint("giver_id <> holder_id", name=op.f("ck_proxies_two_members")),
        sa.ForeignKeyConstraint(["giver_id"], ["mandates.id"], name=op.f("fk_proxies_giver_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["mandates.id"], name=op.f("fk_proxies_holder_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_proxies_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "giver_id", name=op.f("pk_proxies")),
    )
    op.create_table(
        "ballot_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("elected_id", sa.Integer(), nullable=True),
        sa.Column("lot_number", sa.Integer(), nullable=True),
        sa.Column("annulled_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballots.id"], name=op.f("fk_ballot_rounds_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["elected_id"], ["mandates.id"], name=op.f("fk_ballot_rounds_elected_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_rounds")),
        sa.UniqueConstraint("ballot_id", "number", name=op.f("uq_ballot_rounds_ballot_id_number")),
    )
    op.create_index(
        op.f("ix_ballot_rounds_ballot_id"), "ballot_rounds", ["ballot_id"], unique=False
    )
    op.create_index(
        "uq_ballot_rounds_open",
        "ballot_rounds",
        ["ballot_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "ballot_voters",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballots.id"], name=op.f("fk_ballot_voters_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_ballot_voters_mandate_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "mandate_id", name=op.f("pk_ballot_voters")),
    )
    op.create_table(
        "call_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_call_attempts_account_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_attempts_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempts")),
    )
    op.create_index(op.f("ix_call_attempts_call_id"), "call_attempts", ["call_id"], unique=False)
    op.create_table(
        "ballot_counts",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.CheckConstraint("papers >= 0", name=op.f("ck_ballot_counts_papers")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_rounds.id"], name=op.f("fk_ballot_counts_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "choice", name=op.f("pk_ballot_counts")),
    )
    op.create_table(
        "ballot_tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_ballot_tellings_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_rounds.id"], name=op.f("fk_ballot_tellings_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_tellings")),
    )
    op.create_index(
        op.f("ix_ballot_tellings_round_id"), "ballot_tellings", ["round_id"], unique=False
    )
    op.create_table(
        "ballot_turnouts",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_ballot_turnouts_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_rounds.id"], name=op.f("fk_ballot_turnouts_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "mandate_id", name=op.f("pk_ballot_turnouts")),
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if sqlite else POSTGRES_TRIGGERS:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Drop every table: the triggers go with them, PostgreSQL's functions after."""

    op.drop_table("ballot_turnouts")
    op.drop_index(op.f("ix_ballot_tellings_round_id"), table_name="ballot_tellings")
    op.drop_table("ballot_tellings")
    op.drop_table("ballot_counts")
    op.drop_index(op.f("ix_call_attempts_call_id"), table_name="call_attempts")
    op.drop_table("call_attempts")
    op.drop_table("ballot_voters")
    op.drop_index(
        "uq_ballot_rounds_open",
        table_name="ballot_rounds",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_ballot_rounds_ballot_id"), table_name="ballot_rounds")
    op.drop_table("ballot_rounds")
    op.drop_table("proxies")
    op.drop_index(
        "uq_mandate_suspensions_open",
        table_name="mandate_suspensions",
        sqlite_where=sa.text("last_day IS NULL"),
        postgresql_where=sa.text("last_day IS NULL"),
    )
    op.drop_index(op.f("ix_mandate_suspensions_mandate_id"), table_name="mandate_suspensions")
    op.drop_table("mandate_suspensions")
    op.drop_table("interest_conflicts")
    op.drop_index(op.f("ix_calls_person_id"), table_name="calls")
    op.drop_index(op.f("ix_calls_draw_id"), table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_ballots_body_id"), table_name="ballots")
    op.drop_table("ballots")
    op.drop_table("attendances")
    op.drop_index(op.f("ix_mandates_seat_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_person_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_draw_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_body_id"), table_name="mandates")
    op.drop_table("mandates")
    op.drop_index(
        "uq_draw_runs_at_work",
        table_name="draw_runs",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_draw_runs_draw_id"), table_name="draw_runs")
    op.drop_table("draw_runs")
    op.drop_index(op.f("ix_draw_respondents_person_id"), table_name="draw_respondents")
    op.drop_table("draw_respondents")
    op.drop_table("draw_members")
    op.drop_index(op.f("ix_draw_exclusions_person_id"), table_name="draw_exclusions")
    op.drop_table("draw_exclusions")
    op.drop_index(
        "uq_draw_entries_officer",
        table_name="draw_entries",
        sqlite_where=sa.text("NOT set_aside"),
        postgresql_where=sa.text("NOT set_aside"),
    )
    op.drop_index(op.f("ix_draw_entries_draw_id"), table_name="draw_entries")
    op.drop_table("draw_entries")
    op.drop_index(op.f("ix_draw_decisions_draw_id"), table_name="draw_decisions")
    op.drop_table("draw_decisions")
    op.drop_table("draw_cancellations")
    op.drop_table("draw_alternates")
    op.drop_index(op.f("ix_unavailabilities_person_id"), table_name="unavailabilities")
    op.drop_table("unavailabilities")
    op.drop_index(op.f("ix_seats_college_id"), table_name="seats")
    op.drop_table("seats")
    op.drop_index(op.f("ix_person_needs_person_id"), table_name="person_needs")
    op.drop_table("person_needs")
    op.drop_index(op.f("ix_person_contacts_email"), table_name="person_contacts")
    op.drop_table("person_contacts")
    op.drop_index(op.f("ix_name_consents_person_id"), table_name="name_consents")
    op.drop_table("name_consents")
    op.drop_index(
        "uq_draws_replacement_under_way",
        table_name="draws",
        sqlite_where=sa.text("state NOT IN ('proclaimed', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('proclaimed', 'cancelled')"),
    )
    op.drop_index(op.f("ix_draws_root_id"), table_name="draws")
    op.drop_index(op.f("ix_draws_college_id"), table_name="draws")
    op.drop_table("draws")
    op.drop_index(op.f("ix_agenda_items_sitting_id"), table_name="agenda_items")
    op.drop_table("agenda_items")
    op.drop_index(op.f("ix_sittings_starts_at"), table_name="sittings")
    op.drop_index(op.f("ix_sittings_body_id"), table_name="sittings")
    op.drop_table("sittings")
    op.drop_index(op.f("ix_people_search"), table_name="people")
    op.drop_table("people")
    op.drop_index(op.f("ix_colleges_body_id"), table_name="colleges")
    op.drop_table("colleges")
    op.drop_index(op.f("ix_body_choices_body_id"), table_name="body_choices")
    op.drop_table("body_choices")
    op.drop_index(op.f("ix_account_roles_account_id"), table_name="account_roles")
    op.drop_table("account_roles")
    op.drop_table("journal_heads")
    op.drop_index(op.f("ix_journal_entries_kind"), table_name="journal_entries")
    op.drop_index(op.f("ix_journal_entries_at"), table_name="journal_entries")
    op.drop_index(op.f("ix_journal_entries_actor"), table_name="journal_entries")
    op.drop_table("journal_entries")
    op.drop_table("journal_checkpoints")
    op.drop_table("bodies")
    op.drop_table("accounts")
    if op.get_bind().dialect.name == "postgresql":
        for function in POSTGRES_FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
