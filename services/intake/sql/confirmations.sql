-- name: sender_limits(person, mails_since)^
-- Whether somebody may send a request: whether their address is confirmed, what they have open, and what their address has.
SELECT known, unpaid, unconfirmed, mails FROM hold_sender(:person, :mails_since);

-- name: count_mail_to(id, person, at)!
-- Counts a mail to somebody's address.
INSERT INTO mail_to_address (id, address_sha256, asked_at)
SELECT :id, sha256(convert_to(lower(p.email), 'UTF8')), :at FROM person AS p WHERE p.person = :person;

-- name: account_of_address(person, name, email, language, at)^
-- The account of an address: the one that there is, else this new one. Whom the studio recorded with it is its account from now
-- on. Its row is held until the transaction ends.
INSERT INTO person AS p (person, role, name, email, language, recorded_at, confirmed_at)
VALUES (:person, 'customer', :name, :email, :language, :at, :at)
ON CONFLICT (lower(email))
WHERE role = 'customer' AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL) AND email <> '' AND erased_at IS NULL
DO UPDATE SET confirmed_at = coalesce(p.confirmed_at, excluded.confirmed_at)
RETURNING p.person, p.role, p.name, p.email, p.language, p.confirmed_at, p.account;

-- name: unconfirmed_of(person)
-- What somebody has sent that is not confirmed yet, oldest first; held until the transaction ends.
SELECT
    commission, customer, craft, offering, offering_version, offering_sha256, brief_version, submitted_at, state, needed_by,
    recipient, delivery_country, withdrawn_at,
    withdrawal_reason, closed_at, outcome, receipt_confirmed_at, sent_by, confirmed_at, entered_by, entered_way
FROM commission
WHERE customer = :person AND state = 'unconfirmed'
ORDER BY submitted_at, commission
FOR UPDATE;

-- name: unpaid_of(person)$
-- How many commissions of an account are open and not paid.
SELECT count(*) AS unpaid FROM commission
WHERE customer = :person AND state IN ('unconfirmed', 'open') AND booked_at IS NULL;

-- name: confirm_commissions(commissions, account, at)!
-- Gives requests to the account that they are confirmed by, with their pictures.
WITH confirmed AS (
    UPDATE commission SET customer = :account, state = 'open', confirmed_at = :at
    WHERE commission = ANY(:commissions::uuid []) AND state = 'unconfirmed'
    RETURNING commission
)
UPDATE image AS i SET owner = :account FROM confirmed AS c WHERE i.commission = c.commission;

-- name: join_account(person, account)!
-- Leaves of a provisional customer only which account they are; with the pictures that wait for a form.
WITH joined AS (
    UPDATE person SET name = '', email = '', account = :account WHERE person = :person
)
UPDATE image SET owner = :account WHERE owner = :person;

-- name: drop_requests(commissions)!
-- Deletes requests that nobody confirmed, with all that belongs to them.
WITH gone AS (
    SELECT commission FROM commission WHERE commission = ANY(:commissions::uuid []) AND state = 'unconfirmed'
), briefs AS (
    DELETE FROM brief WHERE commission IN (SELECT commission FROM gone)
), pictures AS (
    DELETE FROM image WHERE commission IN (SELECT commission FROM gone)
)
DELETE FROM commission WHERE commission IN (SELECT commission FROM gone);

-- name: drop_provisional(persons)
-- Deletes provisional customers who have no request any more, with their ways in and waiting pictures; returns them, each with
-- the sessions that were not over yet.
WITH gone AS (
    SELECT p.person FROM person AS p
    WHERE p.person = ANY(:persons::uuid []) AND p.role = 'customer' AND p.confirmed_at IS NULL AND p.entered_by IS NULL
        AND p.erased_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM commission AS c WHERE c.customer = p.person)
), opened AS (
    DELETE FROM session WHERE person IN (SELECT person FROM gone)
), invited AS (
    DELETE FROM invitation WHERE person IN (SELECT person FROM gone)
), pictures AS (
    DELETE FROM image WHERE owner IN (SELECT person FROM gone) AND commission IS NULL
)
DELETE FROM person AS p WHERE p.person IN (SELECT g.person FROM gone AS g)
RETURNING p.person, ARRAY(SELECT s.session FROM session AS s WHERE s.person = p.person AND s.revoked_at IS NULL) AS sessions;

-- name: to_remind(submitted_before, at_most)
-- Requests whose first mail nobody has answered for so long, each with its newest right; others pass over them meanwhile.
SELECT c.commission, c.customer, r.id AS "right"
FROM commission AS c
CROSS JOIN LATERAL (
    SELECT o.id FROM one_time_right AS o
    WHERE o.about = c.commission AND o.purpose = 'confirmation'
    ORDER BY o.made_at DESC, o.id DESC LIMIT 1
) AS r
WHERE c.state = 'unconfirmed' AND c.reminded_at IS NULL AND c.submitted_at <= :submitted_before
ORDER BY c.submitted_at
LIMIT :at_most
FOR UPDATE OF c SKIP LOCKED;

-- name: reminded(commissions, at)!
-- Remembers that these were reminded of.
UPDATE commission SET reminded_at = :at WHERE commission = ANY(:commissions::uuid []);

-- name: to_drop(submitted_before, at_most)
-- Requests that nobody has confirmed for so long; others pass over them and their senders meanwhile.
SELECT c.commission, c.customer
FROM commission AS c INNER JOIN person AS p ON p.person = c.customer
WHERE c.state = 'unconfirmed' AND c.submitted_at <= :submitted_before
ORDER BY c.submitted_at
LIMIT :at_most
FOR UPDATE OF c, p SKIP LOCKED;

-- name: left_behind(recorded_before, at_most)
-- Provisional customers of so long ago who have no request, and those who joined an account so long ago.
SELECT p.person FROM person AS p
WHERE p.role = 'customer' AND p.confirmed_at IS NULL AND p.entered_by IS NULL AND p.erased_at IS NULL
    AND p.recorded_at <= :recorded_before
    AND NOT EXISTS (SELECT 1 FROM commission AS c WHERE c.customer = p.person)
ORDER BY p.recorded_at
LIMIT :at_most
FOR UPDATE SKIP LOCKED;

-- name: book_commissions(commissions, at)!
-- Remembers that these are paid for: they do not count among what is open.
UPDATE commission SET booked_at = :at WHERE commission = ANY(:commissions::uuid []) AND booked_at IS NULL;

-- name: confirmed_of(sender)$
-- The newest of what somebody sent who joined an account since it was confirmed.
SELECT c.commission
FROM person AS p INNER JOIN commission AS c ON c.customer = p.account AND c.sent_by = p.person
WHERE p.person = :sender
ORDER BY c.submitted_at DESC, c.commission DESC
LIMIT 1;
