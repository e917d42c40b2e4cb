-- name: account(commission)$
-- The account of a commission as one JSON document: what its receivable comes to, what its invoices have posted, its contract
-- with all amendments, and its invoices, payments, refunds and credits, oldest first. Nothing where there is no quote.
SELECT json_build_object(
    'commission', q.commission,
    'left', (
        SELECT json_build_object('minor', coalesce(sum(e.amount_minor), 0), 'currency', v.currency)
        FROM ledger_entry AS e WHERE e.commission = q.commission AND e.account = 'receivable'
    ),
    'forgiven_minor', (
        SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry AS e
        WHERE e.commission = q.commission AND e.account = 'written_off'
    ),
    'invoiced', (
        SELECT coalesce(json_agg(json_build_object(
            'account', p.account, 'amount', json_build_object('minor', p.minor, 'currency', p.currency)
        )), '[]')
        FROM (
            SELECT e.account, e.currency, sum(e.amount_minor) AS minor
            FROM ledger_transaction AS t INNER JOIN ledger_entry AS e ON e.transaction = t.transaction
            WHERE t.commission = q.commission AND t.kind IN ('invoiced', 'credited')
            GROUP BY e.account, e.currency
        ) AS p
    ),
    'contract', (
        SELECT json_build_object(
            'commission', c.commission, 'customer', c.customer, 'reference', c.reference, 'address', c.address,
            'amendments', (
                SELECT json_agg(to_json(a) ORDER BY a.number) FROM contract_amendment AS a WHERE a.commission = c.commission
            )
        )
        FROM contract AS c WHERE c.commission = q.commission
    ),
    'invoices', (
        SELECT coalesce(json_agg(json_build_object(
            'invoice', i.invoice, 'number', i.number, 'commission', i.commission, 'amendment', i.amendment, 'kind', i.kind,
            'issued_on', i.issued_on, 'issued_at', i.issued_at, 'due_on', i.due_on, 'vat_percent', i.vat_percent::text,
            'amounts', json_build_object(
                'net', json_build_object('minor', i.net_minor, 'currency', i.currency),
                'vat', json_build_object('minor', i.vat_minor, 'currency', i.currency)
            ),
            'deducted', json_build_object('minor', i.deducted_minor, 'currency', i.currency),
            'details', i.details, 'customer', i.customer, 'customer_name', i.customer_name,
            'paid_at', p.paid_at, 'extended_to', x.until_day
        ) ORDER BY i.issued_at, i.number), '[]')
        FROM invoice AS i
        LEFT JOIN invoice_paid AS p ON p.invoice = i.invoice
        LEFT JOIN invoice_extended AS x ON x.invoice = i.invoice
        WHERE i.commission = q.commission
    ),
    'payments', (
        SELECT coalesce(json_agg(json_build_object(
            'payment', p.payment, 'commission', p.commission,
            'amount', json_build_object('minor', p.amount_minor, 'currency', p.currency),
            'applied', json_build_object('minor', p.applied_minor, 'currency', p.currency),
            'left', json_build_object('minor', p.left_minor, 'currency', p.currency),
            'received_on', p.received_on, 'recorded_at', p.recorded_at, 'recorded_by', p.recorded_by,
            'bank_reference', p.bank_reference, 'method', p.method, 'forgiven_minor', p.forgiven_minor,
            'reversal', p.reversal, 'reversed_at', p.reversed_at, 'reversed_by', p.reversed_by
        ) ORDER BY p.recorded_at, p.payment), '[]')
        FROM payment AS p WHERE p.commission = q.commission
    ),
    'refunds', (
        SELECT coalesce(json_agg(json_build_object(
            'refund', r.refund, 'commission', r.commission,
            'amount', json_build_object('minor', r.amount_minor, 'currency', r.currency),
            'reason', r.reason, 'due_at', r.due_at, 'paid_on', r.paid_on, 'paid_at', r.paid_at, 'paid_by', r.paid_by,
            'withdrawn_at', r.withdrawn_at
        ) ORDER BY r.due_at, r.refund), '[]')
        FROM refund AS r WHERE r.commission = q.commission
    ),
    'credits', (
        SELECT coalesce(json_agg(json_build_object(
            'credit', d.credit, 'claim', d.claim, 'credited_at', d.credited_at, 'number', d.number, 'invoice', d.invoice,
            'issued_on', d.issued_on,
            'amounts', json_build_object(
                'net', json_build_object('minor', d.net_minor, 'currency', d.currency),
                'vat', json_build_object('minor', d.vat_minor, 'currency', d.currency)
            )
        ) ORDER BY d.credited_at, d.credit), '[]')
        FROM credit AS d WHERE d.commission = q.commission
    ),
    'settlement', (
        SELECT json_build_object(
            'percent', s.percent, 'reason', s.reason,
            'owed', json_build_object('minor', s.owed_minor, 'currency', s.currency),
            'paid', json_build_object('minor', s.paid_minor, 'currency', s.currency),
            'refund', json_build_object('minor', s.refund_minor, 'currency', s.currency),
            'left', json_build_object('minor', s.left_minor, 'currency', s.currency),
            'settled_at', s.settled_at
        )
        FROM settlement AS s WHERE s.commission = q.commission
    )
)::text
FROM quote AS q
INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = coalesce(q.accepted, q.newest)
WHERE q.commission = :commission;

