-- Intake's own tables beside the kernel's. This file is the truth; a test compares it with what the migrations make.

-- Somebody who has joined: customers join themselves, makers and ops are let in by the studio.
CREATE TABLE person (
    person uuid PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    name text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- One browser or program of one person. Of its secret only the SHA-256 is kept.
--   live:    revoked_at is null and expires_at is ahead; tokens are renewed from it, which puts expires_at off
--   revoked: signed out, or ended by ops: revoked_at is set; for good
--   expired: expires_at has passed; for good, and swept away after a while
CREATE TABLE session (
    session uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires_at ON session (expires_at);

-- A one-time sign-in link that was used, of the one-machine stack or of a mail; kept until no link of that age can be good.
CREATE TABLE used_ticket (
    ticket uuid PRIMARY KEY,
    forget_at timestamptz NOT NULL
);

-- A sign-in link for a maker or somebody of the studio who was let in by ops. Of its secret only the SHA-256 is kept.
--   good: used_at is null and expires_at is ahead; a newer one of the same person takes its place
--   used: used_at is set, by who came in or by ops who ended their access; for good
CREATE TABLE invitation (
    person uuid PRIMARY KEY REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- A commission as its customer knows it.
--   open      -> withdrawn  the customer takes it back
--   open      -> closed     the life cycle ends it, with an outcome
--   withdrawn -> closed     likewise
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL REFERENCES person (person),
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    offering_sha256 text NOT NULL,
    brief_version integer NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'withdrawn', 'closed')),
    needed_by date,
    submitted_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawal_reason text CHECK (withdrawal_reason IN ('changed_mind', 'too_slow', 'found_elsewhere', 'other')),
    closed_at timestamptz,
    outcome text CONSTRAINT commission_outcome_check CHECK (
        outcome IN ('lapsed', 'withdrawn', 'declined', 'expired', 'cancelled', 'completed')
    ),
    receipt_confirmed_at timestamptz,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CHECK (state <> 'withdrawn' OR withdrawn_at IS NOT NULL),
    CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);

CREATE INDEX commission_customer ON commission (customer, submitted_at, commission);

-- Somebody who is not signed in asked for a link by mail to this commission; kept for a day, to count them.
CREATE TABLE link_asked (
    ask uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    asked_at timestamptz NOT NULL
);

CREATE INDEX link_asked_commission ON link_asked (commission, asked_at);

-- What was wished for, one row a version; `answers` is the list that BriefWritten carries.
CREATE TABLE brief (
    commission uuid NOT NULL REFERENCES commission (commission),
    brief_version integer NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (commission, brief_version)
);

-- A reference picture, made anew from what was sent: JPEG, at most some hundred kilobytes.
--   waiting -> kept     the form it was chosen in is accepted: `commission` is set
--   waiting -> (gone)   swept away after a day
CREATE TABLE image (
    image uuid PRIMARY KEY,
    owner uuid NOT NULL REFERENCES person (person),
    commission uuid REFERENCES commission (commission),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL,
    stored_at timestamptz NOT NULL
);

CREATE INDEX image_commission ON image (commission);
CREATE INDEX image_waiting ON image (owner, stored_at) WHERE commission IS NULL;

-- What other services told about a commission, one row a fact: the read model behind the timeline.
CREATE TABLE told (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

-- What people wrote: here, or in another service that told of it. The body of an erased one is null.
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

-- A gate of the offering that the customer is asked to sign off.
--   open -> given      signed, for the brief of `brief_version`
--   open -> refused    wanted otherwise; `text` says how. The life cycle may ask anew, which is another row.
--   open -> withdrawn  the commission has ended
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

-- A cancellation that the customer asked for after the acceptance, agreeing to `owed_percent` of the price.
--   asked -> refused  it was overtaken: `refusal` says by what, `refused_percent` what it would cost now
--   asked -> closed   the commission has ended
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
