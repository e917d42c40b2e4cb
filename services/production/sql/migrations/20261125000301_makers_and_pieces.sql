-- migrate:up

CREATE SEQUENCE maker_bench AS integer START WITH 2 OWNED BY maker.bench;
ALTER TABLE maker ALTER COLUMN bench SET DEFAULT nextval('maker_bench');
ALTER TABLE maker ADD COLUMN name text;
ALTER TABLE maker ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'resting'));
ALTER TABLE maker ADD COLUMN week integer [] CHECK (cardinality(week) = 7);

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

INSERT INTO maker_skill (maker, skill) VALUES
('01931f00-0000-7000-8000-0000000000b1', 'goldsmith'),
('01931f00-0000-7000-8000-0000000000b1', 'hand_engraver');

-- A wider one takes its place in this transaction.
-- squawk-ignore ban-drop-constraint
ALTER TABLE promise DROP CONSTRAINT promise_state_check;
ALTER TABLE promise ADD CONSTRAINT promise_state_check
CHECK (state IN ('held', 'booked', 'done', 'stopped', 'released')) NOT VALID;
-- A wider one takes its place in this transaction.
-- squawk-ignore ban-drop-constraint
ALTER TABLE promise DROP CONSTRAINT promise_release_reason_check;
ALTER TABLE promise ADD CONSTRAINT promise_release_reason_check
CHECK (release_reason IN ('lapsed', 'withdrawn', 'declined', 'expired', 'cancelled')) NOT VALID;

CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    brief_version integer NOT NULL,
    answers jsonb
);

CREATE TABLE piece (
    commission uuid PRIMARY KEY,
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
    changes integer NOT NULL DEFAULT 1,
    CHECK (handed_over_at IS NULL OR (paid_at IS NOT NULL AND packed_at IS NOT NULL AND made_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (stopped_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (cancel_percent IS NOT NULL)),
    CHECK (stopped_at IS NULL OR handed_over_at IS NULL)
);

CREATE TABLE task (
    task uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES piece (commission),
    stage text NOT NULL,
    place integer NOT NULL,
    rework boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('ahead', 'ready', 'running', 'paused', 'done', 'redone', 'void')),
    planned_minutes integer NOT NULL,
    worked_seconds integer NOT NULL,
    starts_on date NOT NULL,
    due_on date NOT NULL,
    begun_at timestamptz,
    running_since timestamptz,
    finished_at timestamptz,
    CHECK ((state = 'running') = (running_since IS NOT NULL)),
    CHECK (state <> 'done' OR finished_at IS NOT NULL),
    CHECK (starts_on <= due_on)
);

CREATE INDEX task_commission ON task (commission);
CREATE UNIQUE INDEX task_open ON task (commission, stage) WHERE state IN ('ahead', 'ready', 'running', 'paused');
CREATE UNIQUE INDEX task_current ON task (commission) WHERE state IN ('ready', 'running', 'paused');

CREATE TABLE gate (
    commission uuid NOT NULL REFERENCES piece (commission),
    gate text NOT NULL,
    reached_at timestamptz,
    opened_at timestamptz,
    passed_at timestamptz,
    PRIMARY KEY (commission, gate),
    CHECK (passed_at IS NULL OR opened_at IS NOT NULL)
);

CREATE TABLE sign_off (
    commission uuid NOT NULL,
    gate text NOT NULL,
    sign_off text NOT NULL,
    person uuid,
    approval uuid,
    brief_version integer NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (commission, gate, sign_off),
    FOREIGN KEY (commission, gate) REFERENCES gate (commission, gate),
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
    written_at timestamptz NOT NULL
);

CREATE INDEX note_task ON note (task, written_at);

CREATE TABLE mishap (
    mishap uuid PRIMARY KEY,
    task uuid NOT NULL REFERENCES task (task),
    kind text NOT NULL CHECK (
        kind IN ('piece_damaged', 'material_spoilt', 'material_late', 'tool_broken', 'maker_away')
    ),
    back_to text,
    reported_by uuid NOT NULL,
    reported_at timestamptz NOT NULL
);

CREATE INDEX mishap_task ON mishap (task);

-- migrate:down

DROP TABLE mishap;
DROP TABLE note;
DROP TABLE check_result;
DROP TABLE sign_off;
DROP TABLE gate;
DROP TABLE task;
DROP TABLE piece;
DROP TABLE brief;
ALTER TABLE promise DROP CONSTRAINT promise_release_reason_check;
ALTER TABLE promise ADD CONSTRAINT promise_release_reason_check CHECK (release_reason IN ('lapsed', 'withdrawn'));
ALTER TABLE promise DROP CONSTRAINT promise_state_check;
ALTER TABLE promise ADD CONSTRAINT promise_state_check CHECK (state IN ('held', 'released'));
DROP TABLE day_off;
DROP TABLE maker_skill;
ALTER TABLE maker DROP COLUMN week, DROP COLUMN state, DROP COLUMN name;
ALTER TABLE maker ALTER COLUMN bench DROP DEFAULT;
DROP SEQUENCE maker_bench;
