-- name: due(now)
-- The commissions that have notes or photos which the customer is to see by now, those that wait longest first.
SELECT d.commission FROM (
    SELECT p.commission, n.shown_from
    FROM note AS n
    INNER JOIN task AS t ON t.task = n.task
    INNER JOIN piece AS p ON p.piece = t.piece
    WHERE n.published_at IS NULL AND n.withdrawn_at IS NULL AND n.body IS NOT NULL AND n.shown_from <= :now
    UNION ALL
    SELECT b.commission, b.shown_from
    FROM bench_photo AS b
    WHERE b.published_at IS NULL AND b.withdrawn_at IS NULL AND b.mishap IS NULL AND b.shown_from <= :now
) AS d
GROUP BY d.commission
ORDER BY min(d.shown_from)
LIMIT 100;

-- name: publish_notes(piece, now)
-- Marks what is due of a piece's notes as published, whose lock is held; returns it.
UPDATE note AS n SET published_at = :now
FROM task AS t
WHERE t.task = n.task AND t.piece = :piece AND n.published_at IS NULL AND n.withdrawn_at IS NULL
    AND n.body IS NOT NULL AND n.shown_from <= :now
RETURNING n.note, n.author, n.author_role, n.body, n.written_at AS at, t.stage;

-- name: publish_photos(piece, now)
-- The same of its photos, with the SHA-256 of each in hex.
UPDATE bench_photo AS b SET published_at = :now
WHERE b.piece = :piece AND b.published_at IS NULL AND b.withdrawn_at IS NULL AND b.mishap IS NULL AND b.shown_from <= :now
RETURNING b.photo, b.taken_by, b.taken_at AS at, b.stage, b.public, encode(sha256(b.content), 'hex') AS digest;

-- name: publish_public_photos(piece, now)
-- The same of those that its certificate may show, whether they are due or not.
UPDATE bench_photo AS b SET published_at = :now
WHERE b.piece = :piece AND b.published_at IS NULL AND b.withdrawn_at IS NULL AND b.mishap IS NULL AND b.public
RETURNING b.photo, b.taken_by, b.taken_at AS at, b.stage, b.public, encode(sha256(b.content), 'hex') AS digest;

-- name: note_state(note, task)^
-- Whether a note of a task is published, and whether it was withdrawn.
SELECT n.published_at, n.withdrawn_at FROM note AS n WHERE n.note = :note AND n.task = :task;

-- name: photo_state(photo, piece)^
-- Whether a photo of a piece is published, and whether it was withdrawn.
SELECT b.published_at, b.withdrawn_at FROM bench_photo AS b WHERE b.photo = :photo AND b.piece = :piece;

-- name: withdraw_note(note, now)!
-- Takes a note back: its words are gone.
UPDATE note AS n SET withdrawn_at = :now, body = NULL WHERE n.note = :note AND n.published_at IS NULL;

-- name: withdraw_photo(photo, now)!
-- Takes a photo back: its content is gone.
UPDATE bench_photo AS b SET withdrawn_at = :now, content = '' WHERE b.photo = :photo AND b.published_at IS NULL;
