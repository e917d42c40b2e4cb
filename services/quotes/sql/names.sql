-- name: names(commissions)
-- Whose these commissions are, and what their briefs say, as far as it is here.
SELECT
    a.commission, p.name AS customer_name, e.person IS NOT NULL AS customer_erased,
    c.customer IS NOT NULL AND p.person IS NULL AND e.person IS NULL AS customer_nameless,
    coalesce(b.answers, '[]'::jsonb)::text AS answers
FROM unnest(:commissions::uuid []) AS a (commission)
LEFT JOIN commission AS c ON c.commission = a.commission
LEFT JOIN person AS p ON p.person = c.customer
LEFT JOIN erased_person AS e ON e.person = c.customer
LEFT JOIN brief AS b ON b.commission = a.commission;

-- name: commissions_found(lows, highs, ending_low, ending_high, first_number, last_number, codes, at_most)
-- The commissions that a search finds: by their customer's name, their number, their reference, or the number of an invoice.
WITH people AS MATERIALIZED (
    SELECT DISTINCT w.person
    FROM person_word AS w
    WHERE
        w.word >= (:lows::text [])[1] AND w.word < (:highs::text [])[1]
        AND (
            (:lows::text [])[2] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[2] AND p.word < (:highs::text [])[2]
            )
        )
        AND (
            (:lows::text [])[3] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[3] AND p.word < (:highs::text [])[3]
            )
        )
        AND (
            (:lows::text [])[4] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[4] AND p.word < (:highs::text [])[4]
            )
        )
    LIMIT :at_most
)

SELECT u.commission
FROM (
    SELECT c.commission FROM commission AS c WHERE c.customer IN (SELECT p.person FROM people AS p)
    UNION
    (
        SELECT c.commission FROM commission AS c
        WHERE
            reverse(replace(c.commission::text, '-', '')) COLLATE "C" >= :ending_low::text
            AND reverse(replace(c.commission::text, '-', '')) COLLATE "C" < :ending_high::text
        LIMIT :at_most
    )
    UNION
    (
        SELECT c.commission FROM commission AS c
        WHERE c.commission >= :first_number::uuid AND c.commission <= :last_number::uuid
        LIMIT :at_most
    )
    UNION
    SELECT k.commission FROM contract AS k WHERE k.reference = any(:codes::text [])
    UNION
    SELECT i.commission FROM invoice AS i WHERE i.number = any(:codes::text [])
) AS u
LIMIT :at_most;