-- name: add_contract(commission, customer, reference, address)!
-- Keeps who has a contract about a commission, and what its transfers say.
INSERT INTO contract (commission, customer, reference, address) VALUES (:commission, :customer, :reference, :address);

-- name: add_amendment(commission, number, quote, version, language, document, sha256, accepted_at)!
-- Keeps what was agreed, for good: number 0 with the contract itself, the next one with each change of it.
INSERT INTO contract_amendment (commission, number, quote, version, language, document, sha256, accepted_at)
VALUES (:commission, :number, :quote, :version, :language, :document, :sha256, :accepted_at);

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

-- name: add_invoice(invoice, number, commission, amendment, kind, issued_on, issued_at, due_on, currency, vat_percent, net, vat, total, deducted, details, customer)!
-- Issues an invoice under the customer's name as it is known now.
INSERT INTO invoice (
    invoice, number, commission, amendment, kind, issued_on, issued_at, due_on, currency, vat_percent, net_minor, vat_minor,
    total_minor, deducted_minor, details, customer, customer_name
)
VALUES (
    :invoice, :number, :commission, :amendment, :kind, :issued_on, :issued_at, :due_on, :currency, :vat_percent, :net, :vat, :total,
    :deducted, :details::jsonb, :customer, (SELECT p.name FROM person AS p WHERE p.person = :customer)
);

-- name: add_paper(paper, commission, kind, file_name, says, customer)!
-- Issues a paper under the customer's name as it is known now; empty for nobody, and for somebody who was erased.
INSERT INTO paper (paper, commission, kind, file_name, says, customer, customer_name)
VALUES (
    :paper, :commission, :kind, :file_name, :says::jsonb, :customer, coalesce(
        (SELECT p.name FROM person AS p WHERE p.person = :customer),
        CASE
            WHEN :customer::uuid IS NULL OR EXISTS (SELECT 1 FROM erased_person AS e WHERE e.person = :customer) THEN ''
        END
    )
);

-- name: paper(commission, kind, paper)^
-- A paper of a commission, with its PDF if somebody has asked for it before.
SELECT paper, file_name, says::text, customer_name, pdf FROM paper
WHERE commission = :commission AND kind = :kind AND paper = :paper;

-- name: contract_paper(commission)$
-- The paper of the contract that is in force: the one that was issued last.
SELECT paper FROM paper WHERE commission = :commission AND kind = 'contract'
ORDER BY paper DESC LIMIT 1;

