-- name: lock_leaving(person)^
-- Somebody who may leave, held against change until the commit; nothing for one who is erased, or joined an account.
SELECT person, role, name, email, language FROM person
WHERE person = :person AND erased_at IS NULL AND account IS NULL
FOR UPDATE;

-- name: erasure(person)^
-- Whether somebody asked to be erased, and what came of it.
SELECT person, role, asked_by, asked_at, erased_at, commissions, texts, pictures
FROM erasure WHERE person = :person;

-- name: erasures(before, before_person, at_most)
-- Those who left or want to, newest first, from the one after the given place on.
SELECT person, role, asked_by, asked_at, erased_at, commissions, texts, pictures
FROM erasure
WHERE :before::timestamptz IS NULL OR (asked_at, person) < (:before::timestamptz, :before_person::uuid)
ORDER BY asked_at DESC, person DESC
LIMIT :at_most;

-- name: ask_erasure(person, role, asked_by, asked_at)!
-- Writes down that somebody is to be erased; once that was asked it stays as it was.
INSERT INTO erasure (person, role, asked_by, asked_at) VALUES (:person, :role, :asked_by, :asked_at)
ON CONFLICT (person) DO NOTHING;

-- name: take_back_erasure(person)$
-- Forgets that somebody wanted to leave, if nothing was erased yet.
DELETE FROM erasure WHERE person = :person AND erased_at IS NULL RETURNING person;

-- name: end_erasure(person, role, erased_at, commissions, texts, pictures)!
-- Writes down what was erased. A person whom a restored database revived is erased without having asked again.
INSERT INTO erasure AS e (person, role, asked_by, asked_at, erased_at, commissions, texts, pictures)
VALUES (:person, :role, :person, :erased_at, :erased_at, :commissions, :texts, :pictures)
ON CONFLICT (person) DO UPDATE SET
    erased_at = coalesce(e.erased_at, excluded.erased_at),
    commissions = greatest(e.commissions, excluded.commissions),
    texts = greatest(e.texts, excluded.texts),
    pictures = greatest(e.pictures, excluded.pictures);

-- name: due_erasures(ended_before, last_mails, at_most)
-- Whom nothing keeps any longer, who asked first before the others: neither what is open, nor what ended lately and whose last mail
-- is on its way. That is by the outcome, {"completed": "certificate_ready"}.
SELECT e.person FROM erasure AS e
WHERE e.erased_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM commission AS c
    WHERE c.customer = e.person AND (
        c.state <> 'closed'
        OR (
            c.closed_at > :ended_before AND NOT EXISTS (
                SELECT 1 FROM commission_fact AS f
                WHERE f.commission = c.commission
                    AND f.type IN (
                        'touchmark.notifications.MailSent',
                        'touchmark.notifications.MailFailed',
                        'touchmark.notifications.MailOmitted'
                    )
                    AND f.fact ->> 'person' = c.customer::text AND f.fact ->> 'intent' = :last_mails::jsonb ->> c.outcome
            )
        )
    )
)
ORDER BY e.asked_at, e.person
LIMIT :at_most;

-- name: revived(at_most)
-- Whom a database that was restored has revived: their keys are young, since it knew nothing of them. Of who joined an account
-- nothing is left. A key is kept of provisional customers too, once they are confirmed: in a backup from before that they are no
-- one who left. Those who did have left the key of their request's brief behind.
SELECT p.person
FROM erased_key AS k
INNER JOIN person AS p ON p.person = k.key
WHERE k.topic = 'touchmark.people' AND k.own AND k.repeats < 2 AND p.erased_at IS NULL AND p.account IS NULL
    AND (
        p.role <> 'customer' OR p.confirmed_at IS NOT NULL OR p.entered_by IS NOT NULL
        OR EXISTS (SELECT 1 FROM erasure AS a WHERE a.person = p.person)
        OR EXISTS (
            SELECT 1 FROM commission AS c
            INNER JOIN erased_key AS b ON b.topic = 'touchmark.briefs' AND b.key = c.commission AND b.own
            WHERE c.customer = p.person AND c.state = 'unconfirmed'
        )
    )
LIMIT :at_most;

-- name: commissions_of(customer)
-- All commissions of somebody, oldest first.
SELECT
    commission, customer, craft, offering, offering_version, offering_sha256, brief_version, delivery_country,
    submitted_at, state, needed_by, recipient, withdrawn_at, withdrawal_reason, closed_at, outcome, receipt_confirmed_at,
    sent_by, confirmed_at, entered_by, entered_way
FROM commission WHERE customer = :customer ORDER BY submitted_at, commission;

