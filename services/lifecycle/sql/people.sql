-- name: record_person(person, version, name, email, words)$
-- Keeps a person as this record says, with the words that they are found by; an older record, and one of somebody who was erased,
-- changes nothing. Gives the person, if it did.
WITH kept AS (
    INSERT INTO person (person, version, name, email) VALUES (:person, :version, :name, :email)
    ON CONFLICT (person) DO UPDATE SET version = excluded.version, name = excluded.name, email = excluded.email
    WHERE person.version < excluded.version AND person.name IS NOT NULL
    RETURNING person
),

forgotten AS (
    DELETE FROM person_word
    WHERE person_word.person IN (SELECT k.person FROM kept AS k) AND person_word.word <> all(:words::text [])
),

added AS (
    INSERT INTO person_word (word, person)
    SELECT w.word, k.person FROM kept AS k CROSS JOIN unnest(:words::text []) AS w (word)
    ON CONFLICT (word, person) DO NOTHING
)

SELECT k.person FROM kept AS k;

-- name: erase_person(person, version)!
-- Forgets a person's name, address and words, and remembers that they were erased.
WITH erased AS (
    INSERT INTO person (person, version, name, email) VALUES (:person, :version, NULL, NULL)
    ON CONFLICT (person) DO UPDATE SET
        version = greatest(person.version, excluded.version), name = NULL, email = NULL
)

DELETE FROM person_word WHERE person_word.person = :person;

-- name: erase_reasons(customer)!
-- Forgets why ops did what they did for this customer: reasons are prose.
UPDATE audit_entry AS a SET reason = NULL
FROM commission AS c
WHERE c.customer = :customer AND a.commission = c.commission AND a.reason IS NOT NULL;

-- name: people(people)
-- Those of these people who are known here, as they are now.
SELECT person, name, email FROM person WHERE person = any(:people::uuid []);

-- name: commissions_of_person(person, at_most)
-- Commissions of this customer, the newest first.
SELECT commission FROM commission WHERE customer = :person ORDER BY commission DESC LIMIT :at_most;

-- name: record_brief(commission, version, answers)$
-- Keeps the answers that name a piece, as this record says; an older record, and one of an erased brief, changes nothing.
INSERT INTO brief (commission, version, answers) VALUES (:commission, :version, :answers::jsonb)
ON CONFLICT (commission) DO UPDATE SET version = excluded.version, answers = excluded.answers
WHERE brief.version < excluded.version AND brief.answers IS NOT NULL
RETURNING commission;

-- name: erase_brief(commission, version)!
-- Forgets a brief's answers, and remembers that it was erased.
INSERT INTO brief (commission, version, answers) VALUES (:commission, :version, NULL)
ON CONFLICT (commission) DO UPDATE SET version = greatest(brief.version, excluded.version), answers = NULL;

-- name: briefs(commissions)
-- The answers that name these commissions' pieces.
SELECT commission, answers::text AS answers FROM brief WHERE commission = any(:commissions::uuid []) AND answers IS NOT NULL;
