-- name: taken(bench, since)
-- The minutes of a bench that are held from a day on.
SELECT day, lower(minutes) AS begin_minute, upper(minutes) AS end_minute
FROM held_hours WHERE bench = :bench AND day >= :since;

-- name: current_promise(commission)^
-- The promise of a commission that was not released.
SELECT promise, maker, ready_by, ready_by_p50, held_until, state
FROM promise WHERE commission = :commission AND state <> 'released'
LIMIT 1;

-- name: add_promise(promise, commission, maker, craft, offering, offering_version, hands_on_minutes, begins_on, ready_by, ready_by_p50, needed_by, held_at, held_until)!
-- Adds a held promise.
INSERT INTO promise (
    promise, commission, maker, craft, offering, offering_version, hands_on_minutes, begins_on, ready_by, ready_by_p50,
    needed_by, held_at, held_until
)
VALUES (
    :promise, :commission, :maker, :craft, :offering, :offering_version, :hands_on_minutes, :begins_on, :ready_by,
    :ready_by_p50, :needed_by, :held_at, :held_until
);

-- name: hold_hours(promise, bench, stages, days, begins, ends)!
-- Holds minutes of a bench for a promise, given as four arrays of equal length.
INSERT INTO held_hours (promise, bench, stage, day, minutes)
SELECT :promise, :bench, h.stage, h.day, int4range(h.begins, h.ends)
FROM unnest(:stages::text [], :days::date [], :begins::integer [], :ends::integer []) AS h (stage, day, begins, ends);

-- name: lock_promise(promise, commission)^
-- Takes the lock of a commission's promise until the commit.
SELECT
    promise, commission, maker, craft, offering, offering_version, state, hands_on_minutes, begins_on, ready_by,
    ready_by_p50, needed_by, held_at, held_until, released_at, release_reason
FROM promise WHERE promise = :promise AND commission = :commission FOR UPDATE;

-- name: promised(commission)$
-- Whether anything was ever promised to this commission.
SELECT EXISTS (SELECT 1 FROM promise WHERE commission = :commission) AS known;

-- name: extend(promise, held_until)$
-- Holds a promise for longer; returns its id, or nothing if it is not held, or for as long already.
UPDATE promise SET held_until = :held_until
WHERE promise = :promise AND state = 'held' AND held_until < :held_until
RETURNING promise;

-- name: move(promise, state, maker, begins_on, ready_by, ready_by_p50)!
-- Saves a promise's state, maker and days.
UPDATE promise SET state = :state, maker = :maker, begins_on = :begins_on, ready_by = :ready_by,
    ready_by_p50 = :ready_by_p50
WHERE promise = :promise;

-- name: finish(promise, state)!
-- Records that a booked promise was kept, or will not be.
UPDATE promise SET state = :state WHERE promise = :promise;

-- name: free_hours(promise, stages, since)!
-- Gives back the hours from a day on that a promise holds for these stages; all days where none is given.
DELETE FROM held_hours
WHERE promise = :promise AND stage = any(:stages::text []) AND (:since::date IS NULL OR day >= :since::date);

-- name: free_all_hours(promise)!
-- Gives back every hour that a promise holds.
DELETE FROM held_hours WHERE promise = :promise;

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

-- name: promises(maker, state, before, before_promise, at_most)
-- Promises of this maker, or of all, in this state, or in any, newest first, from the one after the given place on.
SELECT
    p.promise, p.commission, p.maker, p.craft, p.offering, p.offering_version, p.state, p.hands_on_minutes, p.begins_on,
    p.ready_by, p.ready_by_p50,
    p.needed_by, p.held_at, p.held_until, p.released_at, p.release_reason, w.withdrawn_at
FROM promise AS p
LEFT JOIN withdrawal AS w ON w.commission = p.commission
WHERE (:maker::uuid IS NULL OR p.maker = :maker::uuid)
AND (:state::text IS NULL OR p.state = :state::text)
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
-- A short text that changes whenever any promise does, or what names a held one.
SELECT concat_ws(
    '/', count(*), count(*) FILTER (WHERE p.state = 'held'), max(p.held_at), max(p.released_at),
    (SELECT count(*) FROM withdrawal),
    (
        SELECT concat_ws('/', sum(n.version), count(n.name), count(b.answers))
        FROM promise AS h
        LEFT JOIN customer AS c ON c.commission = h.commission
        LEFT JOIN customer_name AS n ON n.person = c.customer
        LEFT JOIN brief AS b ON b.commission = h.commission
        WHERE h.state = 'held'
    )
) AS revision
FROM promise AS p;
