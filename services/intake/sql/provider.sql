-- name: account_owner(issuer, subject)$
-- Whose account this is.
SELECT person FROM provider_account WHERE issuer = :issuer AND subject = :subject;

-- name: account_used(issuer, subject, person, at)$
-- Keeps that a person's account was used; returns them, or nothing where it is theirs no longer.
UPDATE provider_account SET last_used_at = :at
WHERE issuer = :issuer AND subject = :subject AND person = :person
RETURNING person;

-- name: add_account(issuer, subject, person, at)$
-- Keeps that a person signs in by this account, unless it is known, or they have another there; returns them.
INSERT INTO provider_account (issuer, subject, person, known_since, last_used_at)
VALUES (:issuer, :subject, :person, :at, :at)
ON CONFLICT DO NOTHING
RETURNING person;

-- name: forget_accounts(person)!
-- Forgets all accounts of a person.
DELETE FROM provider_account WHERE person = :person;
