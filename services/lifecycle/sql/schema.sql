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
-- `due` is null once nothing is awaited any more. stage, holder, outcome and escalation: shared/contracts/lifecycle.py.
--   escalation      set by Escalated, with the stage and holder it was about -> null once either has changed
--   paused          the clock stands still; holder and due are what they were
--   ready_by        the newest day that production has promised
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
    ended_at timestamptz,
    paused boolean NOT NULL DEFAULT false,
    escalation text,
    escalated_at timestamptz,
    escalated_stage text,
    escalated_holder text,
    ready_by date
);

CREATE INDEX commission_due ON commission (due) WHERE due IS NOT NULL;

-- The same with each one's place in the room's list: what is due or escalated first, then what has no due instant, what is
-- paused, what has ended (domain/room.py says the same years).
CREATE VIEW listed AS
SELECT
    commission,
    stage,
    holder,
    since,
    due,
    paused,
    escalation,
    escalated_at,
    craft,
    offering,
    offering_version,
    customer,
    needed_by,
    ready_by,
    submitted_at,
    withdrawn_at,
    outcome,
    ended_at,
    CASE
        WHEN ended_at IS NOT NULL THEN '4000-01-01T00:00:00Z'::timestamptz
        WHEN paused THEN '3999-01-01T00:00:00Z'::timestamptz
        ELSE coalesce(least(due, escalated_at), '3998-01-01T00:00:00Z'::timestamptz)
    END AS place
FROM commission;

CREATE INDEX commission_listed ON commission (
    (
        CASE
            WHEN ended_at IS NOT NULL THEN '4000-01-01T00:00:00Z'::timestamptz
            WHEN paused THEN '3999-01-01T00:00:00Z'::timestamptz
            ELSE coalesce(least(due, escalated_at), '3998-01-01T00:00:00Z'::timestamptz)
        END
    ),
    commission DESC
);

-- What else a commission is found by, in capital letters: its invoices' numbers and its certificate's serial.
CREATE TABLE known_as (
    name text NOT NULL,
    commission uuid NOT NULL,
    PRIMARY KEY (name, commission)
);

-- Whose clock ran, from when until when: the request (version 0), then each PhaseEntered by its version, then the end, which
-- nobody holds. `until` is null for the newest.
CREATE TABLE holder_span (
    commission uuid NOT NULL,
    version bigint NOT NULL,
    stage text NOT NULL,
    holder text NOT NULL,
    paused boolean NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (commission, version)
);

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

-- What ops did, who, and why: the audit log. `action` comes out of the request's own key, so that it happens once.
--   asked           written down before the workflow hears of it; stays where nobody knows what became of it
--   asked -> done   the workflow took it
--   asked -> refused   it did not, or nothing was there to take it; `problem` is the slug of why
-- `detail` is what was asked besides: {"days": 3}, {"cause": "studio"}. `together` is common to what was asked in one go.
CREATE TABLE ops_action (
    action uuid PRIMARY KEY,
    commission uuid NOT NULL,
    what text NOT NULL CONSTRAINT ops_action_what_check CHECK (
        what IN ('nudge', 'extend', 'pause', 'resume', 'cancel', 'try_again', 'replay_parked', 'drop_parked')
    ),
    person uuid NOT NULL,
    at timestamptz NOT NULL,
    reason text,
    detail jsonb NOT NULL DEFAULT '{}',
    outcome text NOT NULL DEFAULT 'done' CONSTRAINT ops_action_outcome_check CHECK (outcome IN ('asked', 'done', 'refused')),
    problem text,
    together uuid,
    concluded_at timestamptz
);

CREATE INDEX ops_action_commission ON ops_action (commission, at);
CREATE INDEX ops_action_at ON ops_action (at DESC, action DESC);
