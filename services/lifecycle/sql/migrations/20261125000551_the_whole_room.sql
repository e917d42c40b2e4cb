-- migrate:up

ALTER TABLE commission
ADD COLUMN paused boolean NOT NULL DEFAULT false,
ADD COLUMN escalation text,
ADD COLUMN escalated_at timestamptz,
ADD COLUMN escalated_stage text,
ADD COLUMN escalated_holder text,
ADD COLUMN ready_by date;

-- Widened: what was allowed still is.
-- squawk-ignore ban-drop-constraint
ALTER TABLE ops_action DROP CONSTRAINT ops_action_what_check;
ALTER TABLE ops_action ADD CONSTRAINT ops_action_what_check CHECK (
    what IN ('nudge', 'extend', 'pause', 'resume', 'cancel', 'try_again', 'replay_parked', 'drop_parked')
) NOT VALID;

ALTER TABLE ops_action
ADD COLUMN reason text,
ADD COLUMN detail jsonb NOT NULL DEFAULT '{}',
ADD COLUMN outcome text NOT NULL DEFAULT 'done',
ADD COLUMN problem text,
ADD COLUMN together uuid,
ADD COLUMN concluded_at timestamptz;
ALTER TABLE ops_action ADD CONSTRAINT ops_action_outcome_check CHECK (outcome IN ('asked', 'done', 'refused')) NOT VALID;

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

CREATE TABLE known_as (
    name text NOT NULL,
    commission uuid NOT NULL,
    PRIMARY KEY (name, commission)
);

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

-- A read model of one row a commission: written in milliseconds.
-- squawk-ignore require-concurrent-index-creation
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
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX commission_place;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ops_action_at ON ops_action (at DESC, action DESC);

-- migrate:down

ALTER TABLE ops_action DROP CONSTRAINT ops_action_outcome_check;
DELETE FROM ops_action WHERE what <> 'try_again';
ALTER TABLE ops_action DROP CONSTRAINT ops_action_what_check;
ALTER TABLE ops_action ADD CONSTRAINT ops_action_what_check CHECK (what IN ('try_again'));
ALTER TABLE ops_action
DROP COLUMN reason,
DROP COLUMN detail,
DROP COLUMN outcome,
DROP COLUMN problem,
DROP COLUMN together,
DROP COLUMN concluded_at;
DROP INDEX ops_action_at;
DROP TABLE holder_span;
DROP TABLE known_as;
DROP VIEW listed;
DROP INDEX commission_listed;
CREATE INDEX commission_place ON commission (coalesce(due, '9999-12-31T00:00:00Z'), commission DESC);
ALTER TABLE commission
DROP COLUMN paused,
DROP COLUMN escalation,
DROP COLUMN escalated_at,
DROP COLUMN escalated_stage,
DROP COLUMN escalated_holder,
DROP COLUMN ready_by;
