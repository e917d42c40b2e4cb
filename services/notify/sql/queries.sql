-- name: record_person(person, name, email, language, role, at)!
-- Keeps a person as they are now; one who was erased stays erased.
INSERT INTO person AS p (person, name, email, language, role, known_since)
SELECT :person, :name, :email, :language, :role, :at
WHERE NOT EXISTS (SELECT 1 FROM erased_person AS e WHERE e.person = :person)
ON CONFLICT (person) DO UPDATE SET
    name = excluded.name, email = excluded.email, language = excluded.language, role = excluded.role,
    known_since = least(p.known_since, excluded.known_since);

-- name: make_due(person, now)
-- Lets the mails that wait for this person's address be leased now; returns the commissions they are about.
-- One that is held back stays so: GREATEST passes over NULL.
UPDATE mail AS m SET due_at = greatest(:now::timestamptz, m.held_until)
FROM mail AS w
LEFT JOIN addressee AS a ON a.commission = w.commission AND a.addressee = w.addressee
WHERE m.mail = w.mail AND coalesce(w.person, a.person) = :person AND w.state = 'waiting' AND m.state = 'waiting'
RETURNING m.commission;

-- name: erase_person(person, now)!
-- Forgets a person's name and address, everywhere, the codes in their mails, and the facts of their commissions; remembers
-- that they were erased.
WITH erased AS (
    INSERT INTO erased_person (person, erased_at) VALUES (:person, :now)
    ON CONFLICT (person) DO NOTHING
), masked AS (
    UPDATE delivery AS d SET address = NULL FROM mail AS m
    WHERE m.person = :person AND d.mail = m.mail
), unknown AS (
    DELETE FROM fact AS f USING addressee AS a
    WHERE a.person = :person AND a.addressee = 'customer' AND f.commission = a.commission
), unasked AS (
    DELETE FROM preference WHERE person = :person
), unquiet AS (
    DELETE FROM quiet_hours WHERE person = :person
), without_access AS (
    DELETE FROM access_change WHERE person = :person
), without_papers AS (
    DELETE FROM document WHERE customer = :person
), without_code AS (
    UPDATE mail SET code = NULL WHERE person = :person AND code IS NOT NULL
)
DELETE FROM person WHERE person = :person;

-- name: redact_waiting(person, over_with_person)
-- Ends the mails of an erased person that no mailer has leased; returns them.
UPDATE mail SET state = CASE WHEN intent = any(:over_with_person::text []) THEN 'overtaken' ELSE 'redacted' END
WHERE person = :person AND state = 'waiting'
RETURNING mail, commission, person, intent, about, state;

-- name: record_commission(commission, submitted_at, needed_by)!
-- Keeps what mails say about a commission.
INSERT INTO commission (commission, submitted_at, needed_by)
VALUES (:commission, :submitted_at, :needed_by)
ON CONFLICT (commission) DO NOTHING;

-- name: record_needed_by(commission, needed_by)!
-- Keeps by which day the piece is needed, as it is wished now.
UPDATE commission SET needed_by = :needed_by WHERE commission = :commission;

-- name: record_brief(commission, version, craft, offering, offering_version, answers)!
-- Keeps what is to be made; an older version changes nothing.
INSERT INTO brief AS b (commission, version, craft, offering, offering_version, answers)
VALUES (:commission, :version, :craft, :offering, :offering_version, :answers::jsonb)
ON CONFLICT (commission) DO UPDATE SET
    version = excluded.version,
    craft = excluded.craft,
    offering = excluded.offering,
    offering_version = excluded.offering_version,
    answers = excluded.answers
WHERE b.version < excluded.version;

-- name: erase_brief(commission)!
-- Forgets what was to be made.
DELETE FROM brief WHERE commission = :commission;

