-- name: claim_command(id, name)$
-- Take the command for this transaction: its id if nobody did it before. A copy that runs at the same time waits here
-- until the first one has committed (then nothing comes back) or has failed (then the claim is ours).
INSERT INTO command (id, name)
VALUES (:id, :name)
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: command_answer(id)^
-- What a command that was done before answered, as JSON text.
SELECT
    name,
    result::text AS result
FROM command
WHERE id = :id;

-- name: finish_command(id, result, at)!
-- Keep the answer beside what the command did, in the same transaction.
UPDATE command
SET result = :result::text::jsonb, done_at = :at
WHERE id = :id;
