-- migrate:up

CREATE TABLE person (
    person uuid PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    name text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL,
    recorded_at timestamptz NOT NULL
);

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

CREATE TABLE used_ticket (
    ticket uuid PRIMARY KEY,
    forget_at timestamptz NOT NULL
);

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
    outcome text CHECK (outcome IN ('lapsed', 'withdrawn')),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CHECK (state <> 'withdrawn' OR withdrawn_at IS NOT NULL),
    CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);

CREATE INDEX commission_customer ON commission (customer, submitted_at, commission);

CREATE TABLE brief (
    commission uuid NOT NULL REFERENCES commission (commission),
    brief_version integer NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (commission, brief_version)
);

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

CREATE TABLE told (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

-- migrate:down

DROP TABLE told;
DROP TABLE image;
DROP TABLE brief;
DROP TABLE commission;
DROP TABLE used_ticket;
DROP TABLE session;
DROP TABLE person;
