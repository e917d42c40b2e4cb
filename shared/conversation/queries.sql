-- name: record_message(message, commission, author, author_role, body, images, written_at)!
-- Keeps a message; one that is here stays as it is, an erased one too.
INSERT INTO message (message, commission, author, author_role, body, images, written_at)
VALUES (:message, :commission, :author, :author_role, :body, :images, :written_at)
ON CONFLICT (message) DO NOTHING;

-- name: erase_message(message)$
-- Forgets the words of a message and which pictures came with it; says about which commission it was.
UPDATE message SET body = NULL, images = '{}' WHERE message = :message RETURNING commission;

-- name: record_read(commission, person, role, read_until)!
-- Keeps up to when somebody has read; an older mark changes nothing.
INSERT INTO message_read AS r (commission, person, role, read_until)
VALUES (:commission, :person, :role, :read_until)
ON CONFLICT (commission, person) DO UPDATE SET
    read_until = excluded.read_until, position = nextval('conversation_position')
WHERE r.read_until < excluded.read_until;

-- name: messages(commission, at_most)
-- The newest messages about a commission, newest first.
SELECT
    m.message AS text, m.commission, m.author, m.author_role, m.body, m.images, m.written_at
FROM message AS m
WHERE m.commission = :commission
ORDER BY m.written_at DESC, m.message DESC
LIMIT :at_most;

-- name: message_count(commission)$
-- How many messages there are about a commission.
SELECT count(*) AS messages FROM message WHERE commission = :commission;

-- name: unread(person, commissions)
-- How many messages of others somebody has not read, for each of these commissions that has any.
SELECT m.commission, count(*)::integer AS unread
FROM message AS m
LEFT JOIN message_read AS r ON r.commission = m.commission AND r.person = :person
WHERE m.commission = ANY(:commissions::uuid []) AND m.author <> :person
    AND (r.read_until IS NULL OR m.written_at > r.read_until)
GROUP BY m.commission;
