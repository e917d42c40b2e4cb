-- name: keep(topics, keys, own)!
-- Remembers that these keys were erased; those that are known stay as they are.
INSERT INTO erased_key (topic, key, own, erased_at)
SELECT erased.topic, erased.key, :own, now()
FROM unnest(:topics::text[], :keys::uuid[]) AS erased (topic, key)
ORDER BY erased.topic, erased.key
ON CONFLICT (topic, key, own) DO NOTHING;

-- name: file(at_most)
-- Marks keys that are not in the file yet as filed, and returns them: they are there before this is committed.
UPDATE erased_key AS e SET filed_at = now()
FROM (
    SELECT topic, key, own FROM erased_key WHERE filed_at IS NULL LIMIT :at_most FOR UPDATE SKIP LOCKED
) AS unfiled
WHERE e.topic = unfiled.topic AND e.key = unfiled.key AND e.own = unfiled.own
RETURNING e.topic, e.key, e.own, e.erased_at;

-- name: unknown(topics, keys, owns)
-- Of these keys those that this database does not know to be erased, by their place in the list, from 1.
SELECT asked.place
FROM unnest(:topics::text[], :keys::uuid[], :owns::boolean[]) WITH ORDINALITY AS asked (topic, key, own, place)
WHERE NOT EXISTS (
    SELECT 1 FROM erased_key AS e WHERE e.topic = asked.topic AND e.key = asked.key AND e.own = asked.own
)
ORDER BY asked.place;

-- name: repeat(repeats, before, at_most)
-- Counts one more repetition of the tombstones of this service that are due for it, and returns their keys.
UPDATE erased_key AS e SET repeats = e.repeats + 1
FROM (
    SELECT topic, key FROM erased_key
    WHERE own AND repeats = :repeats AND erased_at <= :before::timestamptz
    ORDER BY erased_at LIMIT :at_most FOR UPDATE SKIP LOCKED
) AS due
WHERE e.own AND e.topic = due.topic AND e.key = due.key
RETURNING e.topic, e.key;

-- name: forget_answers(about)!
-- Deletes the answers that requests about these got: they may have words in them, and are kept for two days.
DELETE FROM idempotency WHERE scope LIKE ANY(:about::text []) OR answer::text LIKE ANY(:about::text []);
