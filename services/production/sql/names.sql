-- name: record_name(person, version, name)!
-- Keeps a customer's name as this record says; an older record, and one of somebody who was erased, changes nothing.
INSERT INTO customer_name (person, version, name) VALUES (:person, :version, :name)
ON CONFLICT (person) DO UPDATE SET version = excluded.version, name = excluded.name
WHERE customer_name.version < excluded.version AND customer_name.name IS NOT NULL;

-- name: erase_name(person, version)!
-- Forgets a customer's name, and remembers that it was erased.
INSERT INTO customer_name (person, version, name) VALUES (:person, :version, NULL)
ON CONFLICT (person) DO UPDATE SET version = greatest(customer_name.version, excluded.version), name = NULL;

-- name: names(commissions)
-- What the customers of these commissions are called, where their parcels go, and what their briefs say, as far as it is here.
SELECT
    a.commission, n.name, n.person IS NOT NULL AND n.name IS NULL AS erased,
    c.customer IS NOT NULL AND n.person IS NULL AS nameless, c.country,
    coalesce(b.answers, '[]'::jsonb)::text AS answers
FROM unnest(:commissions::uuid []) AS a (commission)
LEFT JOIN customer AS c ON c.commission = a.commission
LEFT JOIN customer_name AS n ON n.person = c.customer
LEFT JOIN brief AS b ON b.commission = a.commission;
