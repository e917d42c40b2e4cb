-- name: asks_second_step(person, passkeys)$
-- Whether somebody has an authenticator app, or, where passkeys count as a second step, a passkey.
SELECT
    EXISTS (SELECT FROM authenticator AS a WHERE a.person = :person)
    OR (:passkeys::boolean AND EXISTS (SELECT FROM passkey AS k WHERE k.person = :person)) AS asks;

-- name: add_authenticator(authenticator, person, name, secret, last_step, at, at_most)$
-- Keeps somebody's app, unless they have so many, or it is kept already; returns it.
INSERT INTO authenticator (authenticator, person, name, secret, last_step, added_at)
SELECT :authenticator, :person, :name, :secret, :last_step, :at
WHERE (SELECT count(*) FROM authenticator AS a WHERE a.person = :person) < :at_most
ON CONFLICT (authenticator) DO NOTHING
RETURNING authenticator;

-- name: authenticators(person)
-- The apps of a person, the newest first.
SELECT authenticator, name, added_at, last_used_at FROM authenticator WHERE person = :person
ORDER BY added_at DESC, authenticator DESC;

-- name: known_authenticators(person)
-- What codes of a person's apps are compared with.
SELECT authenticator, secret, last_step FROM authenticator WHERE person = :person
ORDER BY authenticator;

-- name: authenticator_used(authenticator, step, at)!
-- Keeps that a code of this step was used.
UPDATE authenticator SET last_step = :step, last_used_at = :at WHERE authenticator = :authenticator;

-- name: remove_authenticator(authenticator, person)!
-- Forgets a person's app.
DELETE FROM authenticator WHERE authenticator = :authenticator AND person = :person;

-- name: remove_second_steps(person)
-- Forgets all apps and passkeys of a person, their recovery codes and what was typed wrongly; returns what kinds there were.
WITH apps AS (
    DELETE FROM authenticator WHERE person = :person RETURNING 'authenticator' AS way
), keys AS (
    DELETE FROM passkey WHERE person = :person RETURNING 'passkey' AS way
), codes AS (
    DELETE FROM recovery_code WHERE person = :person
), misses AS (
    DELETE FROM second_step_miss WHERE person = :person
)
SELECT way FROM apps UNION SELECT way FROM keys;

-- name: replace_recovery_codes(person, hashes, at)!
-- Keeps a person's new recovery codes in place of all others.
WITH before AS (
    DELETE FROM recovery_code WHERE person = :person
)
INSERT INTO recovery_code (person, code_hmac, made_at)
SELECT :person, each, :at FROM unnest(:hashes::bytea []) AS each;

-- name: forget_recovery_codes(person)!
-- Forgets a person's recovery codes.
DELETE FROM recovery_code WHERE person = :person;

-- name: use_recovery_code(person, code_hmac, at)$
-- Uses up a recovery code; returns nothing for one that was used, or is none.
UPDATE recovery_code SET used_at = :at
WHERE person = :person AND code_hmac = :code_hmac AND used_at IS NULL
RETURNING true;

-- name: recovery_codes_left(person)$
-- How many recovery codes a person has left.
SELECT count(*) FROM recovery_code WHERE person = :person AND used_at IS NULL;

-- name: misses(person)^
-- How often a person's codes were wrong since the last right one.
SELECT wrong, paused_until FROM second_step_miss WHERE person = :person;

-- name: save_misses(person, wrong, paused_until)!
-- Keeps how often that was.
INSERT INTO second_step_miss (person, wrong, paused_until) VALUES (:person, :wrong, :paused_until)
ON CONFLICT (person) DO UPDATE SET wrong = excluded.wrong, paused_until = excluded.paused_until;

-- name: forget_misses(person)!
-- Forgets it, after a right one.
DELETE FROM second_step_miss WHERE person = :person;

-- name: raise_session(session, person, secret_sha256, now, expires_at)^
-- Makes a session one of two steps, with a new secret and a new beginning; returns nothing for one that is over.
UPDATE session AS s SET
    proof = 'two', secret_sha256 = :secret_sha256, opened_at = :now, last_used_at = :now, expires_at = :expires_at
FROM person AS p
WHERE s.session = :session AND s.person = :person AND s.revoked_at IS NULL AND s.expires_at > :now
    AND p.person = s.person AND p.access_ended_at IS NULL AND p.erased_at IS NULL
RETURNING s.session, s.person, p.role, s.expires_at, p.name, s.proof;
