-- name: allow_erasing()!
-- Lets this transaction erase words of what never changes otherwise.
SELECT set_config('touchmark.erasing', 'on', true);

-- name: texts_of(person)
-- The texts on `touchmark.texts` that quotes published and that this person wrote, or that are about their commissions.
SELECT o.question AS text
FROM question AS o LEFT JOIN commission AS c ON c.commission = o.commission
WHERE (o.author = :person OR c.customer = :person) AND o.body IS NOT NULL
UNION
SELECT o.answer AS text
FROM question AS o INNER JOIN commission AS c ON c.commission = o.commission
WHERE c.customer = :person AND o.answer_body IS NOT NULL
UNION
SELECT l.answer AS text
FROM claim AS l INNER JOIN commission AS c ON c.commission = l.commission
WHERE c.customer = :person AND l.answer_body IS NOT NULL
UNION
SELECT v.decline_text AS text
FROM quote_version AS v
INNER JOIN quote AS q ON q.quote = v.quote
INNER JOIN commission AS c ON c.commission = q.commission
WHERE c.customer = :person AND v.decline_words IS NOT NULL AND v.decline_text IS NOT NULL;

-- name: commissions_of(person)
-- The commissions of somebody.
SELECT commission FROM commission WHERE customer = :person;

-- name: erase_reasons(person)!
-- Forgets why the studio changed prices, and what it called the lines that it added, in the quotes of somebody's commissions that came to no contract.
UPDATE quote_line AS l SET
    adjusted_reason = CASE WHEN l.adjusted_reason IS NOT NULL THEN '' END,
    title = CASE WHEN l.title IS NOT NULL THEN '' END
FROM quote AS q
INNER JOIN commission AS c ON c.commission = q.commission
WHERE c.customer = :person AND l.quote = q.quote AND (l.adjusted_reason <> '' OR l.title <> '')
    AND NOT EXISTS (SELECT 1 FROM contract AS k WHERE k.commission = q.commission);

-- name: contracts_of(person)
-- The contracts of somebody, each with the day on which the last of its papers was issued.
SELECT
    k.commission,
    greatest(
        (SELECT max(a.accepted_at)::date FROM contract_amendment AS a WHERE a.commission = k.commission),
        (SELECT max(i.issued_on) FROM invoice AS i WHERE i.commission = k.commission)
    ) AS issued_on
FROM contract AS k
WHERE k.customer = :person;

-- name: seal_contract(commission, sealed_at, until_day)!
-- Keeps what belongs to a contract until the end of this day, sealed; what is sealed already stays so.
INSERT INTO sealed_contract (commission, sealed_at, until_day) VALUES (:commission, :sealed_at, :until_day)
ON CONFLICT (commission) DO NOTHING;

-- name: released(today)
-- Takes the sealed contracts whose last day is over.
SELECT commission FROM sealed_contract WHERE erased_at IS NULL AND until_day < :today
ORDER BY until_day LIMIT 100 FOR UPDATE SKIP LOCKED;

-- name: erase_sealed(commission, at)!
-- Erases names, addresses, words and papers of a contract; the amounts stay, for the ledger.
WITH papers AS (
    DELETE FROM paper WHERE commission = :commission
), invoices AS (
    UPDATE invoice SET customer_name = '', details = details || '{"address": ""}'::jsonb WHERE commission = :commission
), amendments AS (
    UPDATE contract_amendment SET document = '' WHERE commission = :commission
), contracts AS (
    UPDATE contract SET address = '' WHERE commission = :commission
), lines AS (
    UPDATE quote_line AS l SET
        adjusted_reason = CASE WHEN l.adjusted_reason IS NOT NULL THEN '' END,
        title = CASE WHEN l.title IS NOT NULL THEN '' END
    FROM quote AS q
    WHERE q.commission = :commission AND l.quote = q.quote AND (l.adjusted_reason <> '' OR l.title <> '')
)
UPDATE sealed_contract SET erased_at = :at WHERE commission = :commission;
