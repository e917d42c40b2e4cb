-- migrate:up

CREATE TABLE life (
    commission uuid PRIMARY KEY,
    known_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    outcome text,
    counted jsonb,
    lost_at timestamptz,
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK ((ended_at IS NULL) = (counted IS NULL))
);

CREATE TABLE passing (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    passed text NOT NULL CHECK (passed IN ('started', 'signalled', 'after_the_end', 'nobody_there')),
    passed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (commission, topic, version)
);

CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    stage text NOT NULL,
    holder text NOT NULL,
    since timestamptz NOT NULL,
    due timestamptz,
    craft text,
    offering text,
    offering_version integer,
    customer uuid,
    needed_by date,
    submitted_at timestamptz,
    withdrawn_at timestamptz,
    outcome text,
    ended_at timestamptz
);

CREATE INDEX commission_place ON commission (coalesce(due, '9999-12-31T00:00:00Z'), commission DESC);
CREATE INDEX commission_due ON commission (due) WHERE due IS NOT NULL;

CREATE TABLE happening (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

CREATE TABLE room (
    the_only_one boolean PRIMARY KEY DEFAULT true CHECK (the_only_one),
    revision bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO room (revision) VALUES (0);

CREATE TABLE ops_action (
    action uuid PRIMARY KEY,
    commission uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('try_again')),
    person uuid NOT NULL,
    at timestamptz NOT NULL
);

CREATE INDEX ops_action_commission ON ops_action (commission, at);

-- migrate:down

DROP TABLE ops_action;
DROP TABLE room;
DROP TABLE happening;
DROP TABLE commission;
DROP TABLE passing;
DROP TABLE life;
