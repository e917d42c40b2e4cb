-- migrate:up

CREATE TABLE maker (
    maker uuid PRIMARY KEY,
    bench integer NOT NULL UNIQUE
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

-- The studio's own bench; makers of their own come with their profiles.
INSERT INTO maker (maker, bench) VALUES ('01931f00-0000-7000-8000-0000000000b1', 1);

-- migrate:down

DROP TABLE held_hours;
DROP TABLE promise;
DROP TABLE withdrawal;
DROP TABLE maker;
