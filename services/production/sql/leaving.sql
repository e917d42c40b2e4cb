-- name: erase_notes(customer)
-- Forgets what makers noted for this customer; returns the notes that had words.
UPDATE note AS n SET body = NULL
FROM task AS t
INNER JOIN piece AS p ON p.piece = t.piece
INNER JOIN customer AS c ON c.commission = p.commission
WHERE c.customer = :customer AND n.task = t.task AND n.body IS NOT NULL
RETURNING n.note;

-- name: erase_photos(customer)!
-- Deletes the photos of this customer's pieces, but for those that a certificate shows to everybody; what was not published yet never is.
DELETE FROM bench_photo AS b
USING customer AS c
WHERE c.customer = :customer AND b.commission = c.commission AND (NOT b.public OR b.published_at IS NULL);

-- name: erase_read_marks(person)!
-- Forgets up to when somebody has read.
DELETE FROM message_read WHERE person = :person;

-- name: commissions_of(customer)
-- The commissions of a customer.
SELECT commission FROM customer WHERE customer = :customer;

-- name: erase_mishap_words(customer)!
-- Forgets what makers wrote about mishaps of this customer's pieces.
UPDATE mishap AS m SET words = NULL
FROM task AS t
INNER JOIN piece AS p ON p.piece = t.piece
INNER JOIN customer AS c ON c.commission = p.commission
WHERE c.customer = :customer AND m.task = t.task AND m.words IS NOT NULL;
