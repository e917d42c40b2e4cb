-- name: record_person(person, name, email, locale)!
-- Keeps a person as they are now; one who was erased stays erased.
INSERT INTO person (person, name, email, locale)
SELECT :person, :name, :email, :locale
WHERE NOT EXISTS (SELECT 1 FROM erased_person AS e WHERE e.person = :person)
ON CONFLICT (person) DO UPDATE SET name = excluded.name, email = excluded.email, locale = excluded.locale;

-- name: due_again(person, now)
-- Lets the mails that wait for this person's address be taken now; returns the commissions they are about.
-- One that is held back stays so: GREATEST passes over NULL.
UPDATE mail AS m SET due_at = greatest(:now::timestamptz, m.held_until)
FROM mail AS w
LEFT JOIN addressee AS a ON a.commission = w.commission AND a.reader = w.reader
WHERE m.mail = w.mail AND coalesce(w.person, a.person) = :person AND w.state = 'waiting' AND m.state = 'waiting'
RETURNING m.commission;

-- name: erase_person(person, now)!
-- Forgets a person's name and address, everywhere, and what their letters quoted; remembers that they were erased.
WITH erased AS (
    INSERT INTO erased_person (person, erased_at) VALUES (:person, :now)
    ON CONFLICT (person) DO NOTHING
), masked AS (
    UPDATE delivery AS d SET address = NULL FROM mail AS m
    WHERE m.person = :person AND d.mail = m.mail
), unquoted AS (
    UPDATE mail SET code = NULL WHERE person = :person AND code IS NOT NULL
)
DELETE FROM person WHERE person = :person;

-- name: redact_waiting(person)
-- Ends the mails of an erased person that nobody has taken; returns them.
UPDATE mail SET state = 'redacted'
WHERE person = :person AND state = 'waiting'
RETURNING mail, commission, person, intent, about;

-- name: record_commission(commission, requested_at, needed_by)!
-- Keeps what letters say about a commission.
INSERT INTO commission (commission, requested_at, needed_by)
VALUES (:commission, :requested_at, :needed_by)
ON CONFLICT (commission) DO NOTHING;

-- name: record_addressee(commission, reader, person)$
-- Keeps who reads what is written about a commission; returns it, unless it was this person already.
INSERT INTO addressee AS a (commission, reader, person) VALUES (:commission, :reader, :person)
ON CONFLICT (commission, reader) DO UPDATE SET person = excluded.person WHERE a.person <> excluded.person
RETURNING a.commission;

-- name: newest_mail(commission, intent, reader)^
-- Where the newest mail of this intent to this reader of the commission stands.
SELECT m.state, m.due_at
FROM mail AS m
WHERE m.commission = :commission AND m.intent = :intent AND m.reader = :reader
ORDER BY m.asked_at DESC, m.mail DESC
LIMIT 1;

-- name: ask_for_mail(mail, commission, person, reader, intent, about, day, amount_minor, amount_currency, code, asked_at, held_until, traceparent)!
-- Puts a mail on the list, unless this commission has one of this intent that is about the same.
INSERT INTO mail (
    mail, commission, person, reader, intent, about, day, amount_minor, amount_currency, code,
    asked_at, held_until, due_at, traceparent
)
VALUES (
    :mail, :commission, :person, :reader, :intent, :about, :day, :amount_minor, :amount_currency, :code,
    :asked_at, :held_until, greatest(:asked_at::timestamptz, :held_until::timestamptz), :traceparent
)
ON CONFLICT (commission, intent, about) DO NOTHING;

-- name: next_due(now)^
-- The mail that has been due for longest and whose person's address is known; locked, and passed over by others meanwhile.
SELECT
    m.mail, m.attempts + 1 AS attempt, m.commission, p.person, m.intent, m.reader, m.about, m.day,
    m.amount_minor, m.amount_currency, m.code, greatest(m.asked_at, m.held_until) AS dated,
    m.traceparent, p.name, p.email, c.requested_at, c.needed_by
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.reader = m.reader
INNER JOIN person AS p ON p.person = coalesce(m.person, a.person)
LEFT JOIN commission AS c ON c.commission = m.commission
WHERE m.state IN ('waiting', 'taken') AND m.due_at <= :now
ORDER BY m.due_at, m.mail
LIMIT 1
FOR UPDATE OF m SKIP LOCKED;

