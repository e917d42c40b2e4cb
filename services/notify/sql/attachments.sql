-- name: record(document, customer, file_name, pdf, account, reference, now)!
-- Keeps a paper for its mail, unless its customer was erased; one that is here stays as it is.
INSERT INTO document (document, customer, file_name, pdf, account, reference, received_at)
SELECT :document, :customer, :file_name, :pdf, :account::jsonb, :reference, :now
WHERE NOT EXISTS (SELECT 1 FROM erased_person AS e WHERE e.person = :customer)
ON CONFLICT (document) DO NOTHING;

-- name: erase(document)!
-- Forgets a paper.
DELETE FROM document WHERE document = :document;

-- name: count(documents)$
-- How many of these papers have arrived.
SELECT count(*) FROM document WHERE document = ANY(:documents::uuid []);

-- name: papers(documents)
-- These papers, in the order in which they are named.
SELECT d.file_name, d.pdf
FROM unnest(:documents::uuid []) WITH ORDINALITY AS n (document, place)
INNER JOIN document AS d ON d.document = n.document
WHERE d.pdf IS NOT NULL
ORDER BY n.place;

-- name: transfer(document)^
-- Where an invoice is paid, and what the transfer says.
SELECT account::text, reference FROM document WHERE document = :document AND account IS NOT NULL;

-- name: drop_papers(before)$
-- Lets go of the papers that came before then; where an invoice is paid stays, for reminders. Some at once; how many.
WITH old AS (
    SELECT document FROM document WHERE pdf IS NOT NULL AND received_at < :before::timestamptz
    ORDER BY received_at LIMIT 500
    FOR UPDATE SKIP LOCKED
), dropped AS (
    UPDATE document AS d SET pdf = NULL FROM old AS o WHERE d.document = o.document
    RETURNING d.document
)
SELECT count(*) FROM dropped;