-- name: record_fact(commission, type, version, data)$
-- Keeps a fact of a commission, unless its customer was erased; whether it was not kept before.
WITH kept AS (
    INSERT INTO fact (commission, type, version, data)
    SELECT :commission, :type, :version, :data::jsonb
    WHERE NOT EXISTS (
        SELECT 1
        FROM addressee AS a
        INNER JOIN erased_person AS e ON e.person = a.person
        WHERE a.commission = :commission AND a.addressee = 'customer'
    )
    ON CONFLICT (commission, type, version) DO NOTHING
)
SELECT NOT EXISTS (
    SELECT FROM fact AS f WHERE f.commission = :commission AND f.type = :type AND f.version = :version
) AS is_news;

-- name: forget_if_erased(commission)!
-- Forgets the facts of a commission that arrived before it was known that its customer was erased.
DELETE FROM fact AS f
USING addressee AS a, erased_person AS e
WHERE f.commission = :commission AND a.commission = f.commission AND a.addressee = 'customer' AND e.person = a.person;

-- name: facts(commission)
-- The facts that are known of a commission.
SELECT f.type, f.version, f.data::text AS data
FROM fact AS f
WHERE f.commission = :commission;

-- name: complete_mails(commission, now)$
-- Lets the incomplete mails of a commission be looked at now, since a fact has arrived; counts them. One that is held
-- back stays so: GREATEST passes over NULL.
WITH due AS (
    UPDATE mail SET due_at = greatest(:now::timestamptz, held_until)
    WHERE commission = :commission AND state = 'waiting' AND incomplete AND due_at > :now::timestamptz
    RETURNING mail
)
SELECT count(*) FROM due;

-- name: set_cut_over(topic, at)!
-- Fixes the instant before which nothing on a topic is mailed; one that is there stays.
INSERT INTO cut_over (topic, at) VALUES (:topic, :at)
ON CONFLICT (topic) DO NOTHING;

-- name: record_approval(approval, gate)!
-- Keeps which gate an approval is about.
INSERT INTO approval (approval, gate) VALUES (:approval, :gate)
ON CONFLICT (approval) DO NOTHING;

-- name: record_text(text, body)!
-- Keeps what a mail quotes.
INSERT INTO quotable_text (text, body) VALUES (:text, :body)
ON CONFLICT (text) DO UPDATE SET body = excluded.body;

-- name: erase_text(text)!
-- Forgets a text.
DELETE FROM quotable_text WHERE text = :text;

-- name: record_addressee(commission, addressee, person)$
-- Keeps who reads the mails about a commission; returns it, unless it was this person already.
INSERT INTO addressee AS a (commission, addressee, person) VALUES (:commission, :addressee, :person)
ON CONFLICT (commission, addressee) DO UPDATE SET person = excluded.person WHERE a.person <> excluded.person
RETURNING a.commission;

-- name: newest_mail(commission, intent, addressee, person)^
-- The state of the newest mail of this intent to this addressee of the commission; to this person, if one is named.
SELECT m.state, m.due_at
FROM mail AS m
WHERE m.commission = :commission AND m.intent = :intent AND m.addressee = :addressee
AND (:person::uuid IS NULL OR m.person = :person::uuid)
ORDER BY m.requested_at DESC, m.mail DESC
LIMIT 1;

-- name: request_mail(mail, commission, person, addressee, intent, about, topic, version, happened_at, in_order, names_piece, text, requested_at, held_until, good_until, traceparent, daily, failed, omitted_after)!
-- Queues a mail, unless this commission has one of this intent that is about the same, or its fact is too old. One that is too
-- old, but younger than `omitted_after`, is queued all the same, to be said to be omitted.
INSERT INTO mail (
    mail, commission, person, addressee, intent, about, topic, version, happened_at, in_order,
    names_piece, text, requested_at, held_until, good_until, due_at, traceparent, daily,
    failed
)
SELECT
    :mail, :commission, :person, :addressee, :intent, :about, :topic, :version, :happened_at, :in_order,
    :names_piece, :text, :requested_at, :held_until, :good_until,
    greatest(:requested_at::timestamptz, :held_until::timestamptz), :traceparent, :daily,
    :failed
WHERE NOT EXISTS (SELECT 1 FROM cut_over AS c WHERE c.topic = :topic AND c.at > :happened_at::timestamptz)
    OR :happened_at::timestamptz > :omitted_after::timestamptz
