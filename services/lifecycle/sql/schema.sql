-- What lifecycle's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- A commission's workflow, as far as lifecycle itself has to know: that there was one, and how it ended. Temporal forgets a
-- finished workflow after its retention; this row does not, and keeps a replayed request from starting a second life.
--   running (no ended_at) -> ended     the workflow recorded its end; `counted` is the newest version of each topic that its
--                                      outcome took into account, {"touchmark.commissions": 2}
--   running -> lost (lost_at)          Temporal turned out to know no running workflow: terminated, failed, or its data gone
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

-- What the bridge did with each fact that it read, once.
--   started         it began the commission's life
--   signalled       the life heard it             -> after_the_end, if it came too late to count for the outcome
--   after_the_end   the life was over: nothing was done about it, ops see it
--   nobody_there    no life of this commission is known, and only a request begins one
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

-- The ops room's read model: where each commission stands. What CommissionSubmitted brings is null until that fact is here;
-- `due` is null once nothing is awaited any more. stage, holder and outcome: shared/contracts/lifecycle.py.
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    stage text NOT NULL,
    holder text NOT NULL,
    since timestamptz NOT NULL,
    due timestamptz,
    craft text,
    craft_version integer,
    customer uuid,
    needed_by date,
    submitted_at timestamptz,
    withdrawn_at timestamptz,
    outcome text,
    ended_at timestamptz
);

CREATE INDEX commission_place ON commission (coalesce(due, '9999-12-31T00:00:00Z'), commission DESC);
CREATE INDEX commission_due ON commission (due) WHERE due IS NOT NULL;

-- Every fact about a commission that the ops room knows of, without its key and instant in `detail`.
CREATE TABLE happening (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

-- One row: a number that grows with every change of the read model, so that live pages see it with one look. The page is
-- mostly empty, so that the row's next version finds room beside it.
CREATE TABLE room (
    the_only_one boolean PRIMARY KEY DEFAULT true CHECK (the_only_one),
    revision bigint NOT NULL
) WITH (fillfactor = 10);

-- What ops had a workflow do, and who: `action` is the request's own id, so that it happens once.
CREATE TABLE ops_action (
    action uuid PRIMARY KEY,
    commission uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('try_again')),
    person uuid NOT NULL,
    at timestamptz NOT NULL
);

CREATE INDEX ops_action_commission ON ops_action (commission, at);
