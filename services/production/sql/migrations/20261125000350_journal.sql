-- migrate:up

CREATE TABLE journal (
    commission uuid PRIMARY KEY,
    serial text NOT NULL UNIQUE CHECK (serial ~ '^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$'),
    entries integer NOT NULL DEFAULT 0,
    last_digest text,
    CHECK ((entries = 0) = (last_digest IS NULL))
);

CREATE TABLE journal_entry (
    commission uuid NOT NULL REFERENCES journal (commission),
    sequence integer NOT NULL CHECK (sequence > 0),
    at timestamptz NOT NULL,
    entry text NOT NULL,
    by_person uuid,
    said text NOT NULL CHECK (said IS JSON OBJECT),
    previous text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (commission, sequence)
);

CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what stands in % stays as it is', tg_table_name USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;

CREATE TRIGGER journal_stays BEFORE DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

-- migrate:down

DROP TABLE journal_entry;
DROP TABLE journal;
DROP FUNCTION refuse_to_rewrite();