ON CONFLICT (commission, intent, about) DO NOTHING;

-- name: next_due(now, incomplete_before, in_order_after)^
-- The mail that has been due for longest and whose person's address is known; locked, so that others pass over it. One
-- whose brief or text has not arrived yet is sent without it only if it was requested before `incomplete_before`. One
-- that is in order waits for those before it, and as long as an event of its commission is parked. One that is
-- incomplete holds the others only if it was requested after `in_order_after`.
SELECT
    m.mail, m.attempts + 1 AS attempt, m.commission, p.person, m.intent, m.addressee, m.about, m.version,
    m.requested_at, m.good_until, m.happened_at, greatest(m.requested_at, m.held_until) AS dated,
    (SELECT min(d.begun_at) FROM delivery AS d WHERE d.mail = m.mail) AS tried_since,
    m.traceparent, m.daily, m.failed, p.name, p.email, p.language, c.submitted_at, c.needed_by,
    b.craft, b.offering, b.offering_version, b.answers,
    coalesce(v.gate, '') AS gate, coalesce(q.body, '') AS question, coalesce(t.body, '') AS answer,
    may_be_told(p.person, m.addressee, m.happened_at) AS may_be_read,
    EXISTS (SELECT 1 FROM cut_over AS o WHERE o.topic = m.topic AND o.at > m.happened_at) AS too_old
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.addressee = m.addressee
INNER JOIN person AS p ON p.person = coalesce(m.person, a.person)
LEFT JOIN commission AS c ON c.commission = m.commission
LEFT JOIN brief AS b ON b.commission = m.commission
LEFT JOIN approval AS v ON v.approval = m.about
LEFT JOIN quotable_text AS q ON q.text = m.about
LEFT JOIN quotable_text AS t ON t.text = m.text
WHERE m.state IN ('waiting', 'sending') AND m.due_at <= :now
AND (
    ((b.commission IS NOT NULL OR NOT m.names_piece) AND (m.text IS NULL OR t.text IS NOT NULL))
    OR m.requested_at <= :incomplete_before
)
AND NOT (
    m.in_order
    AND (
        EXISTS (
            SELECT 1
            FROM mail AS o
            WHERE o.commission = m.commission AND o.addressee = m.addressee
            AND o.in_order AND o.state IN ('waiting', 'sending')
            AND NOT (o.incomplete AND o.requested_at <= :in_order_after)
            AND (o.happened_at, o.requested_at, o.mail) < (m.happened_at, m.requested_at, m.mail)
        )
        OR EXISTS (SELECT 1 FROM parked AS f WHERE f.key = m.commission::text AND f.state IN ('waiting', 'replay'))
    )
)
ORDER BY m.due_at, m.mail
LIMIT 1
FOR UPDATE OF m SKIP LOCKED;

-- name: look_again(mail, due_at)!
-- Lets an incomplete mail wait until then.
UPDATE mail SET incomplete = true, due_at = :due_at, state = 'waiting', lease = NULL
WHERE mail = :mail;

-- name: end_unsent(mail, state)^
-- Ends a mail that is not sent; returns it. What it was to tell of besides waits for another one.
WITH freed AS (
    UPDATE mail SET state = 'waiting', part_of = NULL WHERE part_of = :mail
)
UPDATE mail SET state = :state, lease = NULL
WHERE mail = :mail
RETURNING mail, commission, person, intent, about, state;

-- name: begin_attempt(mail, attempt, person, day, amount_minor, amount_currency, code, lease, now, until, address)!
-- Leases a mail to one mailer, fixes its person and what it says, and opens the attempt in the log; an attempt left open was interrupted.
WITH interrupted AS (
    UPDATE delivery SET outcome = 'interrupted', ended_at = :now
    WHERE mail = :mail AND outcome = 'under_way'
), begun AS (
    INSERT INTO delivery (mail, attempt, begun_at, address) VALUES (:mail, :attempt, :now, :address)
)
UPDATE mail SET
    state = 'sending',
    person = :person,
    incomplete = false,
    day = :day,
    amount_minor = :amount_minor,
    amount_currency = :amount_currency,
    code = :code,
    lease = :lease,
    due_at = :until,
    attempts = :attempt
