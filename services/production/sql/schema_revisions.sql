-- How a bench gets its revisions: `schema.sql` goes on here. A revision is new whenever the hours, the week or the
-- days off of the bench change.
CREATE SEQUENCE maker_revision AS bigint;
ALTER TABLE maker ADD COLUMN revision bigint NOT NULL DEFAULT nextval('maker_revision');

-- Whoever holds or frees hours gives the bench a new revision: what was planned on it at this revision is still true. None is
-- ever given twice, not even by a transaction that is rolled back.
CREATE FUNCTION revise_bench() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE maker SET revision = nextval('maker_revision') WHERE bench IN (SELECT c.bench FROM changed AS c);
    RETURN NULL;
END
$$;

CREATE TRIGGER held_hours_held AFTER INSERT ON held_hours
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION revise_bench();
CREATE TRIGGER held_hours_freed AFTER DELETE ON held_hours
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION revise_bench();
