-- name: sending(quote)^
-- What the studio asked to send last, and what came of it.
SELECT number, version, state, asked_at, asked_by, until, refusal FROM sending WHERE quote = :quote;

-- name: ask_to_send(quote, version, asked_at, asked_by, until)$
-- Keeps that the studio asks to send a version; returns how often it has asked.
INSERT INTO sending AS s (quote, number, version, state, asked_at, asked_by, until)
VALUES (:quote, 1, :version, 'asked', :asked_at, :asked_by, :until)
ON CONFLICT (quote) DO UPDATE SET
    number = s.number + 1,
    version = excluded.version,
    state = 'asked',
    asked_at = excluded.asked_at,
    asked_by = excluded.asked_by,
    until = excluded.until,
    refusal = NULL
RETURNING number;

-- name: end_sending(quote, state, refusal)!
-- Keeps what came of what the studio asked, unless something came of it before.
UPDATE sending SET state = :state, refusal = :refusal WHERE quote = :quote AND state = 'asked';

-- name: preview(quote, ready_by, ready_by_p50)!
-- Keeps the days that are possible now, of which nothing is held.
UPDATE quote SET ready_by = :ready_by, ready_by_p50 = :ready_by_p50 WHERE quote = :quote;
