-- name: claim(scope, key, request_hash)^
-- Takes the key. A second caller waits here for the first one's transaction; if that committed, it gets its answer.
INSERT INTO idempotency (scope, key, request_hash)
VALUES (:scope, :key, :request_hash)
ON CONFLICT (scope, key) DO UPDATE SET key = excluded.key
RETURNING request_hash, status, answer;

-- name: finish(scope, key, status, answer)!
-- Keeps the answer beside the key, in the transaction that did the work.
UPDATE idempotency SET status = :status, answer = :answer WHERE scope = :scope AND key = :key;

-- name: forget(before)!
-- Takes away the keys that nobody repeats any more.
DELETE FROM idempotency WHERE created_at < :before;
