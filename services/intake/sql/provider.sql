-- name: account_owner(issuer, subject)$
-- Whose account this is.
SELECT person FROM provider_account WHERE issuer = :issuer AND subject = :subject;

-- name: account_used(issuer, subject, person, at)$
-- Keeps that a person's account was used; returns them, or nothing where it is theirs no longer.
UPDATE provider_account SET last_used_at = :at
WHERE issuer = :issuer AND subject = :subject AND person = :person
RETURNING person;

-- name: add_account(account, issuer, subject, person, at)$
-- Keeps that a person signs in by this account, unless it is known, or they have another there; returns them.
INSERT INTO provider_account (account, issuer, subject, person, known_since, last_used_at)
VALUES (:account, :issuer, :subject, :person, :at, :at)
ON CONFLICT DO NOTHING
RETURNING person;

-- name: accounts(person)
-- The accounts of a person, the one used last first.
SELECT account, issuer, subject, known_since, last_used_at FROM provider_account WHERE person = :person
ORDER BY last_used_at DESC, account DESC;

-- name: forget_account(account, person)$
-- Forgets one account of a person; returns it, or nothing where it is not theirs.
DELETE FROM provider_account WHERE account = :account AND person = :person
RETURNING account;

-- name: forget_accounts(person)$
-- Forgets all accounts of a person; returns nothing where there was none.
DELETE FROM provider_account WHERE person = :person
RETURNING account;
