-- name: record_question(question, commission, body, asked_at)!
-- Keeps a question on a quote; one that is here with its words stays as it is.
INSERT INTO question AS q (question, commission, body, asked_at) VALUES (:question, :commission, :body, :asked_at)
ON CONFLICT (question) DO UPDATE SET body = excluded.body, asked_at = excluded.asked_at WHERE q.asked_at IS NULL;

-- name: record_answer(question, commission, answered_at)!
-- A question was answered; it may not be here yet.
INSERT INTO question (question, commission, answered_at) VALUES (:question, :commission, :answered_at)
ON CONFLICT (question) DO UPDATE SET answered_at = excluded.answered_at;

-- name: erase_question(question)$
-- Forgets the words of a question, and says about which commission it was.
UPDATE question SET body = NULL WHERE question = :question RETURNING commission;

-- name: record_claim(claim, commission, kind, made_at, answer_by)!
-- Keeps a claim; its answer may be here already.
INSERT INTO claim AS l (claim, commission, kind, made_at, answer_by) VALUES (:claim, :commission, :kind, :made_at, :answer_by)
ON CONFLICT (claim) DO UPDATE
    SET kind = excluded.kind, made_at = excluded.made_at, answer_by = excluded.answer_by WHERE l.made_at IS NULL;

-- name: record_claim_answer(claim, commission, answered_at)!
-- A claim was answered; it may not be here yet.
INSERT INTO claim (claim, commission, answered_at) VALUES (:claim, :commission, :answered_at)
ON CONFLICT (claim) DO UPDATE SET answered_at = excluded.answered_at;

-- name: open_claims(commissions)
-- What is wrong with these commissions' pieces and was not answered, oldest first.
SELECT claim, commission, kind, made_at, answer_by FROM claim
WHERE commission = ANY(:commissions::uuid []) AND answered_at IS NULL AND made_at IS NOT NULL
ORDER BY made_at, claim;

-- name: hold_inbox(commissions)!
-- Lets one transaction at a time change what waits about these commissions. In a statement of its own: the next one sees what
-- the one before has committed.
SELECT pg_advisory_xact_lock(hashtextextended(u.commission::text, 2)) FROM unnest(:commissions::uuid []) AS u (commission);

-- name: settle_inbox(commission)!
-- Works out anew what waits about a commission: by instants, so that the order in which facts arrive does not matter. What nobody
-- waits for any more is nobody's; a message that was erased asks nothing.
WITH known AS (
    SELECT
        coalesce((SELECT i.done_until FROM inbox AS i WHERE i.commission = :commission), '-infinity') AS done,
        coalesce(
            (SELECT max(r.read_until) FROM message_read AS r WHERE r.commission = :commission AND r.role = 'ops'), '-infinity'
        ) AS seen,
        coalesce(
            (SELECT max(m.written_at) FROM message AS m WHERE m.commission = :commission AND m.author_role = 'ops'), '-infinity'
        ) AS written,
        coalesce(
            (SELECT max(m.written_at) FROM message AS m WHERE m.commission = :commission AND m.author_role <> 'customer'),
            '-infinity'
        ) AS answered
),

waiting AS (
    SELECT
        (
            SELECT min(m.written_at) FROM message AS m
            WHERE m.commission = :commission AND m.author_role = 'customer' AND m.body IS NOT NULL
                AND m.written_at > greatest(k.answered, k.done)
        ) AS unanswered_since,
        (
            SELECT min(m.written_at) FROM message AS m
            WHERE m.commission = :commission AND m.author_role <> 'ops' AND m.body IS NOT NULL
                AND m.written_at > greatest(k.seen, k.written, k.done)
        ) AS unread_since,
        (
            SELECT min(q.asked_at) FROM question AS q
            WHERE q.commission = :commission AND q.answered_at IS NULL
                AND NOT EXISTS (SELECT FROM commission AS c WHERE c.commission = :commission AND c.ended_at IS NOT NULL)
        ) AS question_since,
        (
            SELECT min(l.made_at) FROM claim AS l WHERE l.commission = :commission AND l.answered_at IS NULL
        ) AS claim_since
    FROM known AS k
),

