-- name: enter_person(person, name, email, language, recorded_at, entered_by)$
-- Records a customer whom somebody of the studio takes down; returns nothing where the address is another customer's already.
INSERT INTO person (person, role, name, email, language, recorded_at, entered_by)
VALUES (:person, 'customer', :name, :email, :language, :recorded_at, :entered_by)
ON CONFLICT (lower(email))
WHERE role = 'customer' AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL) AND email <> '' AND erased_at IS NULL
DO NOTHING
RETURNING person;

-- name: hold_customer(person)^
-- A customer whom the studio knows: an account, or one whom it recorded; held against erasure until the transaction ends.
SELECT person, role, name, email, language, confirmed_at, account, entered_by FROM person
WHERE person = :person AND role = 'customer' AND erased_at IS NULL AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL)
FOR UPDATE;

-- name: customer(person)^
-- A customer whom the studio knows, as now, held by nobody.
SELECT person, role, name, email, language, confirmed_at, account, entered_by FROM person
WHERE person = :person AND role = 'customer' AND erased_at IS NULL AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL);

-- name: customer_with(email)$
-- Which customer has this address, confirmed or recorded by the studio.
SELECT person FROM person
WHERE lower(email) = lower(:email) AND role = 'customer' AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL)
    AND email <> '' AND erased_at IS NULL;

-- name: give_address(person, email)!
-- Writes down the address of a customer whom the studio recorded, and who has not signed in by a mail yet.
UPDATE person SET email = :email WHERE person = :person AND confirmed_at IS NULL AND erased_at IS NULL;

-- name: confirm_entered(person, at)!
-- Whom the studio recorded has shown that they read their mailbox: they are the account of its address.
UPDATE person SET confirmed_at = :at
WHERE person = :person AND entered_by IS NOT NULL AND confirmed_at IS NULL AND email <> '' AND erased_at IS NULL;

-- name: index_person(person, words)!
-- Keeps the words that a customer is found by, in place of those before.
WITH forgotten AS (
    DELETE FROM person_word WHERE person_word.person = :person AND person_word.word <> ALL(:words::text [])
)
INSERT INTO person_word (word, person)
SELECT w.word, :person FROM unnest(:words::text []) AS w (word)
ON CONFLICT (word, person) DO NOTHING;

-- name: customers(low, high, lows, highs, at_most)
-- The customers who have a word in this range, and one in each of the others.
SELECT p.person, p.role, p.name, p.email, p.language, p.confirmed_at, p.account, p.entered_by
FROM person AS p
WHERE p.erased_at IS NULL AND p.person IN (
    SELECT w.person FROM person_word AS w
    WHERE w.word >= :low AND w.word < :high AND NOT EXISTS (
        SELECT 1 FROM unnest(:lows::text [], :highs::text []) AS o (low, high)
        WHERE NOT EXISTS (
            SELECT 1 FROM person_word AS v WHERE v.person = w.person AND v.word >= o.low AND v.word < o.high
        )
    )
    LIMIT 200
)
ORDER BY lower(p.name), p.person
LIMIT :at_most;

-- name: add_handover(session, commission, by, name, at)!
-- Writes down that somebody of the studio handed the tablet to a customer.
INSERT INTO tablet_handover (session, commission, by_person, name, at) VALUES (:session, :commission, :by, :name, :at);

-- name: handovers(commission, now)
-- When the tablet was handed over for this commission, by whom, the name that the customer typed, and whether that session is
-- open; newest first.
SELECT
    h.session, h.commission, h.by_person AS by, h.name, h.at,
    EXISTS (
        SELECT FROM session AS s WHERE s.session = h.session AND s.revoked_at IS NULL AND s.expires_at > :now
    ) AS is_open
FROM tablet_handover AS h
WHERE h.commission = :commission
ORDER BY h.at DESC, h.session DESC
LIMIT 50;
