-- name: keep_brief(commission, version, craft, craft_version, craft_sha256, answers, written_at)!
-- Keeps a brief as it was written last; one that was erased stays erased.
INSERT INTO brief AS b (commission, version, craft, craft_version, craft_sha256, answers, written_at)
SELECT :commission, :version, :craft, :craft_version, :craft_sha256, :answers::jsonb, :written_at
WHERE NOT EXISTS (SELECT 1 FROM erased_brief AS e WHERE e.commission = :commission)
ON CONFLICT (commission) DO UPDATE SET
    version = excluded.version,
    craft = excluded.craft,
    craft_version = excluded.craft_version,
    craft_sha256 = excluded.craft_sha256,
    answers = excluded.answers,
    written_at = excluded.written_at
WHERE b.version <= excluded.version;

-- name: erase_brief(commission, erased_at)!
-- Forgets a brief, and remembers that it was erased.
WITH erased AS (
    INSERT INTO erased_brief (commission, erased_at) VALUES (:commission, :erased_at)
    ON CONFLICT (commission) DO NOTHING
)
DELETE FROM brief WHERE commission = :commission;

-- name: brief(commission)^
-- The brief of a commission.
SELECT commission, version, craft, craft_version, craft_sha256, answers, written_at
FROM brief WHERE commission = :commission;

-- name: erased_at(commission)$
-- When the brief of a commission was erased; nothing if it was not.
SELECT erased_at FROM erased_brief WHERE commission = :commission;

-- name: lock_quote(quote, commission)^
-- Takes the lock of a commission's quote until the commit, and makes the quote where there is none; newest is 0 then.
INSERT INTO quote AS q (quote, commission, newest) VALUES (:quote, :commission, 0)
ON CONFLICT (commission) DO UPDATE SET newest = q.newest
RETURNING q.quote, q.newest;

-- name: replace_draft(quote, at)!
-- Ends the version that is still a draft, since a newer one comes.
UPDATE quote_version SET state = 'replaced', ended_at = :at
WHERE quote = :quote AND state = 'drafted';

-- name: add_version(quote, version, brief_version, craft, craft_version, currency, net, vat, total, drafted_at)!
-- Adds a drafted version, the newest one now.
WITH newest AS (
    UPDATE quote SET newest = :version WHERE quote = :quote
)
INSERT INTO quote_version (
    quote, version, brief_version, craft, craft_version, currency, net_minor, vat_minor, total_minor, drafted_at
)
VALUES (:quote, :version, :brief_version, :craft, :craft_version, :currency, :net, :vat, :total, :drafted_at);

-- name: add_lines(lines)!
-- Adds the lines of a version, given as a JSON array of rows.
INSERT INTO quote_line (
    quote, version, place, code, title, why, detail, amount_minor, base_minor, quantity, unit, unit_minor
)
SELECT
    l.quote, l.version, l.place, l.code, l.title, l.why, l.detail, l.amount_minor, l.base_minor, l.quantity, l.unit, l.unit_minor
FROM jsonb_to_recordset(:lines::jsonb) AS l (
    quote uuid, version integer, place integer, code text, title text, why text, detail text, amount_minor bigint,
    base_minor bigint, quantity numeric, unit text, unit_minor bigint
);

-- name: expire(quote, version, at, reason)$
-- Ends a draft for good; returns its id, or nothing if it was not a draft any more.
UPDATE quote_version SET state = 'expired', ended_at = :at, end_reason = :reason
WHERE quote = :quote AND version = :version AND state = 'drafted'
RETURNING quote;

-- name: version_known(commission, quote, version)$
-- Whether this commission has this version of this quote.
SELECT EXISTS (
    SELECT 1 FROM quote AS q INNER JOIN quote_version AS v ON v.quote = q.quote
    WHERE q.commission = :commission AND q.quote = :quote AND v.version = :version
) AS known;

-- name: quote_of(commission)^
-- The newest version of a commission's quote.
SELECT
    v.quote, v.version, q.commission, v.brief_version, v.craft, v.craft_version, v.state, v.currency, v.net_minor, v.vat_minor,
    v.total_minor, v.drafted_at, v.ended_at, v.end_reason
FROM quote AS q
INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = q.newest
WHERE q.commission = :commission;

-- name: lines(quote, version)
-- The lines of a version in their order, VAT last.
SELECT l.code, l.title, l.why, l.detail, l.amount_minor, l.base_minor, l.quantity, l.unit, l.unit_minor
FROM quote_line AS l
WHERE l.quote = :quote AND l.version = :version
ORDER BY l.place;

-- name: newest(before, before_quote, at_most)
-- The newest versions of all quotes, newest first, from the one after the given place on.
SELECT
    v.quote, v.version, q.commission, v.craft, coalesce(d.document ->> 'title', v.craft) AS title, v.state, v.currency,
    v.total_minor, v.drafted_at
FROM quote AS q
INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = q.newest
LEFT JOIN craft_document AS d ON d.craft = v.craft AND d.version = v.craft_version
WHERE :before::timestamptz IS NULL OR (v.drafted_at, v.quote) < (:before::timestamptz, :before_quote::uuid)
ORDER BY v.drafted_at DESC, v.quote DESC
LIMIT :at_most;

-- name: revision(commission)$
-- A short text that changes whenever the brief or the quote of this commission does.
SELECT concat_ws(
    '/',
    (SELECT b.version::text FROM brief AS b WHERE b.commission = :commission),
    (SELECT e.erased_at::text FROM erased_brief AS e WHERE e.commission = :commission),
    (
        SELECT concat_ws(':', v.version, v.state) FROM quote AS q
        INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = q.newest
        WHERE q.commission = :commission
    )
) AS revision;