settled AS (
    INSERT INTO inbox AS i (commission, unanswered_since, unread_since, question_since, claim_since)
    SELECT :commission, w.unanswered_since, w.unread_since, w.question_since, w.claim_since FROM waiting AS w
    ON CONFLICT (commission) DO UPDATE SET
        unanswered_since = excluded.unanswered_since,
        unread_since = excluded.unread_since,
        question_since = excluded.question_since,
        claim_since = excluded.claim_since,
        taken_by = CASE
            WHEN coalesce(
                excluded.unanswered_since, excluded.unread_since, excluded.question_since, excluded.claim_since
            ) IS NOT NULL THEN i.taken_by
        END,
        taken_at = CASE
            WHEN coalesce(
                excluded.unanswered_since, excluded.unread_since, excluded.question_since, excluded.claim_since
            ) IS NOT NULL THEN i.taken_at
        END
    RETURNING unanswered_since, question_since, claim_since, taken_by
)

UPDATE commission SET written_since = CASE
    WHEN s.taken_by IS NULL THEN least(s.unanswered_since, s.question_since, s.claim_since)
END
FROM settled AS s
WHERE commission.commission = :commission;

-- name: take(commission, person, at)$
-- Somebody of the studio sees to what waits about a commission; nothing where nothing waits, or they do so already.
UPDATE inbox SET taken_by = :person, taken_at = :at
WHERE commission = :commission AND waits_since IS NOT NULL AND taken_by IS DISTINCT FROM :person
RETURNING commission;

-- name: give_back(commission)$
-- Nobody in particular sees to it any more; nothing where nobody did.
UPDATE inbox SET taken_by = NULL, taken_at = NULL
WHERE commission = :commission AND taken_by IS NOT NULL
RETURNING commission;

-- name: finish(commission)$
-- What was written so far needs no answer; nothing where nothing waits.
UPDATE inbox SET done_until = (SELECT max(m.written_at) FROM message AS m WHERE m.commission = :commission)
WHERE commission = :commission AND (unanswered_since IS NOT NULL OR unread_since IS NOT NULL)
RETURNING commission;

-- name: waiting_count()$
-- How many confirmed commissions have something that waits.
SELECT count(*) AS waiting
FROM inbox AS i
INNER JOIN commission AS c ON c.commission = i.commission AND c.submitted_at IS NOT NULL
WHERE i.waits_since IS NOT NULL;

-- name: entries(at_most)
-- What waits, the oldest first; nothing of a request that nobody has confirmed.
SELECT i.commission, i.waits_since, i.unanswered_since, i.unread_since, i.question_since, i.claim_since,
    i.taken_by, i.taken_at
FROM inbox AS i
INNER JOIN commission AS c ON c.commission = i.commission AND c.submitted_at IS NOT NULL
WHERE i.waits_since IS NOT NULL
ORDER BY i.waits_since, i.commission
LIMIT :at_most;

-- name: newest_messages(commissions, at_most)
-- The newest messages about each of these commissions, oldest first.
SELECT m.text, m.commission, m.author, m.author_role, m.body, m.images, m.written_at, p.name AS author_name
FROM unnest(:commissions::uuid []) AS u (commission)
CROSS JOIN LATERAL (
    SELECT n.message AS text, n.commission, n.author, n.author_role, n.body, n.images, n.written_at
    FROM message AS n
    WHERE n.commission = u.commission
    ORDER BY n.written_at DESC, n.message DESC
    LIMIT :at_most
) AS m
LEFT JOIN person AS p ON p.person = m.author
ORDER BY m.commission, m.written_at, m.text;

-- name: open_questions(commissions)
-- The questions about these commissions that nobody has answered, oldest first.
SELECT q.question, q.commission, q.body, q.asked_at
FROM question AS q
WHERE q.commission = ANY(:commissions::uuid []) AND q.answered_at IS NULL AND q.asked_at IS NOT NULL
ORDER BY q.asked_at, q.question;
