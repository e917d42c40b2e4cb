-- What production's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- The journal of one piece: how many entries it has, and the digest of the last one. The row is the journal's lock: whoever
-- writes takes it first, so that entries are numbered without gaps. The serial, drawn when the journal is opened, is the
-- certificate's address (`/c/{serial}`), so that it can lie in the box.
CREATE TABLE journal (
    commission uuid PRIMARY KEY,
    serial text NOT NULL UNIQUE CHECK (serial ~ '^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$'),
    entries integer NOT NULL DEFAULT 0,
    last_digest text,
    CHECK ((entries = 0) = (last_digest IS NULL))
);

-- What happened to the piece, each entry bound to the one before it (services/production/domain/journal.py). `said` is
-- canonical JSON without personal data; `by_person` is a maker or an operator.
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

-- What was written stays: nobody updates or deletes an entry, not even by mistake. (Whoever owns the tables can take the
-- triggers away; then the digests and the certificate's signature tell.)
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what stands in % stays as it is', tg_table_name USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;

CREATE TRIGGER journal_stays BEFORE DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

-- The certificate of a piece: canonical JSON, and the studio's signature (a compact JWS that holds the same text), from the
-- journal as it stood. Issued once, and left alone like the journal.
CREATE TABLE certificate (
    commission uuid PRIMARY KEY REFERENCES journal (commission),
    text text NOT NULL,
    signature text NOT NULL
);

CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

-- Whose commission it is (`touchmark.commissions`), and so who may look at the bench's photos of it.
CREATE TABLE customer (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL
);

-- Photos from the bench, made anew by us. public: the maker lets the certificate show it to everybody who has its serial.
CREATE TABLE bench_photo (
    photo uuid PRIMARY KEY,
    commission uuid NOT NULL,
    task uuid NOT NULL,
    stage text NOT NULL,
    public boolean NOT NULL,
    taken_by uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL
);

ALTER TABLE bench_photo ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX bench_photo_commission ON bench_photo (commission, taken_at, photo);

-- What a maker says of themself on certificates, and only while public; personal data, gone with the person.
CREATE TABLE profile (
    maker uuid PRIMARY KEY,
    public boolean NOT NULL,
    name text NOT NULL,
    words text NOT NULL,
    portrait bytea,
    changed_at timestamptz NOT NULL
);

-- Who works at which bench. The row is the lock of the bench's hours: whoever plans takes it first.
CREATE TABLE maker (
    maker uuid PRIMARY KEY,
    bench integer NOT NULL UNIQUE
);

-- The commissions that their customers took back (`touchmark.commissions`).
CREATE TABLE withdrawal (
    commission uuid PRIMARY KEY,
    withdrawn_at timestamptz NOT NULL
);

-- A maker's hours, promised to a commission until somebody decides.
--   held -> released   it lapsed or the commission was withdrawn; the hours are free again; for good
-- begins_on, ready_by and needed_by are days in the studio's zone.
CREATE TABLE promise (
    promise uuid PRIMARY KEY,
    commission uuid NOT NULL,
    maker uuid NOT NULL REFERENCES maker (maker),
    craft text NOT NULL,
    craft_version integer NOT NULL,
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'released')),
    hands_on_minutes integer NOT NULL,
    begins_on date NOT NULL,
    ready_by date NOT NULL,
    needed_by date,
    held_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL,
    released_at timestamptz,
    release_reason text CHECK (release_reason IN ('lapsed', 'withdrawn')),
    CHECK (begins_on <= ready_by),
    CHECK ((state = 'released') = (released_at IS NOT NULL)),
    CHECK ((state = 'released') = (release_reason IS NOT NULL))
);

CREATE UNIQUE INDEX promise_held ON promise (commission) WHERE state = 'held';
CREATE INDEX promise_held_at ON promise (held_at, promise);

-- The hours themselves, while a promise holds them: minutes of a day's work, from its first minute at the bench on.
-- Two promises can never have the same minute of a bench: the exclusion says so in ranges alone, since equality in GiST needs an
-- extension (btree_gist), and a range of one number overlaps another exactly when the numbers are equal.
CREATE TABLE held_hours (
    promise uuid NOT NULL REFERENCES promise (promise),
    stage text NOT NULL,
    bench integer NOT NULL REFERENCES maker (bench),
    day date NOT NULL,
    minutes int4range NOT NULL,
    PRIMARY KEY (promise, day, minutes),
    CHECK (NOT isempty(minutes) AND lower(minutes) >= 0 AND upper(minutes) <= 1440),
    CONSTRAINT held_hours_overlap EXCLUDE USING gist (
        int4range(bench, bench, '[]') WITH &&, daterange(day, day, '[]') WITH &&, minutes WITH &&
    )
);

CREATE INDEX held_hours_bench ON held_hours (bench, day);
