-- name: lock_lives(commissions)
-- The lives that are known of these commissions, locked until the commit: while the bridge speaks to one, it cannot end.
SELECT commission, ended_at, counted::text AS counted, lost_at
FROM life
WHERE commission = any(:commissions::uuid [])
ORDER BY commission
FOR UPDATE;

-- name: add_lives(commissions)!
-- Remembers that these commissions have a life; one that is known stays as it is.
INSERT INTO life (commission)
SELECT u.commission FROM unnest(:commissions::uuid []) AS u (commission) ORDER BY u.commission
ON CONFLICT (commission) DO NOTHING;

-- name: lose_lives(commissions, at)!
-- Remembers that Temporal knows no running workflow of these commissions.
UPDATE life SET lost_at = :at WHERE commission = any(:commissions::uuid []) AND ended_at IS NULL AND lost_at IS NULL;

-- name: end_life(commission, outcome, counted, at)!
-- Remembers how a life ended. It may be the first that is heard of it: its bridge may have died before it wrote.
INSERT INTO life (commission, ended_at, outcome, counted) VALUES (:commission, :at, :outcome, :counted::jsonb)
ON CONFLICT (commission) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, counted = excluded.counted
WHERE life.ended_at IS NULL;

-- name: mark_too_late(commission)!
-- Sets apart what a life heard when its outcome was already decided.
UPDATE passing SET passed = 'after_the_end'
FROM life
WHERE
    life.commission = :commission
    AND passing.commission = life.commission
    AND passing.passed = 'signalled'
    AND passing.version > coalesce((life.counted ->> passing.topic)::bigint, 0);

-- name: last_passed(commissions)
-- The newest version of each topic that the bridge passed on for these commissions.
SELECT commission, topic, max(version) AS version
FROM passing
WHERE commission = any(:commissions::uuid [])
GROUP BY commission, topic;

-- name: add_passings(commissions, topics, versions, types, instants, passed)!
-- Writes down what became of facts, given as arrays of equal length; the first account of each stays.
INSERT INTO passing (commission, topic, version, type, at, passed)
SELECT u.commission, u.topic, u.version, u.type, u.at, u.passed
FROM unnest(
    :commissions::uuid [], :topics::text [], :versions::bigint [], :types::text [], :instants::timestamptz [], :passed::text []
) AS u (commission, topic, version, type, at, passed)
ORDER BY u.commission, u.topic, u.version
ON CONFLICT (commission, topic, version) DO NOTHING;

-- name: note_request(commission, stage, holder, due, craft, craft_version, customer, needed_by, submitted_at)!
-- A commission was asked for. Its workflow may have told of a stage before this fact came.
INSERT INTO commission (
    commission, stage, holder, since, due, craft, craft_version, customer, needed_by, submitted_at
)
VALUES (
    :commission, :stage, :holder, :submitted_at, :due, :craft, :craft_version, :customer, :needed_by, :submitted_at
)
ON CONFLICT (commission) DO UPDATE SET
    craft = excluded.craft,
    craft_version = excluded.craft_version,
    customer = excluded.customer,
    needed_by = excluded.needed_by,
    submitted_at = excluded.submitted_at;

-- name: note_stage(commission, stage, holder, since, due)!
-- A commission entered a stage.
INSERT INTO commission (commission, stage, holder, since, due) VALUES (:commission, :stage, :holder, :since, :due)
ON CONFLICT (commission) DO UPDATE SET
    stage = excluded.stage, holder = excluded.holder, since = excluded.since, due = excluded.due;

-- name: note_withdrawal(commission, at)!
-- A customer took a commission back; its workflow acts on it by itself.
UPDATE commission SET withdrawn_at = :at WHERE commission = :commission;

