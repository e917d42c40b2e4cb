-- name: agree(commission, quote, version, customer, document, sha256, reference, address, at)!
-- Keeps what was agreed, for good.
INSERT INTO contract (commission, quote, version, customer, document, sha256, reference, address, accepted_at)
VALUES (:commission, :quote, :version, :customer, :document, :sha256, :reference, :address, :at);

-- name: contract(commission)^
-- What was agreed about a commission.
SELECT commission, quote, version, customer, document, sha256, reference, address, accepted_at
FROM contract WHERE commission = :commission;

-- name: by_reference(reference)$
-- The commission that a transfer with this reference is about.
SELECT commission FROM contract WHERE reference = :reference;

-- name: next_number(year)$
-- The next invoice number of this year. Its row stays locked until the commit, so that none is skipped.
INSERT INTO invoice_year AS y (year, last) VALUES (:year, 1)
ON CONFLICT (year) DO UPDATE SET last = y.last + 1
RETURNING last;

-- name: lock_person(person)!
-- Takes turns: an invoice is issued to somebody, and intake's word of who that is arrives.
SELECT pg_advisory_xact_lock(hashtextextended(:person::uuid::text, 1));

-- name: issue(invoice, number, commission, kind, issued_on, issued_at, due_on, currency, vat_percent, net, vat, total, deducted, details, customer)!
-- Issues an invoice under the customer's name as it is known now.
INSERT INTO invoice (
    invoice, number, commission, kind, issued_on, issued_at, due_on, currency, vat_percent, net_minor, vat_minor, total_minor,
    deducted_minor, details, customer, customer_name
)
VALUES (
    :invoice, :number, :commission, :kind, :issued_on, :issued_at, :due_on, :currency, :vat_percent, :net, :vat, :total,
    :deducted, :details::jsonb, :customer, (SELECT p.name FROM person AS p WHERE p.person = :customer)
);

-- name: invoices(commission)
-- The invoices of a commission in the order they were issued.
SELECT
    i.invoice, i.number, i.commission, i.kind, i.issued_on, i.issued_at, i.due_on, i.currency, i.vat_percent, i.net_minor,
    i.vat_minor, i.total_minor, i.deducted_minor, i.details, i.customer, i.customer_name, p.paid_at, x.until_day AS extended_to
FROM invoice AS i
LEFT JOIN invoice_paid AS p ON p.invoice = i.invoice
LEFT JOIN invoice_extended AS x ON x.invoice = i.invoice
WHERE i.commission = :commission
ORDER BY i.issued_at, i.number;

-- name: extend_invoice(commission, kind, until_day)$
-- Gives more time for an invoice; never less than it says, or than was given before.
INSERT INTO invoice_extended AS x (invoice, until_day)
SELECT i.invoice, :until_day::date FROM invoice AS i
WHERE i.commission = :commission AND i.kind = :kind AND i.due_on < :until_day::date
ON CONFLICT (invoice) DO UPDATE SET until_day = excluded.until_day WHERE x.until_day < excluded.until_day
RETURNING true;

-- name: mark_paid(invoice, at)!
-- Keeps that an invoice is covered in full.
INSERT INTO invoice_paid (invoice, paid_at) VALUES (:invoice, :at);

-- name: add_payment(payment, commission, currency, amount, applied, left, received_on, at, by, bank_reference)!
-- Keeps that money came in.
INSERT INTO payment (
    payment, commission, currency, amount_minor, applied_minor, left_minor, received_on, recorded_at, recorded_by, bank_reference
)
VALUES (:payment, :commission, :currency, :amount, :applied, :left, :received_on, :at, :by, :bank_reference);

-- name: payments(commission)
-- What came in for a commission, oldest first.
SELECT
    payment, commission, currency, amount_minor, applied_minor, left_minor, received_on, recorded_at, bank_reference
FROM payment WHERE commission = :commission ORDER BY recorded_at, payment;

-- name: payment_by_bank_reference(bank_reference)^
-- The payment that the bank calls this.
SELECT
    payment, commission, currency, amount_minor, applied_minor, left_minor, received_on, recorded_at, bank_reference
FROM payment WHERE bank_reference = :bank_reference;

-- name: lock_bank_reference(bank_reference)!
-- Takes turns with whoever enters the same transfer at this moment.
SELECT pg_advisory_xact_lock(hashtextextended(:bank_reference, 0));

-- name: add_refund(refund, commission, currency, amount, reason, at)!
-- Keeps that money has to go back.
INSERT INTO refund (refund, commission, currency, amount_minor, reason, due_at)
VALUES (:refund, :commission, :currency, :amount, :reason, :at);

