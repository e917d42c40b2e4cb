-- name: open_journal(piece, commission, serial)!
-- Opens the journal of a piece under this serial.
INSERT INTO journal (piece, commission, serial) VALUES (:piece, :commission, :serial);

-- name: add_entry(piece, sequence, at, entry, by_person, said, previous, digest)!
-- Adds an entry at the end of a journal whose lock is held.
WITH moved AS (
    UPDATE journal SET entries = :sequence, last_digest = :digest WHERE piece = :piece
)
INSERT INTO journal_entry (piece, sequence, at, entry, by_person, said, previous, digest)
VALUES (:piece, :sequence, :at, :entry, :by_person, :said, :previous, :digest);

-- name: journal_of(piece)^
-- The head of a piece's journal.
SELECT piece, commission, serial, entries, last_digest FROM journal WHERE piece = :piece;

-- name: journal_under(serial)^
-- The head of the journal that has this serial.
SELECT piece, commission, serial, entries, last_digest FROM journal WHERE serial = :serial;

-- name: entries(piece)
-- All entries of a journal in the order of their numbers.
SELECT e.sequence, e.at, e.entry, e.by_person AS by, e.said, e.previous, e.digest
FROM journal_entry AS e WHERE e.piece = :piece ORDER BY e.sequence;

-- name: lock_journal(piece)^
-- The head of a piece's journal, whose lock is held until the commit.
SELECT piece, commission, serial, entries, last_digest FROM journal WHERE piece = :piece FOR UPDATE;

-- name: activity(commission)^
-- When a maker last did anything at a commission's piece, or another one was given it, and the day that its next stage is planned
-- for, if it has not begun. What the studio enters besides is no sign of the maker's.
SELECT
    (
        SELECT max(e.at) FROM journal_entry AS e
        WHERE e.piece = j.piece
            AND (e.entry = 'another_maker' OR EXISTS (SELECT FROM maker AS m WHERE m.maker = e.by_person))
    ) AS seen_at,
    (SELECT t.starts_on FROM task AS t WHERE t.piece = j.piece AND t.state = 'ready') AS next_on
FROM journal AS j
WHERE j.commission = :commission;

-- name: certificate(piece)^
-- The certificate of a piece as it is stored, if it was issued.
SELECT text, signature FROM certificate WHERE piece = :piece;

-- name: certificates_of(customer)
-- The serials of the certificates of somebody's pieces.
SELECT j.serial
FROM certificate AS t
INNER JOIN journal AS j ON j.piece = t.piece
INNER JOIN customer AS c ON c.commission = j.commission
WHERE c.customer = :customer
ORDER BY j.serial;

-- name: add_certificate(piece, text, signature)!
-- Keeps a certificate for good.
INSERT INTO certificate (piece, text, signature) VALUES (:piece, :text, :signature);

-- name: piece_of_commission(commission)$
-- The piece of a commission, by its journal.
SELECT piece FROM journal WHERE commission = :commission;