-- name: papers_of(person)
-- Where the papers of somebody's commissions are, and whether the name on them is known; the quotes that they were sent too.
SELECT q.commission, 'quote' AS kind, q.quote AS paper, true AS named
FROM quote AS q INNER JOIN commission AS c ON c.commission = q.commission
WHERE c.customer = :person AND coalesce(q.accepted, q.offered) IS NOT NULL
UNION ALL
SELECT k.commission, p.kind, p.paper, p.customer_name IS NOT NULL AS named
FROM contract AS k
INNER JOIN paper AS p ON p.commission = k.commission AND p.kind = 'contract'
WHERE k.customer = :person
UNION ALL
SELECT i.commission, p.kind, p.paper, p.customer_name IS NOT NULL AS named
FROM invoice AS i
INNER JOIN commission AS c ON c.commission = i.commission
INNER JOIN paper AS p ON p.paper = i.invoice
WHERE c.customer = :person
UNION ALL
SELECT d.commission, p.kind, p.paper, p.customer_name IS NOT NULL AS named
FROM credit AS d
INNER JOIN commission AS c ON c.commission = d.commission
INNER JOIN paper AS p ON p.paper = d.credit
WHERE c.customer = :person
UNION ALL
SELECT y.commission, p.kind, p.paper, p.customer_name IS NOT NULL AS named
FROM payment AS y
INNER JOIN commission AS c ON c.commission = y.commission
INNER JOIN paper AS p ON p.paper = y.payment
WHERE c.customer = :person
ORDER BY commission, kind, paper;

-- name: keep_pdf(paper, pdf)!
-- Keeps a paper's PDF, if it has none yet.
UPDATE paper SET pdf = :pdf WHERE paper = :paper AND pdf IS NULL;

-- name: pdf(paper)$
-- The PDF of a paper.
SELECT pdf FROM paper WHERE paper = :paper;

-- name: extend_invoice(commission, kind, until_day)$
-- Gives more time for the open invoices of a kind; never less than they say, or than was given before.
INSERT INTO invoice_extended AS x (invoice, until_day)
SELECT i.invoice, :until_day::date FROM invoice AS i
WHERE i.commission = :commission AND i.kind = :kind AND i.due_on < :until_day::date
    AND NOT EXISTS (SELECT 1 FROM invoice_paid AS p WHERE p.invoice = i.invoice)
ON CONFLICT (invoice) DO UPDATE SET until_day = excluded.until_day WHERE x.until_day < excluded.until_day
RETURNING true;

-- name: mark_paid(invoice, at)!
-- Keeps that an invoice is covered in full.
INSERT INTO invoice_paid (invoice, paid_at) VALUES (:invoice, :at);

-- name: reopen(invoice)!
-- An invoice that was covered is not any more.
DELETE FROM invoice_paid WHERE invoice = :invoice;

-- name: add_payment(payment, commission, method, currency, amount, applied, left, forgiven, received_on, recorded_at, recorded_by, bank_reference)!
-- Keeps that money came in.
INSERT INTO payment (
    payment, commission, method, currency, amount_minor, applied_minor, left_minor, forgiven_minor, received_on, recorded_at,
    recorded_by, bank_reference
)
VALUES (
    :payment, :commission, :method, :currency, :amount, :applied, :left, :forgiven, :received_on, :recorded_at,
    :recorded_by, :bank_reference
);

-- name: reverse_payment(payment, reversal, reversed_at, reversed_by)!
-- Keeps why a payment does not count.
UPDATE payment SET reversal = :reversal, reversed_at = :reversed_at, reversed_by = :reversed_by
WHERE payment = :payment AND reversal IS NULL;

-- name: commission_of_payment(payment)$
-- The commission that a payment is for.
SELECT commission FROM payment WHERE payment = :payment;

-- name: payment_by_bank_reference(bank_reference)^
-- The payment that the bank calls this, if it counts.
SELECT
    payment, commission, method, currency, amount_minor, applied_minor, left_minor, forgiven_minor, received_on, recorded_at,
    recorded_by, bank_reference
FROM payment WHERE bank_reference = :bank_reference AND reversal IS NULL;

-- name: lock_bank_reference(bank_reference)!
-- Takes turns with others who enter the same transfer at this moment.
SELECT pg_advisory_xact_lock(hashtextextended(:bank_reference, 0));