-- name: take(mail, attempt, person, lease, now, until, address)!
-- Gives a mail to one mailer until its lease ends, and to this person for good, and opens the attempt in the log; an
-- attempt left open was interrupted.
WITH interrupted AS (
    UPDATE delivery SET ending = 'interrupted', ended_at = :now
    WHERE mail = :mail AND ending = 'under_way'
), begun AS (
    INSERT INTO delivery (mail, attempt, begun_at, address) VALUES (:mail, :attempt, :now, :address)
)
UPDATE mail SET state = 'taken', person = :person, lease = :lease, due_at = :until, attempts = :attempt
WHERE mail = :mail;

-- name: settle(mail, lease, state, due_at)$
-- Moves a taken mail on, and returns its id. When the lease has passed to another mailer only one thing still counts:
-- that the server accepted the mail.
UPDATE mail SET state = :state, lease = NULL, due_at = :due_at
WHERE mail = :mail AND (lease = :lease OR (:state = 'sent' AND state IN ('waiting', 'taken')))
RETURNING mail;

-- name: end_delivery(mail, attempt, ending, smtp_code, now)!
-- Writes down how an attempt ended, also when the lease has passed on meanwhile.
UPDATE delivery SET ending = :ending, smtp_code = :smtp_code, ended_at = :now
WHERE mail = :mail AND attempt = :attempt;

-- name: end_hopeless(now, asked_before, at_most)
-- Ends mails that nobody can ever send: their person was erased, or no address became known in all this time.
WITH hopeless AS (
    SELECT h.mail, a.person, e.person IS NOT NULL AS erased
    FROM mail AS h
    LEFT JOIN addressee AS a ON a.commission = h.commission AND a.reader = h.reader
    LEFT JOIN person AS p ON p.person = coalesce(h.person, a.person)
    LEFT JOIN erased_person AS e ON e.person = coalesce(h.person, a.person)
    WHERE h.state IN ('waiting', 'taken') AND h.due_at <= :now AND p.person IS NULL
    AND (e.person IS NOT NULL OR h.asked_at <= :asked_before)
    LIMIT :at_most
    FOR UPDATE OF h SKIP LOCKED
)
UPDATE mail AS m SET
    state = CASE WHEN h.erased THEN 'redacted' ELSE 'given_up' END,
    person = coalesce(m.person, h.person),
    lease = NULL
FROM hopeless AS h
WHERE m.mail = h.mail
RETURNING m.mail, m.commission, m.person, m.intent, m.about;

-- name: queue(now)^
-- How many mails are not yet at an end, how many of them wait for an address, and when the oldest was asked for.
SELECT
    count(*) AS unsent,
    count(*) FILTER (WHERE p.person IS NULL) AS without_address,
    min(m.asked_at) FILTER (WHERE m.due_at <= :now) AS oldest
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.reader = m.reader
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.state IN ('waiting', 'taken');

-- name: commission_known(commission)$
-- Whether anything is known of this commission: it was told of, or a mail about it was asked for.
SELECT EXISTS (SELECT 1 FROM commission AS c WHERE c.commission = :commission)
OR EXISTS (SELECT 1 FROM mail AS m WHERE m.commission = :commission) AS known;

-- name: mails(commission, before, before_mail, at_most)
-- The mails about a commission, newest first, from the one after the given place on (no place: from the newest).
SELECT
    m.mail, m.intent, m.reader, coalesce(m.person, a.person) AS person, m.about, m.day,
    m.amount_minor, m.amount_currency, m.code, m.state, m.asked_at, m.held_until, m.due_at,
    p.person IS NOT NULL AS address_known
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.reader = m.reader
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.commission = :commission
AND (:before::timestamptz IS NULL OR (m.asked_at, m.mail) < (:before::timestamptz, :before_mail::uuid))
ORDER BY m.asked_at DESC, m.mail DESC
LIMIT :at_most;

-- name: deliveries(mails)
-- Every attempt to deliver these mails, first to last.
SELECT d.mail, d.attempt, d.begun_at, d.ended_at, d.ending, d.smtp_code, d.address
FROM delivery AS d
WHERE d.mail = any(:mails::uuid [])
ORDER BY d.mail, d.attempt;

-- name: revision(commission)$
-- A short text that changes whenever anything in this commission's log does.
SELECT md5(coalesce(
    string_agg(concat_ws('/', m.mail, m.state, m.attempts, m.due_at, p.person), ',' ORDER BY m.mail), ''
)) AS revision
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.reader = m.reader
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.commission = :commission;
