-- name: open_session(session, person, secret_sha256, browser, system, opened_at, expires_at, proof, issuer)!
-- Opens a session for a person.
INSERT INTO session (session, person, secret_sha256, browser, system, opened_at, last_used_at, expires_at, proof, issuer)
VALUES (:session, :person, :secret_sha256, :browser, :system, :opened_at, :opened_at, :expires_at, :proof, :issuer);

-- name: renew_session(secret_sha256, now, idle, longest)^
-- Puts off the end of the live session that this secret opens, up to its absolute end, unless it is half a one; returns nothing
-- if there is none.
UPDATE session AS s SET
    expires_at = CASE WHEN s.proof = 'half'
        THEN s.expires_at ELSE least(:now::timestamptz + :idle::interval, s.opened_at + :longest::interval)
    END, last_used_at = :now
FROM person AS p
WHERE s.secret_sha256 = :secret_sha256 AND s.revoked_at IS NULL AND s.expires_at > :now
    AND s.opened_at + :longest::interval > :now AND p.person = s.person
    AND p.access_ended_at IS NULL AND p.erased_at IS NULL
RETURNING s.session, s.person, p.role, s.expires_at, p.name, s.proof;

-- name: end_session(session, secret_sha256, at)
-- Ends a session, named by its id or by its secret, for good; returns it, unless it was over before.
UPDATE session AS s SET revoked_at = :at
FROM person AS p
WHERE (s.session = :session OR s.secret_sha256 = :secret_sha256) AND s.revoked_at IS NULL AND p.person = s.person
RETURNING s.session, s.person, p.role, s.proof, s.issuer;

-- name: end_sessions(person, at, but)
-- Ends every session of a person, for good, and returns them; but for one, if it is given.
UPDATE session AS s SET revoked_at = :at
FROM person AS p
WHERE s.person = :person AND s.revoked_at IS NULL AND p.person = s.person
    AND s.session IS DISTINCT FROM :but::uuid
RETURNING s.session, s.person, p.role, s.proof, s.issuer;

-- name: sessions(person, now)
-- The live sessions of a person, the one used last first.
SELECT session, browser, system, opened_at, last_used_at, expires_at
FROM session
WHERE person = :person AND revoked_at IS NULL AND expires_at > :now AND proof <> 'half'
ORDER BY last_used_at DESC, session DESC
LIMIT 100;

-- name: session_owner(session)$
-- Whose session this is, or was.
SELECT person FROM session WHERE session = :session;

-- name: hold_session(session)!
-- Takes turns: what a session does that can be done once, and its end.
SELECT 1 FROM session WHERE session = :session FOR UPDATE;

-- name: session_revoked(session, person)$
-- Whether this session was ended before its time, or its person was erased, and their sessions with them.
SELECT
    EXISTS (SELECT FROM session AS s WHERE s.session = :session AND s.revoked_at IS NOT NULL)
    OR EXISTS (SELECT FROM person AS p WHERE p.person = :person AND p.erased_at IS NOT NULL) AS revoked;

-- name: add_security_event(event, at, kind, person, role, way, network, by)!
-- Keeps what happened to somebody's access.
INSERT INTO security_event (event, at, kind, person, role, way, network, by_person)
VALUES (:event, :at, :kind, :person, :role, :way, :network, :by);

-- name: add_refusal(event, at, person, role, way, network, since, at_most)$
-- Keeps that somebody was not let in, unless so many were since then; returns it.
INSERT INTO security_event (event, at, kind, person, role, way, network)
SELECT :event, :at, 'refused', :person, :role, :way, :network
WHERE (SELECT count(*) FROM security_event AS e WHERE e.kind = 'refused' AND e.at > :since) < :at_most
RETURNING event;

-- name: security_events(kind, before, before_event, at_most)
-- What happened to people's access, the newest first, from the one after the given place on; of one kind, if it is given.
SELECT
    e.event, e.at, e.kind, e.person, e.role, e.way, e.network, e.by_person AS by,
    nullif(p.name, '') AS name, nullif(o.name, '') AS by_name
FROM security_event AS e
LEFT JOIN person AS p ON p.person = e.person
LEFT JOIN person AS o ON o.person = e.by_person
WHERE (:kind::text IS NULL OR e.kind = :kind::text)
    AND (:before::timestamptz IS NULL OR (e.at, e.event) < (:before::timestamptz, :before_event::uuid))
ORDER BY e.at DESC, e.event DESC
LIMIT :at_most;

-- name: sweep_security_events(before)!
-- Forgets what happened before then.
DELETE FROM security_event WHERE at < :before;

-- name: person_of_address(email)^
-- Whom a link to this address signs in: somebody of the studio first, then a maker, then the customer whose account it is.
-- A customer who typed the address is nobody: they are signed in already. One of whom the studio typed it gets in by its mail.
SELECT person, role, name, email, language FROM person
WHERE lower(email) = lower(:email) AND erased_at IS NULL AND access_ended_at IS NULL
    AND (role <> 'customer' OR confirmed_at IS NOT NULL OR entered_by IS NOT NULL)
ORDER BY role = 'ops' DESC, role = 'maker' DESC, recorded_at DESC, person DESC
LIMIT 1;

-- name: hold_address(address_sha256)!
-- Has who asks for a sign-in link to the same address wait until the transaction ends, so that all are counted.
SELECT pg_advisory_xact_lock(hashtextextended(encode(:address_sha256::bytea, 'hex'), 2));

-- name: people_of_address(email)
-- Everybody with this address, the newest first.
SELECT person, role, name, email, language, confirmed_at, account
FROM person WHERE lower(email) = lower(:email) AND erased_at IS NULL
ORDER BY recorded_at DESC, person DESC
LIMIT 20;

-- name: has_access(person)$
-- Whether this person may sign in; returns nothing for nobody, and for one whom ops let in no more. So it stays until the
-- transaction ends.
SELECT true AS may FROM person WHERE person = :person AND access_ended_at IS NULL AND erased_at IS NULL
FOR SHARE;

-- name: lock_out(person, at)$
-- Lets a person in no more; returns them, unless it was so before.
UPDATE person SET access_ended_at = :at WHERE person = :person AND access_ended_at IS NULL
RETURNING person;

-- name: let_in_again(person)!
-- Lets a person in again.
UPDATE person SET access_ended_at = NULL WHERE person = :person AND access_ended_at IS NOT NULL;
