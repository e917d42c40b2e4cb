-- name: keep_text(text, commission, author, author_role, subject, body, written_at, images)!
-- Keeps what somebody wrote; one that is here stays as it is, an erased one too.
INSERT INTO commission_text (text, commission, author, author_role, subject, body, written_at, images)
VALUES (:text, :commission, :author, :author_role, :subject, :body, :written_at, :images)
ON CONFLICT (text) DO NOTHING;

-- name: attach_images(images, owner, commission, message)
-- Gives pictures that wait for a form of this person to their message; returns those that did.
UPDATE image SET commission = :commission, message = :message
WHERE image = ANY(:images::uuid []) AND owner = :owner AND commission IS NULL
RETURNING image;

-- name: erase_text(text)$
-- Forgets what was written and the pictures that came with it, and says about which commission it was.
WITH pictures AS (
    DELETE FROM image WHERE message = :text
)
UPDATE commission_text SET body = NULL, images = '{}' WHERE text = :text RETURNING commission;

-- name: texts(commission)
-- What was written about a commission, oldest first, with the names of those whom intake knows.
SELECT
    w.text, w.commission, w.author, w.author_role, w.subject, w.body, w.written_at, w.images, nullif(p.name, '') AS author_name
FROM commission_text AS w
LEFT JOIN person AS p ON p.person = w.author
WHERE w.commission = :commission
ORDER BY w.written_at, w.text;

-- name: written_lately(commission, author, since)$
-- How many messages somebody has written about a commission since then.
SELECT count(*) AS written FROM commission_text
WHERE commission = :commission AND author = :author AND subject = 'message' AND written_at > :since;

-- name: unread(commission, person)$
-- How many messages of others somebody has not read yet.
SELECT count(*) AS unread FROM commission_text AS w
WHERE w.commission = :commission AND w.subject = 'message' AND w.author <> :person
    AND w.written_at > coalesce(
        (SELECT r.read_until FROM message_read AS r WHERE r.commission = :commission AND r.person = :person),
        '-infinity'::timestamptz
    );

-- name: mark_read(commission, person)$
-- Remembers that somebody has read all that others wrote so far; returns up to when, if that is news.
INSERT INTO message_read AS r (commission, person, read_until)
SELECT :commission, :person, max(w.written_at) FROM commission_text AS w
WHERE w.commission = :commission AND w.subject = 'message' AND w.author <> :person
HAVING count(*) > 0
ON CONFLICT (commission, person) DO UPDATE SET read_until = excluded.read_until
WHERE r.read_until < excluded.read_until
RETURNING read_until;

-- name: add_approval(approval, commission, gate, brief_version, asked_at)!
-- Opens an approval.
INSERT INTO approval (approval, commission, gate, brief_version, state, asked_at)
VALUES (:approval, :commission, :gate, :brief_version, 'open', :asked_at);

-- name: approvals(commissions)
-- Every approval of these commissions, oldest first.
SELECT approval, commission, gate, brief_version, state, asked_at, ended_at, text
FROM approval WHERE commission = ANY(:commissions::uuid [])
ORDER BY asked_at, approval;

-- name: save_approval(approval, brief_version, state, ended_at, text)!
-- Writes how an approval was decided.
UPDATE approval SET brief_version = :brief_version, state = :state, ended_at = :ended_at, text = :text
WHERE approval = :approval;

-- name: add_cancellation(cancellation, commission, owed_percent, reason, asked_at)!
-- Writes down that the customer wants to cancel.
INSERT INTO cancellation (cancellation, commission, owed_percent, reason, state, asked_at)
VALUES (:cancellation, :commission, :owed_percent, :reason, 'asked', :asked_at);

-- name: cancellations(commissions)
-- Every cancellation that was asked for of these commissions, oldest first.
SELECT cancellation, commission, owed_percent, reason, state, asked_at, refusal, refused_percent, ended_at
FROM cancellation WHERE commission = ANY(:commissions::uuid [])
ORDER BY asked_at, cancellation;

-- name: save_cancellation(cancellation, state, refusal, refused_percent, ended_at)!
-- Writes how a cancellation was answered.
UPDATE cancellation
SET state = :state, refusal = :refusal, refused_percent = :refused_percent, ended_at = :ended_at
WHERE cancellation = :cancellation;

-- name: add_claim(claim, commission, kind, text, made_at, answer_by)!
-- Writes down that something is wrong with a piece.
INSERT INTO claim (claim, commission, kind, text, made_at, answer_by)
VALUES (:claim, :commission, :kind, :text, :made_at, :answer_by);

-- name: claims(commissions)
-- Every claim that was made about these commissions, oldest first.
SELECT claim, commission, kind, text, made_at, answer_by
FROM claim WHERE commission = ANY(:commissions::uuid [])
ORDER BY made_at, claim;

-- name: add_contract_withdrawal(commission, withdrawn_at, arrived)!
-- Writes down that the customer withdrew from the contract.
INSERT INTO contract_withdrawal (commission, withdrawn_at, arrived) VALUES (:commission, :withdrawn_at, :arrived);

-- name: contract_withdrawal(commission)^
-- That the customer withdrew from the contract, if they did.
SELECT commission, withdrawn_at, arrived FROM contract_withdrawal WHERE commission = :commission;

-- name: add_request_refusal(commission, reason, text, refused_at)!
-- Writes down that the studio does not take a request.
INSERT INTO request_refusal (commission, reason, text, refused_at) VALUES (:commission, :reason, :text, :refused_at);

-- name: request_refusal(commission)^
-- That the studio does not take a request, if it does not.
SELECT commission, reason, text, refused_at FROM request_refusal WHERE commission = :commission;

-- name: end_what_is_open(commission, at)!
-- Ends the approvals and the cancellation of a commission that nobody will answer any more.
WITH approvals AS (
    UPDATE approval SET state = 'withdrawn', ended_at = :at WHERE commission = :commission AND state = 'open'
)
UPDATE cancellation SET state = 'closed', ended_at = :at WHERE commission = :commission AND state = 'asked';