-- name: open_commissions_named(maker)
-- The commissions that have not ended, and for which this maker ever had hours.
SELECT c.commission FROM commission AS c
WHERE c.state <> 'closed' AND c.commission IN (
    SELECT f.commission FROM commission_fact AS f WHERE f.fact ->> 'maker' = :maker::uuid::text
);

-- name: own_texts(commissions)
-- The texts about these commissions that intake published, and that are not erased yet.
SELECT t.text FROM commission_text AS t
INNER JOIN stream AS s ON s.topic = 'touchmark.texts' AND s.key = t.text
WHERE t.commission = ANY(:commissions::uuid []) AND t.body IS NOT NULL;

-- name: erase_conversations(commissions)$
-- Forgets all that was written about these commissions, here or elsewhere, and counts it.
WITH erased AS (
    UPDATE commission_text SET body = NULL, images = '{}'
    WHERE commission = ANY(:commissions::uuid []) AND body IS NOT NULL
    RETURNING text
)
SELECT count(*) AS texts FROM erased;

-- name: erase_briefs(commissions)!
-- Forgets what was wished for, in every version, and what was wished instead.
WITH proposed AS (
    UPDATE change_proposal SET answers = '[]', images = '{}' WHERE commission = ANY(:commissions::uuid [])
)
UPDATE brief SET answers = '[]', images = '{}' WHERE commission = ANY(:commissions::uuid []);

-- name: erase_pictures(person, commissions)$
-- Deletes the pictures of these commissions, and those of somebody's that wait for a form; counts them.
WITH erased AS (
    DELETE FROM image
    WHERE commission = ANY(:commissions::uuid []) OR (owner = :person AND commission IS NULL)
    RETURNING image
)
SELECT count(*) AS pictures FROM erased;

-- name: erase_ways_in(person, commissions)
-- Deletes somebody's sessions, passkeys, authenticator apps and their codes, account at the provider, invitation and rights;
-- returns the sessions that were not over yet.
WITH rights AS (
    DELETE FROM one_time_right WHERE about = :person OR about = ANY(:commissions::uuid [])
), keys AS (
    DELETE FROM passkey WHERE person = :person
), accounts AS (
    DELETE FROM provider_account WHERE person = :person
), apps AS (
    DELETE FROM authenticator WHERE person = :person
), codes AS (
    DELETE FROM recovery_code WHERE person = :person
), misses AS (
    DELETE FROM second_step_miss WHERE person = :person
), invited AS (
    DELETE FROM invitation WHERE person = :person
), seen AS (
    DELETE FROM message_read WHERE person = :person
), networks AS (
    UPDATE security_event SET network = '' WHERE person = :person
), opened AS (
    DELETE FROM session WHERE person = :person RETURNING session, revoked_at
)
SELECT session FROM opened WHERE revoked_at IS NULL;

-- name: erase_person(person, erased_at)!
-- Forgets who somebody was, the words they were found by, and the names they typed on the studio's tablet. The id stays: facts name it.
WITH words AS (
    DELETE FROM person_word WHERE person = :person
), signed AS (
    UPDATE tablet_handover AS h SET name = ''
    FROM commission AS c WHERE c.customer = :person AND h.commission = c.commission
)
UPDATE person SET name = '', email = '', language = 'en', erased_at = :erased_at WHERE person = :person;

-- name: lock_studio()!
-- Lets one person of the studio leave at a time, until the commit: two at once would each count the other.
SELECT pg_advisory_xact_lock(hashtextextended('the studio leaves', 0));

-- name: other_ops(person)$
-- How many people of the studio there are besides, who can still sign in and do not leave themselves.
SELECT count(*) AS others FROM person AS p
WHERE p.role = 'ops' AND p.erased_at IS NULL AND p.access_ended_at IS NULL AND p.person <> :person
    AND NOT EXISTS (SELECT 1 FROM erasure AS e WHERE e.person = p.person);

-- name: pictures_of(person)
-- The pictures that somebody sent, with whatever commission.
SELECT image, owner, commission, media_type, width, height, content FROM image
WHERE owner = :person
ORDER BY stored_at, image;

-- name: texts_by(person)
-- What somebody wrote, about whatever commission, oldest first.
SELECT text, commission, author, author_role, subject, body, written_at, images FROM commission_text
WHERE author = :person AND body IS NOT NULL
ORDER BY written_at, text;

-- name: briefs_of(commissions)
-- Every version of these briefs.
SELECT commission, brief_version, answers::text AS answers, written_at
FROM brief WHERE commission = ANY(:commissions::uuid []) ORDER BY commission, brief_version;
