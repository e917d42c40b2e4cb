-- name: known(inbox, topics, keys)
-- Of each asked key: the version that took effect last, and why its first open parked record waits, if one does.
SELECT
    asked.topic,
    asked.key,
    coalesce(mark.version, 0) AS version,
    head.reason AS parked_for
FROM unnest(:topics::text[], :keys::uuid[]) AS asked (topic, key)
LEFT JOIN inbox_mark AS mark ON mark.inbox = :inbox AND mark.topic = asked.topic AND mark.key = asked.key
LEFT JOIN LATERAL (
    SELECT parked.reason
    FROM parked
    WHERE
        parked.inbox = :inbox
        AND parked.topic = asked.topic
        AND parked.key = asked.key::text
        AND parked.state IN ('waiting', 'replay')
    ORDER BY parked.id
    LIMIT 1
) AS head ON true;

-- name: advance(inbox, topics, keys, befores, afters)$
-- Moves marks from what was seen to what is done, and counts them: one that somebody else moved meanwhile is left out.
WITH step AS (
    SELECT step.topic, step.key, step.before, step.after
    FROM unnest(:topics::text[], :keys::uuid[], :befores::bigint[], :afters::bigint[]) AS step (topic, key, before, after)
),
begun AS (
    INSERT INTO inbox_mark (inbox, topic, key, version)
    SELECT :inbox, step.topic, step.key, step.after FROM step WHERE step.before = 0 ORDER BY step.topic, step.key
    ON CONFLICT DO NOTHING
    RETURNING 1
),
moved AS (
    UPDATE inbox_mark AS mark SET version = step.after
    FROM step
    WHERE
        mark.inbox = :inbox
        AND mark.topic = step.topic
        AND mark.key = step.key
        AND mark.version = step.before
        AND step.before > 0
    RETURNING 1
)
SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM moved);

-- name: park(inbox, topic, partition, record_offset, key, version, headers, data, reason, detail)!
-- Parks a record until somebody decides; a record that is already parked stays as it is.
INSERT INTO parked (inbox, topic, partition, record_offset, key, version, headers, data, reason, detail)
VALUES (
    :inbox, :topic, :partition, :record_offset, :key, :version, :headers::jsonb, :data, :reason, :detail
)
ON CONFLICT (inbox, topic, partition, record_offset) DO NOTHING;

-- name: hold_telling()$
-- Whether nobody else tells the studio of a failed event until this transaction ends. Who finds it held does not wait: it is told.
SELECT pg_try_advisory_xact_lock(7106) AS held;

-- name: tell_of(inbox, topic, partition, record_offset)$
-- Writes down that the studio is told of a parked record, unless it was told of it, or of another within the hour.
UPDATE parked SET told_at = now()
WHERE inbox = :inbox AND topic = :topic AND partition = :partition AND record_offset = :record_offset AND told_at IS NULL
    AND NOT EXISTS (SELECT FROM parked AS o WHERE o.told_at > now() - interval '1 hour')
RETURNING id;

-- name: releasable(inbox)
-- The first open parked record of each key that may be tried: decided for, behind others only, or after a closed gap.
SELECT head.id
FROM (
    SELECT DISTINCT ON (parked.topic, parked.key)
        parked.id, parked.topic, parked.key, parked.version, parked.reason, parked.state
    FROM parked
    WHERE parked.inbox = :inbox AND parked.state IN ('waiting', 'replay')
    ORDER BY parked.topic, parked.key, parked.id
) AS head
WHERE
    CASE
        WHEN head.state = 'replay' OR head.reason = 'behind' THEN true
        WHEN head.reason = 'gap' THEN EXISTS (
            SELECT 1
            FROM inbox_mark AS mark
            WHERE
                mark.inbox = :inbox
                AND mark.topic = head.topic
                AND mark.key = head.key::uuid
                AND mark.version >= head.version - 1
        )
        ELSE false
    END
ORDER BY head.id;

-- name: take(id)^
-- One open parked record, locked; nothing if another process has it or it was decided meanwhile.
SELECT id, topic, partition, record_offset, key, headers::text AS headers, data, reason, state
FROM parked
WHERE id = :id AND state IN ('waiting', 'replay')
FOR UPDATE SKIP LOCKED;

-- name: release(id)!
-- A parked record took effect; one that nobody had to decide about is decided by this. Its data are in Kafka alone now.
UPDATE parked
SET
    state = 'replayed',
    data = NULL,
    decided_at = coalesce(decided_at, now()),
    decided_by = coalesce(decided_by, 'inbox')
WHERE id = :id;

-- name: keep(id, reason, detail)!
-- A parked record failed again, or a version before it is missing: it waits for another decision.
UPDATE parked
SET state = 'waiting', reason = :reason, detail = :detail, decided_at = NULL, decided_by = NULL, decision_note = NULL
WHERE id = :id;

-- name: parked(inbox, at_most)
-- What waits, in order of its parking; of all inboxes if none is named.
SELECT id, inbox, topic, partition, record_offset, key, version, reason, detail, state, parked_at
FROM parked
WHERE state IN ('waiting', 'replay') AND (:inbox::text IS NULL OR inbox = :inbox)
ORDER BY id
LIMIT :at_most;

-- name: first_of_its_key(id)^
-- The open record with which the key of this open record begins, locked.
SELECT head.id, head.inbox, head.topic, head.key, head.version, head.reason
FROM parked AS asked
INNER JOIN parked AS head
    ON head.inbox = asked.inbox AND head.topic = asked.topic AND head.key = asked.key
WHERE asked.id = :id AND asked.state IN ('waiting', 'replay') AND head.state IN ('waiting', 'replay')
ORDER BY head.id
LIMIT 1
FOR UPDATE OF head;

-- name: decide(id, state, decided_by, note)!
-- Writes down what somebody decided about a parked record, and why. The data of a dropped one are not kept.
UPDATE parked
SET
    state = :state,
    data = CASE WHEN :state = 'dropped' THEN NULL ELSE data END,
    decided_at = now(),
    decided_by = :decided_by,
    decision_note = :note
WHERE id = :id;

-- name: drop_erased(inbox, topic, key)!
-- Drops what is parked of a key that is erased, with its data.
UPDATE parked
SET state = 'dropped', data = NULL, decided_at = now(), decided_by = 'inbox', decision_note = 'erased'
WHERE inbox = :inbox AND topic = :topic AND key = :key AND state IN ('waiting', 'replay');

-- name: pass_over(inbox, topic, key, version)!
-- Moves a key's mark beyond a dropped record, so that the next one is not taken for a gap.
INSERT INTO inbox_mark AS mark (inbox, topic, key, version)
VALUES (:inbox, :topic, :key, :version)
ON CONFLICT (inbox, topic, key) DO UPDATE SET version = greatest(mark.version, excluded.version);

-- name: waiting_counts()
-- How many records wait of each inbox that has any.
SELECT inbox, count(*) AS waiting FROM parked WHERE state IN ('waiting', 'replay') GROUP BY inbox;

-- name: claim_instance(instance)$
-- Takes the name of a process among the copies of the service, for as long as this session lasts; false if another one has it.
SELECT pg_try_advisory_lock(hashtextextended('instance ' || :instance, 0));