WHERE mail = :mail;

-- name: end_attempt(mail, attempt, outcome, smtp_code, now)!
-- Records how an attempt ended, also when the lease has passed to another mailer meanwhile.
UPDATE delivery SET outcome = :outcome, smtp_code = :smtp_code, ended_at = :now
WHERE mail = :mail AND attempt = :attempt;

-- name: apply_transition(mail, lease, state, due_at)$
-- Gives a leased mail its next state, and returns its id. When the lease has passed to another mailer only one result
-- still counts: that the server accepted the mail. Where it ends unsent, what it was to tell of besides leaves the next day.
WITH freed AS (
    UPDATE mail AS p SET state = 'waiting', part_of = NULL, due_at = :due_at::timestamptz + interval '1 day'
    FROM mail AS m
    WHERE m.mail = :mail AND m.lease = :lease AND :state IN ('refused', 'given_up') AND p.part_of = m.mail
)
UPDATE mail SET state = :state, lease = NULL, due_at = :due_at
WHERE mail = :mail AND (lease = :lease OR (:state = 'sent' AND state IN ('waiting', 'sending', 'overtaken')))
RETURNING mail;

-- name: close_undeliverable(now, requested_before, at_most, over_with_person)
-- Ends mails that nobody can ever send: their person was erased, or no address became known in all this time.
WITH undeliverable AS (
    SELECT u.mail, a.person, e.person IS NOT NULL AS erased
    FROM mail AS u
    LEFT JOIN addressee AS a ON a.commission = u.commission AND a.addressee = u.addressee
    LEFT JOIN person AS p ON p.person = coalesce(u.person, a.person)
    LEFT JOIN erased_person AS e ON e.person = coalesce(u.person, a.person)
    WHERE u.state IN ('waiting', 'sending') AND u.due_at <= :now AND p.person IS NULL
    AND (e.person IS NOT NULL OR u.requested_at <= :requested_before)
    LIMIT :at_most
    FOR UPDATE OF u SKIP LOCKED
)
UPDATE mail AS m SET
    state = CASE
        WHEN NOT u.erased THEN 'given_up'
        WHEN m.intent = any(:over_with_person::text []) THEN 'overtaken'
        ELSE 'redacted'
    END,
    person = coalesce(m.person, u.person),
    lease = NULL
FROM undeliverable AS u
WHERE m.mail = u.mail
RETURNING m.mail, m.commission, m.person, m.intent, m.about, m.state;

-- name: queue(now)^
-- How many mails have not ended yet, how many of them wait for an address, and when the oldest was requested.
SELECT
    count(*) AS unsent,
    count(*) FILTER (WHERE p.person IS NULL) AS without_address,
    min(m.requested_at) FILTER (WHERE m.due_at <= :now) AS oldest
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.addressee = m.addressee
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.state IN ('waiting', 'sending');

-- name: commission_known(commission)$
-- Whether anything is known of this commission: it was submitted, or a mail about it was requested.
SELECT EXISTS (SELECT 1 FROM commission AS c WHERE c.commission = :commission)
OR EXISTS (SELECT 1 FROM mail AS m WHERE m.commission = :commission) AS known;

-- name: mails(commission, before, before_mail, at_most)
-- The mails about a commission, newest first, from the one after the given place on (no place: from the newest).
SELECT
    m.mail, m.intent, m.addressee, coalesce(m.person, a.person) AS person, m.about, m.day,
    m.amount_minor, m.amount_currency, m.code, m.state, m.requested_at, m.held_until, m.due_at,
    p.person IS NOT NULL AS address_known, m.incomplete AS is_incomplete,
    m.in_order AND EXISTS (
        SELECT 1 FROM parked AS f WHERE f.key = m.commission::text AND f.state IN ('waiting', 'replay')
    ) AS is_behind_failed_event
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.addressee = m.addressee
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.commission = :commission
AND (:before::timestamptz IS NULL OR (m.requested_at, m.mail) < (:before::timestamptz, :before_mail::uuid))
ORDER BY m.requested_at DESC, m.mail DESC
LIMIT :at_most;

