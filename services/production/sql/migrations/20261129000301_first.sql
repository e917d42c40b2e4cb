-- migrate:up

CREATE TABLE journal (
    piece uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    serial text NOT NULL UNIQUE CHECK (serial ~ '^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$'),
    entries integer NOT NULL DEFAULT 0,
    last_digest text,
    CHECK ((entries = 0) = (last_digest IS NULL))
);

CREATE TABLE journal_entry (
    piece uuid NOT NULL REFERENCES journal (piece),
    sequence integer NOT NULL CHECK (sequence > 0),
    at timestamptz NOT NULL,
    entry text NOT NULL,
    by_person uuid,
    said text NOT NULL CHECK (said IS JSON OBJECT),
    previous text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (piece, sequence)
);

CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % cannot be changed', tg_table_name USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;

CREATE TRIGGER journal_stays BEFORE DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

CREATE TABLE certificate (
    piece uuid PRIMARY KEY REFERENCES journal (piece),
    text text NOT NULL,
    signature text NOT NULL
);

CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

CREATE TABLE customer (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL,
    country text
);

CREATE TABLE customer_name (
    person uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text
);

CREATE TABLE delivery (
    commission uuid PRIMARY KEY, number integer NOT NULL, way text NOT NULL CHECK (way IN ('parcel', 'pickup')), recipient uuid
);
CREATE TABLE recipient (
    recipient uuid PRIMARY KEY, version bigint NOT NULL, number integer,
    name text, street text, extra text, postcode text, city text, country text, phone text
);

CREATE TABLE bench_photo (
    photo uuid PRIMARY KEY,
    piece uuid NOT NULL,
    commission uuid NOT NULL,
    task uuid NOT NULL,
    stage text NOT NULL,
    public boolean NOT NULL,
    taken_by uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL,
    shown_from timestamptz NOT NULL,
    published_at timestamptz,
    withdrawn_at timestamptz,
    mishap uuid,
    CHECK (published_at IS NULL OR withdrawn_at IS NULL),
    CHECK (published_at IS NULL OR mishap IS NULL)
);

ALTER TABLE bench_photo ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX bench_photo_piece ON bench_photo (piece, taken_at, photo);
CREATE INDEX bench_photo_due ON bench_photo (shown_from)
WHERE published_at IS NULL AND withdrawn_at IS NULL AND mishap IS NULL;

CREATE TABLE profile (
    maker uuid PRIMARY KEY,
    public boolean NOT NULL,
    name text NOT NULL,
    words text NOT NULL,
    portrait bytea,
    changed_at timestamptz NOT NULL
);

CREATE SEQUENCE maker_bench AS integer START WITH 2;
CREATE SEQUENCE maker_revision AS bigint;

CREATE TABLE maker (
    maker uuid PRIMARY KEY,
    bench integer NOT NULL UNIQUE DEFAULT nextval('maker_bench'),
    name text,
    version bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'resting')),
    week integer [] CHECK (cardinality(week) = 7),
    revision bigint NOT NULL DEFAULT nextval('maker_revision')
);

ALTER SEQUENCE maker_bench OWNED BY maker.bench;

CREATE TABLE maker_skill (
    maker uuid NOT NULL REFERENCES maker (maker),
    skill text NOT NULL,
    PRIMARY KEY (maker, skill)
);

CREATE TABLE day_off (
    maker uuid NOT NULL REFERENCES maker (maker),
    day date NOT NULL,
    PRIMARY KEY (maker, day)
);

CREATE TABLE withdrawal (
    commission uuid PRIMARY KEY,
    withdrawn_at timestamptz NOT NULL
);

CREATE TABLE promise (
    promise uuid PRIMARY KEY,
    commission uuid NOT NULL,
    maker uuid NOT NULL REFERENCES maker (maker),
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'booked', 'done', 'stopped', 'released')),
    hands_on_minutes integer NOT NULL,
    begins_on date NOT NULL,
    ready_by date NOT NULL,
    ready_by_p50 date NOT NULL,
    needed_by date,
    held_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL,
    released_at timestamptz,
    release_reason text CHECK (release_reason IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled', 'not_sent')),
    CHECK (begins_on <= ready_by_p50 AND ready_by_p50 <= ready_by),
    CHECK ((state = 'released') = (released_at IS NOT NULL)),
    CHECK ((state = 'released') = (release_reason IS NOT NULL))
);

CREATE UNIQUE INDEX promise_held ON promise (commission) WHERE state = 'held';
CREATE INDEX promise_commission ON promise (commission);
CREATE INDEX promise_held_at ON promise (held_at, promise);

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

CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    brief_version integer NOT NULL,
    answers jsonb,
    images uuid [] NOT NULL DEFAULT '{}'
);

CREATE SEQUENCE conversation_position AS bigint;

CREATE TABLE message (
    message uuid PRIMARY KEY,
    commission uuid NOT NULL,
    author uuid NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('customer', 'maker', 'ops')),
    body text,
    images uuid [] NOT NULL,
    written_at timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position')
);

CREATE INDEX message_commission ON message (commission, written_at);
CREATE INDEX message_position ON message (position);

CREATE TABLE message_read (
    commission uuid NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    read_until timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position'),
    PRIMARY KEY (commission, person)
);

CREATE INDEX message_read_position ON message_read (position);

