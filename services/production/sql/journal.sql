-- name: open_journal(commission, serial)^
-- Takes the lock of a piece's journal until the commit, opening it under this serial if it is the first time; the serial it has, how many entries, and the digest of the last one.
INSERT INTO journal (commission, serial) VALUES (:commission, :serial)
ON CONFLICT (commission) DO UPDATE SET entries = journal.entries
RETURNING serial, entries, last_digest;

-- name: add_entry(commission, sequence, at, entry, by_person, said, previous, digest)!
-- Adds an entry at the end of a journal whose lock is held.
WITH moved AS (
    UPDATE journal SET entries = :sequence, last_digest = :digest WHERE commission = :commission
)
INSERT INTO journal_entry (commission, sequence, at, entry, by_person, said, previous, digest)
VALUES (:commission, :sequence, :at, :entry, :by_person, :said, :previous, :digest);

-- name: journal_of(commission)^
-- The head of a commission's journal.
SELECT commission, serial, entries, last_digest FROM journal WHERE commission = :commission;

-- name: journal_under(serial)^
-- The head of the journal that has this serial.
SELECT commission, serial, entries, last_digest FROM journal WHERE serial = :serial;

-- name: entries(commission)
-- All entries of a journal in the order of their numbers.
SELECT e.sequence, e.at, e.entry, e.by_person, e.said, e.previous, e.digest
FROM journal_entry AS e WHERE e.commission = :commission ORDER BY e.sequence;

-- name: lock_journal(commission)^
-- The head of a commission's journal, whose lock is held until the commit.
SELECT commission, serial, entries, last_digest FROM journal WHERE commission = :commission FOR UPDATE;

-- name: certificate(commission)^
-- The certificate of a commission as it is stored, if it was issued.
SELECT text, signature FROM certificate WHERE commission = :commission;

-- name: add_certificate(commission, text, signature)!
-- Keeps a certificate for good.
INSERT INTO certificate (commission, text, signature) VALUES (:commission, :text, :signature);