-- name: deliveries(mails)
-- Every attempt to deliver these mails, first to last.
SELECT d.mail, d.attempt, d.begun_at, d.ended_at, d.outcome, d.smtp_code, d.address
FROM delivery AS d
WHERE d.mail = any(:mails::uuid [])
ORDER BY d.mail, d.attempt;

-- name: revision(commission)$
-- A short text that changes whenever anything in this commission's log does, or one of its events fails or is decided.
SELECT md5(concat_ws(
    ';',
    string_agg(concat_ws('/', m.mail, m.state, m.attempts, m.due_at, m.incomplete, p.person), ',' ORDER BY m.mail),
    bool_or(EXISTS (
        SELECT 1 FROM parked AS f WHERE f.key = m.commission::text AND f.state IN ('waiting', 'replay')
    ))
)) AS revision
FROM mail AS m
LEFT JOIN addressee AS a ON a.commission = m.commission AND a.addressee = m.addressee
LEFT JOIN person AS p ON p.person = coalesce(m.person, a.person)
WHERE m.commission = :commission;

-- name: studio(happened_at)
-- The people of the studio who have access, and had it then.
SELECT p.person
FROM person AS p
WHERE p.role = 'ops' AND has_access(p.person, :happened_at)
ORDER BY p.person;

-- name: change_access(person, at, granted)!
-- Remembers that somebody was given access, or that it ended.
INSERT INTO access_change (person, at, granted) VALUES (:person, :at, :granted)
ON CONFLICT (person, at) DO UPDATE SET granted = excluded.granted;

-- name: maker_of(commission)$
-- Who makes the piece, by the newest fact.
SELECT person FROM addressee WHERE commission = :commission AND addressee = 'maker';

-- name: timings(people)
-- What these people have chosen.
SELECT person, intent, timing FROM preference WHERE person = ANY(:people::uuid []);

-- name: quiet_hours(people)
-- When these people get no such mail.
SELECT person, begins, ends FROM quiet_hours WHERE person = ANY(:people::uuid []);

-- name: choose(person, intents, timings, begins, ends)!
-- Keeps what somebody has chosen, in place of what they chose before.
WITH chosen AS (
    INSERT INTO preference (person, intent, timing)
    SELECT :person, c.intent, c.timing FROM unnest(:intents::text [], :timings::text []) AS c (intent, timing)
    ON CONFLICT (person, intent) DO UPDATE SET timing = excluded.timing
), loud AS (
    DELETE FROM quiet_hours WHERE person = :person AND :begins::time IS NULL
)
INSERT INTO quiet_hours (person, begins, ends)
SELECT :person, :begins::time, :ends::time WHERE :begins::time IS NOT NULL
ON CONFLICT (person) DO UPDATE SET begins = excluded.begins, ends = excluded.ends;

-- name: told_with(mail, person, now)
-- What else this person is told of once a day and is due; locked, so that no other mailer leases it.
SELECT m.mail, m.intent, m.commission, m.version, may_be_told(m.person, m.addressee, m.happened_at) AS may_be_read
FROM mail AS m
WHERE m.person = :person AND m.daily AND m.state = 'waiting' AND m.due_at <= :now AND m.mail <> :mail
ORDER BY m.happened_at, m.mail
LIMIT 200
FOR UPDATE SKIP LOCKED;

-- name: gather(mails, into_mail)!
-- Lets one daily mail tell of these.
UPDATE mail SET state = 'gathered', part_of = :into_mail WHERE mail = ANY(:mails::uuid []);

-- name: items(mail)
-- What a daily mail tells of, in the order in which it happened.
SELECT m.intent, m.commission, m.happened_at, m.failed
FROM mail AS m
WHERE m.mail = :mail OR m.part_of = :mail
ORDER BY m.happened_at, m.mail;