CREATE TABLE piece (
    piece uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    promise uuid NOT NULL UNIQUE REFERENCES promise (promise),
    state text NOT NULL CHECK (state IN ('making', 'made', 'packed', 'handed_over', 'delivered', 'stopped')),
    brief_version integer NOT NULL,
    booked_at timestamptz NOT NULL,
    paused_at timestamptz,
    made_at timestamptz,
    packed_at timestamptz,
    paid_at timestamptz,
    handed_over_at timestamptz,
    carrier text,
    tracking text,
    delivered_at timestamptz,
    stopped_at timestamptz,
    cancel_percent integer CHECK (cancel_percent BETWEEN 0 AND 100),
    packed_for integer, address_asked_at timestamptz, missed_at timestamptz, claim text,
    frozen_by uuid CHECK ((frozen_by IS NULL) = (frozen_from IS NULL)), frozen_from text, changed_at timestamptz,
    changes integer NOT NULL DEFAULT 1,
    CHECK (handed_over_at IS NULL OR (paid_at IS NOT NULL AND packed_at IS NOT NULL AND made_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (stopped_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (cancel_percent IS NOT NULL)),
    CHECK (stopped_at IS NULL OR handed_over_at IS NULL OR missed_at IS NOT NULL)
);

CREATE TABLE task (
    task uuid PRIMARY KEY,
    piece uuid NOT NULL REFERENCES piece (piece),
    stage text NOT NULL,
    place integer NOT NULL,
    rework boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'ready', 'running', 'paused', 'done', 'superseded', 'void')),
    planned_minutes integer NOT NULL,
    worked_seconds integer NOT NULL,
    starts_on date NOT NULL,
    due_on date NOT NULL,
    begun_at timestamptz,
    running_since timestamptz,
    finished_at timestamptz,
    after text [] NOT NULL,
    performer text NOT NULL CHECK (performer IN ('maker', 'partner', 'equipment')),
    CHECK ((state = 'running') = (running_since IS NOT NULL)),
    CHECK (state <> 'done' OR finished_at IS NOT NULL),
    CHECK (starts_on <= due_on)
);

CREATE INDEX task_piece ON task (piece);
CREATE UNIQUE INDEX task_open ON task (piece, stage) WHERE state IN ('pending', 'ready', 'running', 'paused');
CREATE UNIQUE INDEX task_current ON task (piece) WHERE state IN ('ready', 'running', 'paused');

CREATE TABLE gate (
    piece uuid NOT NULL REFERENCES piece (piece),
    gate text NOT NULL,
    reached_at timestamptz,
    opened_at timestamptz,
    passed_at timestamptz CHECK (passed_at IS NULL OR opened_at IS NOT NULL),
    voided_at timestamptz CHECK (voided_at IS NULL OR passed_at IS NOT NULL),
    PRIMARY KEY (piece, gate)
);

CREATE TABLE sign_off (
    piece uuid NOT NULL,
    gate text NOT NULL,
    sign_off text NOT NULL,
    person uuid,
    approval uuid,
    brief_version integer NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (piece, gate, sign_off),
    FOREIGN KEY (piece, gate) REFERENCES gate (piece, gate),
    CHECK ((person IS NULL) <> (approval IS NULL))
);

CREATE TABLE check_result (
    task uuid NOT NULL REFERENCES task (task),
    check_id text NOT NULL,
    measured numeric,
    low numeric,
    high numeric,
    unit text,
    met boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    checked_by uuid NOT NULL,
    PRIMARY KEY (task, check_id)
);

CREATE TABLE note (
    note uuid PRIMARY KEY,
    task uuid NOT NULL REFERENCES task (task),
    author uuid NOT NULL,
    body text,
    written_at timestamptz NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('maker', 'ops')),
    shown_from timestamptz NOT NULL,
    published_at timestamptz,
    withdrawn_at timestamptz,
    CHECK (published_at IS NULL OR withdrawn_at IS NULL),
    CHECK (withdrawn_at IS NULL OR body IS NULL)
);

CREATE INDEX note_task ON note (task, written_at);
CREATE INDEX note_due ON note (shown_from) WHERE published_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE mishap (
    mishap uuid PRIMARY KEY,
    task uuid NOT NULL REFERENCES task (task),
    kind text NOT NULL CHECK (
        kind IN ('piece_damaged', 'material_spoilt', 'material_late', 'tool_broken', 'maker_away')
    ),
    back_to text,
    reported_by uuid NOT NULL,
    reported_at timestamptz NOT NULL,
    cause text CHECK (cause IN ('slip', 'material', 'tool', 'unclear', 'outside', 'unknown')),
    words text,
    before jsonb NOT NULL,
    undone_at timestamptz
);

CREATE INDEX mishap_task ON mishap (task);

-- The studio's own bench; more makers come with `touchmark.people`.
INSERT INTO maker (maker, bench) VALUES ('01931f00-0000-7000-8000-0000000000b1', 1);

-- migrate:down

DROP TABLE mishap;
DROP TABLE note;
DROP TABLE check_result;
DROP TABLE sign_off;
DROP TABLE gate;
DROP TABLE task;
DROP TABLE piece;
DROP TABLE message_read;
DROP TABLE message;
DROP SEQUENCE conversation_position;
DROP TABLE brief;
DROP TABLE held_hours;
DROP TABLE promise;
DROP TABLE withdrawal;
DROP TABLE day_off;
DROP TABLE maker_skill;
DROP TABLE maker;
DROP TABLE profile;
DROP TABLE bench_photo;
DROP TABLE recipient;
DROP TABLE delivery;
DROP TABLE customer_name;
DROP TABLE customer;
DROP TABLE certificate;
DROP TABLE journal_entry;
DROP TABLE journal;
DROP FUNCTION refuse_to_rewrite;
