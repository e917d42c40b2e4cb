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

-- name: note_request(commission, stage, holder, due, craft, offering, offering_version, customer, needed_by, submitted_at)!
-- A commission was asked for. Its workflow may have told of a stage before this fact came.
INSERT INTO commission (
    commission, stage, holder, since, due, craft, offering, offering_version, customer, needed_by, submitted_at
)
VALUES (
    :commission, :stage, :holder, :submitted_at, :due, :craft, :offering, :offering_version, :customer, :needed_by, :submitted_at
)
ON CONFLICT (commission) DO UPDATE SET
    craft = excluded.craft,
    offering = excluded.offering,
    offering_version = excluded.offering_version,
    customer = excluded.customer,
    needed_by = excluded.needed_by,
    submitted_at = excluded.submitted_at;

-- name: note_stage(commission, stage, holder, since, due, paused)!
-- A commission entered a stage. What was escalated about another stage or holder is settled by that.
INSERT INTO commission (commission, stage, holder, since, due, paused)
VALUES (:commission, :stage, :holder, :since, :due, :paused)
ON CONFLICT (commission) DO UPDATE SET
    stage = excluded.stage,
    holder = excluded.holder,
    since = excluded.since,
    due = excluded.due,
    paused = excluded.paused,
    escalation = CASE
        WHEN (commission.escalated_stage, commission.escalated_holder) = (excluded.stage, excluded.holder)
            THEN commission.escalation
    END,
    escalated_at = CASE
        WHEN (commission.escalated_stage, commission.escalated_holder) = (excluded.stage, excluded.holder)
            THEN commission.escalated_at
    END;

-- name: note_escalation(commission, stage, holder, reason, at)!
-- Ops should look at a commission.
INSERT INTO commission (
    commission, stage, holder, since, escalation, escalated_at, escalated_stage, escalated_holder
)
VALUES (:commission, :stage, :holder, :at, :reason, :at, :stage, :holder)
ON CONFLICT (commission) DO UPDATE SET
    escalation = excluded.escalation,
    escalated_at = excluded.escalated_at,
    escalated_stage = excluded.escalated_stage,
    escalated_holder = excluded.escalated_holder;

-- name: note_ready_by(commission, ready_by)!
-- Production promised a day, or another one.
UPDATE commission SET ready_by = :ready_by WHERE commission = :commission;

-- name: add_name(name, commission)!
-- A commission can be found by one more name.
INSERT INTO known_as (name, commission) VALUES (upper(:name), :commission) ON CONFLICT (name, commission) DO NOTHING;

-- name: begin_span(commission, version, stage, holder, paused, since)!
-- From now on somebody else holds the clock, or the same one at another stage.
INSERT INTO holder_span (commission, version, stage, holder, paused, since)
VALUES (:commission, :version, :stage, :holder, :paused, :since)
ON CONFLICT (commission, version) DO NOTHING;

-- name: join_spans(commission)!
-- Lets each span of a commission last until the next one begins, in whatever order they became known.
UPDATE holder_span SET until = next.since
FROM (
    SELECT s.version, lead(s.since) OVER (ORDER BY s.version) AS since FROM holder_span AS s WHERE s.commission = :commission
) AS next
WHERE
    holder_span.commission = :commission
    AND holder_span.version = next.version
    AND holder_span.until IS DISTINCT FROM next.since;

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
    paused = false,
    escalation = NULL,
    escalated_at = NULL,
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

-- name: room_revision(now, soon)$
-- A short text that changes whenever a commission does, and when one becomes late or is due soon.
SELECT
    concat_ws(
        '/',
        room.revision,
        (SELECT count(*) FROM commission AS c WHERE c.due <= :now::timestamptz),
        (SELECT count(*) FROM commission AS c WHERE c.due <= :soon::timestamptz)
    ) AS revision
FROM room;

-- name: story_revision(commission, now)$
-- The same for one commission, with what the bridge and ops did.
SELECT concat_ws(
    '/',
    (SELECT count(*) FROM happening AS h WHERE h.commission = :commission),
    (SELECT max(p.passed_at) FROM passing AS p WHERE p.commission = :commission),
    (SELECT count(*) FROM ops_action AS a WHERE a.commission = :commission),
    (SELECT max(a.concluded_at) FROM ops_action AS a WHERE a.commission = :commission),
    (SELECT c.due <= :now::timestamptz FROM commission AS c WHERE c.commission = :commission)
) AS revision;

-- name: commissions(stage, holder, offering, risk, ending, name, offerings, now, soon, place, before, at_most)
-- Commissions of this kind, first what wants somebody's eye first, from the one after the given place on.
SELECT
    l.commission, l.stage, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering, l.offering_version,
    l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at
FROM listed AS l
WHERE
    (:stage::text IS NULL OR l.stage = :stage::text)
    AND (:holder::text IS NULL OR l.holder = :holder::text)
    AND (:offering::text IS NULL OR l.craft || '/' || l.offering = :offering::text)
    AND CASE :risk::text
        WHEN 'late' THEN l.due <= :now::timestamptz AND NOT l.paused
        WHEN 'escalated' THEN l.escalation IS NOT NULL AND NOT l.paused
        WHEN 'soon' THEN l.due > :now::timestamptz AND l.due <= :soon::timestamptz AND NOT l.paused
        WHEN 'paused' THEN l.paused
        WHEN 'none' THEN
            l.ended_at IS NULL AND NOT l.paused AND l.escalation IS NULL AND (l.due IS NULL OR l.due > :soon::timestamptz)
        ELSE true
    END
    AND (
        :name::text IS NULL
        OR replace(l.commission::text, '-', '') LIKE '%' || :ending::text
        OR l.craft || '/' || l.offering = any(:offerings::text [])
        OR EXISTS (SELECT FROM known_as AS k WHERE k.commission = l.commission AND k.name = upper(:name::text))
    )
    AND (
        :place::timestamptz IS NULL
        OR l.place > :place::timestamptz
        OR (l.place = :place::timestamptz AND l.commission < :before::uuid)
    )
ORDER BY l.place, l.commission DESC
LIMIT :at_most;

-- name: commission(commission)^
-- One commission.
SELECT
    commission, stage, holder, since, due, paused, escalation, escalated_at, craft, offering, offering_version, customer, needed_by,
    ready_by, submitted_at, withdrawn_at, outcome, ended_at
FROM commission
WHERE commission = :commission;

-- name: offerings()
-- The offerings that there are commissions of, each in its newest version here.
SELECT craft, offering, max(offering_version) AS version
FROM commission
WHERE craft IS NOT NULL
GROUP BY craft, offering
ORDER BY craft, offering;

-- name: counts(now, soon)^
-- How many commissions there are of each kind.
SELECT
    count(*) FILTER (WHERE due <= :now::timestamptz AND NOT paused) AS late,
    count(*) FILTER (WHERE escalation IS NOT NULL AND NOT paused) AS escalated,
    count(*) FILTER (WHERE due > :now::timestamptz AND due <= :soon::timestamptz AND NOT paused) AS soon,
    count(*) FILTER (WHERE paused) AS paused,
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