-- name: add_refund(refund, commission, currency, amount, reason, at)!
-- Keeps that money has to go back.
INSERT INTO refund (refund, commission, currency, amount_minor, reason, due_at)
VALUES (:refund, :commission, :currency, :amount, :reason, :at);

-- name: pay_refund(refund, paid_on, paid_at, paid_by)!
-- Keeps that a refund was transferred.
UPDATE refund SET paid_on = :paid_on, paid_at = :paid_at, paid_by = :paid_by WHERE refund = :refund AND paid_at IS NULL;

-- name: withdraw_refund(refund, withdrawn_at)!
-- Keeps that a refund is not owed after all.
UPDATE refund SET withdrawn_at = :withdrawn_at WHERE refund = :refund AND paid_at IS NULL AND withdrawn_at IS NULL;

-- name: commission_of_refund(refund)$
-- The commission whose refund this is.
SELECT commission FROM refund WHERE refund = :refund;

-- name: next_credit_number(year)$
-- Takes the next number of a credit note of a year; its row is locked until the commit.
INSERT INTO credit_note_year AS y (year, last) VALUES (:year, 1)
ON CONFLICT (year) DO UPDATE SET last = y.last + 1
RETURNING last;

-- name: add_credit(credit, commission, claim, currency, net, vat, at, number, invoice, issued_on)!
-- Writes down what the price falls by.
INSERT INTO credit (credit, commission, claim, currency, net_minor, vat_minor, credited_at, number, invoice, issued_on)
VALUES (:credit, :commission, :claim, :currency, :net, :vat, :at, :number, :invoice, :issued_on);

-- name: add_settlement(commission, percent, reason, currency, owed, paid, refund, left, at)!
-- Keeps what a cancellation came to.
INSERT INTO settlement (
    commission, percent, reason, currency, owed_minor, paid_minor, refund_minor, left_minor, settled_at
)
VALUES (:commission, :percent, :reason, :currency, :owed, :paid, :refund, :left, :at);

-- name: add_transaction(transaction, commission, kind, about, at, entries)!
-- Posts one transaction with its entries, given as a JSON array; the database refuses it at the commit unless it is balanced.
WITH made AS (
    INSERT INTO ledger_transaction (transaction, commission, kind, about, at)
    VALUES (:transaction, :commission, :kind, :about, :at)
)
INSERT INTO ledger_entry (transaction, place, account, commission, currency, amount_minor)
SELECT :transaction, e.place, e.account, :commission, e.currency, e.amount_minor
FROM jsonb_to_recordset(:entries::jsonb) AS e (place integer, account text, currency text, amount_minor bigint);

-- name: open_invoices(before, before_invoice, at_most)
-- The invoices that wait for money, newest first, from the one after the given place on.
SELECT
    i.invoice, i.number, i.commission, v.craft, v.offering, v.offering_version, i.kind, i.currency,
    (i.total_minor - i.deducted_minor)::bigint AS total_minor,
    (
        SELECT coalesce(sum(e.amount_minor), 0)::bigint FROM ledger_entry AS e
        WHERE e.commission = i.commission AND e.account = 'receivable'
    ) AS left_minor,
    i.issued_on, i.issued_at, i.due_on, x.until_day AS extended_to, c.reference
FROM invoice AS i
INNER JOIN contract AS c ON c.commission = i.commission
INNER JOIN contract_amendment AS a ON a.commission = i.commission AND a.number = i.amendment
INNER JOIN quote_version AS v ON v.quote = a.quote AND v.version = a.version
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
    r.refund, r.commission, v.craft, v.offering, v.offering_version, r.currency, r.amount_minor, r.reason, r.due_at
FROM refund AS r
INNER JOIN quote AS q ON q.commission = r.commission
INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = coalesce(q.accepted, q.newest)
WHERE r.paid_at IS NULL AND r.withdrawn_at IS NULL
ORDER BY r.due_at, r.refund
LIMIT :at_most;
