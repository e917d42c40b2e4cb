-- name: add_passkey(passkey, person, credential, public_key, sign_count, browser, system, at, at_most)$
-- Keeps a device's public key for a person, unless they have so many, or it is known already; returns it.
INSERT INTO passkey (passkey, person, credential, public_key, sign_count, browser, system, added_at)
SELECT :passkey, :person, :credential, :public_key, :sign_count, :browser, :system, :at
WHERE (SELECT count(*) FROM passkey AS k WHERE k.person = :person) < :at_most
ON CONFLICT (credential) DO NOTHING
RETURNING passkey;

-- name: passkeys(person)
-- The passkeys of a person, the newest first.
SELECT passkey, browser, system, added_at, last_used_at FROM passkey WHERE person = :person
ORDER BY added_at DESC, passkey DESC;

-- name: credentials(person)
-- The names of a person's keys on their devices.
SELECT credential FROM passkey WHERE person = :person;

-- name: key_owner(credential)$
-- Whose key has this name.
SELECT person FROM passkey WHERE credential = :credential;

-- name: known_key(credential)^
-- The key of this name, held until the transaction ends.
SELECT passkey, person, public_key, sign_count FROM passkey WHERE credential = :credential
FOR UPDATE;

-- name: key_used(passkey, sign_count, at)!
-- Keeps that a key was used.
UPDATE passkey SET sign_count = :sign_count, last_used_at = :at WHERE passkey = :passkey;

-- name: remove_passkey(passkey, person)!
-- Forgets a person's passkey.
DELETE FROM passkey WHERE passkey = :passkey AND person = :person;
