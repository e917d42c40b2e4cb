-- name: add_ops_action(action, commission, what, person, at, reason, detail, outcome, together)!
-- Writes down what somebody of ops asks for, before it is done; the first account of each stays.
INSERT INTO ops_action (action, commission, what, person, at, reason, detail, outcome, together)
VALUES (:action, :commission, :what, :person, :at, :reason, :detail::jsonb, :outcome, :together)
ON CONFLICT (action) DO NOTHING;

-- name: conclude_ops_action(action, outcome, problem, at)!
-- Writes down what came of it, once.
UPDATE ops_action SET outcome = :outcome, problem = :problem, concluded_at = :at
WHERE action = :action AND outcome = 'asked';

-- name: ops_action(action)^
-- One action of ops.
SELECT action, commission, what, person, at, reason, detail::text AS detail, outcome, problem, together
FROM ops_action
WHERE action = :action;

-- name: ops_actions_of(commission)
-- What ops did about a commission, oldest first.
SELECT action, commission, what, person, at, reason, detail::text AS detail, outcome, problem, together
FROM ops_action
WHERE commission = :commission
ORDER BY at, action;

-- name: ops_actions(what, outcome, commission, together, instant, before, at_most)
-- What ops did, newest first, from the one after the given place on.
SELECT action, commission, what, person, at, reason, detail::text AS detail, outcome, problem, together
FROM ops_action
WHERE
    (:what::text IS NULL OR what = :what::text)
    AND (:outcome::text IS NULL OR outcome = :outcome::text)
    AND (:commission::uuid IS NULL OR commission = :commission::uuid)
    AND (:together::uuid IS NULL OR together = :together::uuid)
    AND (
        :instant::timestamptz IS NULL
        OR at < :instant::timestamptz
        OR (at = :instant::timestamptz AND action < :before::uuid)
    )
ORDER BY at DESC, action DESC
LIMIT :at_most;
