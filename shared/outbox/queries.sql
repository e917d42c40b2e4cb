-- name: waiting(in_flight, at_most)
-- The rows to send next, in order: all that this snapshot sees, but for those that are being sent just now.
SELECT position, topic, key, version, id, type, source, at, data::text AS data, traceparent
FROM outbox
WHERE position <> ALL(:in_flight::bigint[])
ORDER BY position
LIMIT :at_most;

-- name: forget(positions, at_most)
-- Deletes what Kafka has acknowledged. Gives the rows to send next, as `waiting` does.
WITH acknowledged AS (DELETE FROM outbox WHERE position = ANY(:positions::bigint[]))
SELECT position, topic, key, version, id, type, source, at, data::text AS data, traceparent
FROM outbox
WHERE position <> ALL(:positions::bigint[])
ORDER BY position
LIMIT :at_most;

-- name: depth(at_most)^
-- How many rows wait (counted up to a limit) and for how many seconds the first of them has.
SELECT
    (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT :at_most) AS counted) AS rows_waiting,
    coalesce((SELECT extract(EPOCH FROM now() - at)::float8 FROM outbox ORDER BY position LIMIT 1), 0) AS oldest_seconds;

-- name: lead(lock)$
-- Takes the lock of the one relay that works, for as long as this session lives; false if another one has it.
SELECT pg_try_advisory_lock(:lock);
