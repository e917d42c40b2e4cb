-- name: lock_bench()^
-- Takes the lock of the first bench until the commit, so that hours are planned by one at a time.
SELECT maker, bench FROM maker ORDER BY bench LIMIT 1 FOR UPDATE;

-- name: taken(bench, since)
-- The minutes of a bench that are held from a day on.
SELECT day, lower(minutes) AS begin_minute, upper(minutes) AS end_minute
FROM held_hours WHERE bench = :bench AND day >= :since;

-- name: held_promise(commission)^
-- The promise that a commission holds.
SELECT promise, maker, ready_by, held_until FROM promise WHERE commission = :commission AND state = 'held';

-- name: add_promise(promise, commission, maker, craft, craft_version, hands_on_minutes, begins_on, ready_by, needed_by, held_at, held_until)!
-- Adds a held promise.
INSERT INTO promise (
    promise, commission, maker, craft, craft_version, hands_on_minutes, begins_on, ready_by, needed_by, held_at, held_until
)
VALUES (
    :promise, :commission, :maker, :craft, :craft_version, :hands_on_minutes, :begins_on, :ready_by, :needed_by, :held_at,
    :held_until
);

-- name: hold_hours(promise, bench, stages, days, begins, ends)!
-- Holds minutes of a bench for a promise, given as four arrays of equal length.
INSERT INTO held_hours (promise, bench, stage, day, minutes)
SELECT :promise, :bench, h.stage, h.day, int4range(h.begins, h.ends)
FROM unnest(:stages::text [], :days::date [], :begins::integer [], :ends::integer []) AS h (stage, day, begins, ends);

-- name: promise_known(promise, commission)$
-- Whether this promise is this commission's.
SELECT EXISTS (SELECT 1 FROM promise WHERE promise = :promise AND commission = :commission) AS known;

-- name: release(promise, at, reason)$
-- Ends a held promise for good and frees its hours; returns its id, or nothing if it was not held any more.
WITH released AS (
    UPDATE promise SET state = 'released', released_at = :at, release_reason = :reason
    WHERE promise = :promise AND state = 'held'
    RETURNING promise
), freed AS (
    DELETE FROM held_hours WHERE promise IN (SELECT r.promise FROM released AS r)
)
SELECT promise FROM released;

-- name: record_withdrawal(commission, withdrawn_at)!
-- Remembers that a customer took a commission back.
INSERT INTO withdrawal (commission, withdrawn_at) VALUES (:commission, :withdrawn_at)
ON CONFLICT (commission) DO NOTHING;

-- name: promises(state, before, before_promise, at_most)
-- Promises in this state, or in any, newest first, from the one after the given place on.
SELECT
    p.promise, p.commission, p.maker, p.craft, p.craft_version, p.state, p.hands_on_minutes, p.begins_on, p.ready_by,
    p.needed_by, p.held_at, p.held_until, p.released_at, p.release_reason, w.withdrawn_at
FROM promise AS p
LEFT JOIN withdrawal AS w ON w.commission = p.commission
WHERE (:state::text IS NULL OR p.state = :state::text)
AND (:before::timestamptz IS NULL OR (p.held_at, p.promise) < (:before::timestamptz, :before_promise::uuid))
ORDER BY p.held_at DESC, p.promise DESC
LIMIT :at_most;

-- name: hours(promises)
-- The held hours of these promises in the order they come.
SELECT h.promise, h.stage, h.day, lower(h.minutes) AS begin_minute, upper(h.minutes) AS end_minute
FROM held_hours AS h
WHERE h.promise = any(:promises::uuid [])
ORDER BY h.promise, h.day, lower(h.minutes);

-- name: revision()$
-- A short text that changes whenever any promise does.
SELECT concat_ws(
    '/', count(*), count(*) FILTER (WHERE p.state = 'held'), max(p.held_at), max(p.released_at),
    (SELECT count(*) FROM withdrawal)
) AS revision
FROM promise AS p;