-- name: pay_refund(refund, paid_on, at, by)!
-- Keeps that a refund was transferred.
UPDATE refund SET paid_on = :paid_on, paid_at = :at, paid_by = :by WHERE refund = :refund AND paid_at IS NULL;

-- name: refunds(commission)
-- What goes back of a commission's money, oldest first.
SELECT refund, commission, currency, amount_minor, reason, due_at, paid_on
FROM refund WHERE commission = :commission ORDER BY due_at, refund;

-- name: refund(refund)^
-- One refund; whoever changes it has the lock of its commission.
SELECT refund, commission, currency, amount_minor, reason, due_at, paid_on FROM refund WHERE refund = :refund;

-- name: settle(commission, percent, reason, currency, owed, paid, refund, left, at)!
-- Keeps what a cancellation came to.
INSERT INTO settlement (
    commission, percent, reason, currency, owed_minor, paid_minor, refund_minor, left_minor, settled_at
)
VALUES (:commission, :percent, :reason, :currency, :owed, :paid, :refund, :left, :at);

-- name: settlement(commission)^
-- What the cancellation of a commission came to.
SELECT percent, reason, currency, owed_minor, paid_minor, refund_minor, left_minor, settled_at
FROM settlement WHERE commission = :commission;

-- name: book(transaction, commission, kind, about, at, entries)!
-- Books one transaction with its entries, given as a JSON array; the database refuses it at the commit unless it is balanced.
WITH made AS (
    INSERT INTO ledger_transaction (transaction, commission, kind, about, at)
    VALUES (:transaction, :commission, :kind, :about, :at)
)
INSERT INTO ledger_entry (transaction, place, account, commission, currency, amount_minor)
SELECT :transaction, e.place, e.account, :commission, e.currency, e.amount_minor
FROM jsonb_to_recordset(:entries::jsonb) AS e (place integer, account text, currency text, amount_minor bigint);

-- name: balance(commission, account)$
-- What stands on an account for this commission: debits above zero.
SELECT coalesce(sum(amount_minor), 0)::bigint AS balance
FROM ledger_entry WHERE commission = :commission AND account = :account;

-- name: entries_of_invoice(about)
-- The entries that were booked when this invoice was issued.
SELECT e.account, e.currency, e.amount_minor
FROM ledger_transaction AS t INNER JOIN ledger_entry AS e ON e.transaction = t.transaction
WHERE t.about = :about AND t.kind = 'invoiced'
ORDER BY e.place;

-- name: open_invoices(before, before_invoice, at_most)
-- The invoices that wait for money, newest first, from the one after the given place on.
SELECT
    i.invoice, i.number, i.commission, coalesce(d.document ->> 'title', v.offering) AS title, i.kind, i.currency,
    (i.total_minor - i.deducted_minor)::bigint AS total_minor,
    (
        SELECT coalesce(sum(e.amount_minor), 0)::bigint FROM ledger_entry AS e
        WHERE e.commission = i.commission AND e.account = 'receivable'
    ) AS left_minor,
    i.issued_on, i.issued_at, i.due_on, x.until_day AS extended_to, c.reference
FROM invoice AS i
INNER JOIN contract AS c ON c.commission = i.commission
INNER JOIN quote_version AS v ON v.quote = c.quote AND v.version = c.version
LEFT JOIN offering_document AS d ON d.craft = v.craft AND d.offering = v.offering AND d.version = v.offering_version
LEFT JOIN invoice_paid AS p ON p.invoice = i.invoice
LEFT JOIN invoice_extended AS x ON x.invoice = i.invoice
LEFT JOIN settlement AS s ON s.commission = i.commission
WHERE p.invoice IS NULL AND (s.commission IS NULL OR i.kind = 'cancellation') AND i.total_minor > i.deducted_minor
    AND (:before::timestamptz IS NULL OR (i.issued_at, i.invoice) < (:before::timestamptz, :before_invoice::uuid))
ORDER BY i.issued_at DESC, i.invoice DESC
LIMIT :at_most;

-- name: open_refunds(at_most)
-- The refunds that wait to be transferred, oldest first.
SELECT
    r.refund, r.commission, coalesce(d.document ->> 'title', v.offering, '') AS title, r.currency, r.amount_minor, r.reason, r.due_at
FROM refund AS r
LEFT JOIN quote AS q ON q.commission = r.commission
LEFT JOIN quote_version AS v ON v.quote = q.quote AND v.version = coalesce(q.accepted, q.newest)
LEFT JOIN offering_document AS d ON d.craft = v.craft AND d.offering = v.offering AND d.version = v.offering_version
WHERE r.paid_at IS NULL
ORDER BY r.due_at, r.refund
LIMIT :at_most;
