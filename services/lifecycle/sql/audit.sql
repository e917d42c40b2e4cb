-- name: add_audit_entry(id, commission, action, person, at, reason, detail, outcome, bulk)$
-- Writes down what somebody of ops asks for, before it is done; an entry that exists stays as it is, and gives nothing.
INSERT INTO audit_entry (id, commission, action, person, at, reason, detail, outcome, bulk)
VALUES (:id, :commission, :action, :person, :at, :reason, :detail::jsonb, :outcome, :bulk)
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: conclude_audit_entry(id, outcome, problem, at)!
-- Records what came of it, once.
UPDATE audit_entry SET outcome = :outcome, problem = :problem, concluded_at = :at
WHERE id = :id AND outcome = 'asked';

-- name: audit_entry(id)^
-- One entry.
SELECT id, commission, action, person, at, reason, detail::text AS detail, outcome, problem, bulk
FROM audit_entry
WHERE id = :id;

-- name: audit_entries_of(commissions)
-- What ops did about these commissions, oldest first.
SELECT id, commission, action, person, at, reason, detail::text AS detail, outcome, problem, bulk
FROM audit_entry
WHERE commission = any(:commissions::uuid [])
ORDER BY at, id;

-- name: audit_entries(action, outcome, commission, bulk, instant, before, at_most)
-- What ops did, newest first, from the one after the given place on.
SELECT id, commission, action, person, at, reason, detail::text AS detail, outcome, problem, bulk
FROM audit_entry
WHERE
    (:action::text IS NULL OR action = :action::text)
    AND (:outcome::text IS NULL OR outcome = :outcome::text)
    AND (:commission::uuid IS NULL OR commission = :commission::uuid)
    AND (:bulk::uuid IS NULL OR bulk = :bulk::uuid)
    AND (
        :instant::timestamptz IS NULL
        OR at < :instant::timestamptz
        OR (at = :instant::timestamptz AND id < :before::uuid)
    )
ORDER BY at DESC, id DESC
LIMIT :at_most;
