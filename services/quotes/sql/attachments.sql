-- name: want(paper, account, reference, at)!
-- Lets a paper be set and published, for its mail.
INSERT INTO attachment (paper, account, reference, wanted_at, next_at)
VALUES (:paper, :account::jsonb, :reference, :at, :at);

-- name: take_next(now, wanted_after, until)^
-- The paper that has waited for longest and whose customer's name is known, for the caller alone until then.
UPDATE attachment AS t SET next_at = :until, tries = t.tries + 1
FROM paper AS p
WHERE p.paper = t.paper AND t.paper = (
    SELECT a.paper FROM attachment AS a INNER JOIN paper AS w ON w.paper = a.paper
    WHERE a.published_at IS NULL AND a.next_at <= :now AND a.wanted_at > :wanted_after AND w.customer_name <> ''
    ORDER BY a.next_at LIMIT 1
    FOR UPDATE OF a SKIP LOCKED
)
RETURNING
    p.paper, p.commission, p.customer, p.kind, p.file_name, p.customer_name, p.says::text, p.pdf, t.account::text, t.reference;

-- name: publish(paper, at)$
-- Marks a paper as published; nothing if somebody else has, or its customer was erased.
UPDATE attachment SET published_at = :at WHERE paper = :paper AND published_at IS NULL
RETURNING paper;

-- name: erase(person)
-- Lets go of somebody's papers that were published for mails, and of those that were going to be.
DELETE FROM attachment AS a USING paper AS p WHERE p.paper = a.paper AND p.customer = :person
RETURNING a.paper, a.published_at IS NOT NULL AS published;