-- name: note_end(commission, stage, holder, outcome, at)!
-- A commission's workflow ended: nothing is due any more.
INSERT INTO commission (commission, stage, holder, since, outcome, ended_at)
VALUES (:commission, :stage, :holder, :at, :outcome, :at)
ON CONFLICT (commission) DO UPDATE SET
    stage = excluded.stage,
    holder = excluded.holder,
    since = excluded.since,
    due = NULL,
    outcome = excluded.outcome,
    ended_at = excluded.ended_at;

-- name: add_happenings(commissions, topics, versions, types, instants, details)!
-- Writes down facts, given as arrays of equal length.
INSERT INTO happening (commission, topic, version, type, at, detail)
SELECT u.commission, u.topic, u.version, u.type, u.at, u.detail::jsonb
FROM unnest(
    :commissions::uuid [], :topics::text [], :versions::bigint [], :types::text [], :instants::timestamptz [], :details::text []
) AS u (commission, topic, version, type, at, detail)
ORDER BY u.commission, u.topic, u.version
ON CONFLICT (commission, topic, version) DO NOTHING;

-- name: turn_revision()!
-- Lets live pages see that the read model has changed.
UPDATE room SET revision = revision + 1;

-- name: room_revision(now)$
-- A short text that changes whenever a commission does, and when one becomes late.
SELECT
    concat_ws('/', room.revision, (SELECT count(*) FROM commission AS c WHERE c.due <= :now::timestamptz)) AS revision
FROM room;

-- name: story_revision(commission, now)$
-- The same for one commission, with what the bridge did.
SELECT concat_ws(
    '/',
    (SELECT count(*) FROM happening AS h WHERE h.commission = :commission),
    (SELECT max(p.passed_at) FROM passing AS p WHERE p.commission = :commission),
    (SELECT c.due <= :now::timestamptz FROM commission AS c WHERE c.commission = :commission)
) AS revision;

-- name: commissions(stage, holder, place, before, at_most)
-- Commissions, first what is due first, what is not due at all newest first, from the one after the given place on.
SELECT
    commission, stage, holder, since, due, craft, craft_version, customer, needed_by, submitted_at, withdrawn_at, outcome,
    ended_at
FROM commission
WHERE
    (:stage::text IS NULL OR stage = :stage::text)
    AND (:holder::text IS NULL OR holder = :holder::text)
    AND (
        :place::timestamptz IS NULL
        OR coalesce(due, '9999-12-31T00:00:00Z') > :place::timestamptz
        OR (coalesce(due, '9999-12-31T00:00:00Z') = :place::timestamptz AND commission < :before::uuid)
    )
ORDER BY coalesce(due, '9999-12-31T00:00:00Z'), commission DESC
LIMIT :at_most;

-- name: commission(commission)^
-- One commission.
SELECT
    commission, stage, holder, since, due, craft, craft_version, customer, needed_by, submitted_at, withdrawn_at, outcome,
    ended_at
FROM commission
WHERE commission = :commission;

-- name: counts(now)^
-- How many commissions are late, under way and ended.
SELECT
    count(*) FILTER (WHERE due <= :now::timestamptz) AS late,
    count(*) FILTER (WHERE ended_at IS NULL) AS under_way,
    count(*) FILTER (WHERE ended_at IS NOT NULL) AS ended
FROM commission;

-- name: happenings(commission)
-- What happened to a commission, oldest first, with what the bridge did about it.
SELECT h.topic, h.version, h.type, h.at, h.detail::text AS detail, p.passed
FROM happening AS h
LEFT JOIN passing AS p ON p.commission = h.commission AND p.topic = h.topic AND p.version = h.version
WHERE h.commission = :commission
ORDER BY h.at, h.topic, h.version;

-- name: life(commission)^
-- What is known of a commission's workflow.
SELECT commission, ended_at, counted::text AS counted, lost_at FROM life WHERE commission = :commission;

-- name: add_ops_action(action, commission, what, person, at)!
-- Writes down who had a workflow do something.
INSERT INTO ops_action (action, commission, what, person, at) VALUES (:action, :commission, :what, :person, :at)
ON CONFLICT (action) DO NOTHING;
