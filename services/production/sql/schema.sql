-- What production's database looks like once all migrations have run. This file is the truth; a test compares the two.

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
