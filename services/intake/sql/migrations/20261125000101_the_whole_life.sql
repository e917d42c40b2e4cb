-- migrate:up

-- A wider one takes its place.
-- squawk-ignore ban-drop-constraint
ALTER TABLE commission DROP CONSTRAINT commission_outcome_check;
ALTER TABLE commission ADD CONSTRAINT commission_outcome_check CHECK (
    outcome IN ('lapsed', 'withdrawn', 'declined', 'expired', 'cancelled', 'completed')
) NOT VALID;
ALTER TABLE commission ADD COLUMN receipt_confirmed_at timestamptz;

CREATE TABLE invitation (
    person uuid PRIMARY KEY REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE writing (
    text uuid PRIMARY KEY,
    commission uuid NOT NULL,
    author uuid NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('customer', 'maker', 'ops')),
    subject text NOT NULL CHECK (subject IN ('message', 'question', 'answer', 'reason', 'note')),
    body text,
    written_at timestamptz NOT NULL
);

CREATE INDEX writing_commission ON writing (commission, written_at);

CREATE TABLE approval (
    approval uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    gate text NOT NULL,
    brief_version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'given', 'refused', 'withdrawn')),
    asked_at timestamptz NOT NULL,
    due timestamptz,
    ended_at timestamptz,
    text uuid,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'refused') = (text IS NOT NULL))
);

CREATE UNIQUE INDEX approval_open ON approval (commission, gate) WHERE state = 'open';
CREATE INDEX approval_commission ON approval (commission, asked_at);

CREATE TABLE cancellation (
    cancellation uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    owed_percent integer NOT NULL CHECK (owed_percent BETWEEN 0 AND 100),
    reason text NOT NULL CHECK (reason IN ('changed_mind', 'too_slow', 'found_elsewhere', 'other')),
    state text NOT NULL CHECK (state IN ('asked', 'refused', 'closed')),
    asked_at timestamptz NOT NULL,
    refusal text CHECK (refusal IN ('gate_passed', 'handed_over')),
    refused_percent integer CHECK (refused_percent BETWEEN 0 AND 100),
    ended_at timestamptz,
    CHECK ((state = 'asked') = (ended_at IS NULL)),
    CHECK ((state = 'refused') = (refusal IS NOT NULL))
);

CREATE UNIQUE INDEX cancellation_asked ON cancellation (commission) WHERE state = 'asked';
CREATE INDEX cancellation_commission ON cancellation (commission, asked_at);

-- migrate:down

DROP TABLE cancellation;
DROP TABLE approval;
DROP TABLE writing;
DROP TABLE invitation;
ALTER TABLE commission DROP COLUMN receipt_confirmed_at;
ALTER TABLE commission DROP CONSTRAINT commission_outcome_check;
ALTER TABLE commission ADD CONSTRAINT commission_outcome_check CHECK (outcome IN ('lapsed', 'withdrawn'));
