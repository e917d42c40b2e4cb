-- name: add(payment, method, currency, amount, received_on, bank_reference, reference, recorded_at, recorded_by)!
-- Keeps that money came in which matches nothing.
INSERT INTO unmatched_payment (
    payment, method, currency, amount_minor, received_on, bank_reference, reference, recorded_at, recorded_by
)
VALUES (
    :payment, :method, :currency, :amount, :received_on, :bank_reference, :reference, :recorded_at, :recorded_by
);

-- name: waiting(at_most)
-- What matches nothing and waits, oldest first.
SELECT
    payment, method, currency, amount_minor, received_on, bank_reference, reference, recorded_at, recorded_by, commission,
    sent_back_on, settled_at
FROM unmatched_payment WHERE settled_at IS NULL
ORDER BY recorded_at, payment
LIMIT :at_most;

-- name: locked(payment)^
-- One of them, nobody else's to settle until the commit.
SELECT
    payment, method, currency, amount_minor, received_on, bank_reference, reference, recorded_at, recorded_by, commission,
    sent_back_on, settled_at
FROM unmatched_payment WHERE payment = :payment FOR UPDATE;

-- name: known(bank_reference)^
-- The one that the bank calls this, unless it is a commission's by now.
SELECT
    payment, method, currency, amount_minor, received_on, bank_reference, reference, recorded_at, recorded_by, commission,
    sent_back_on, settled_at
FROM unmatched_payment WHERE bank_reference = :bank_reference AND commission IS NULL;

-- name: settle(payment, commission, sent_back_on, at, by)!
-- Keeps whose it is, or that it was sent back; forgets what the transfer said, which may name somebody.
UPDATE unmatched_payment
SET reference = '', commission = :commission, sent_back_on = :sent_back_on, settled_at = :at, settled_by = :by
WHERE payment = :payment AND settled_at IS NULL;

-- name: currency()$
-- What quotes are in: those of one studio are in one currency.
SELECT currency FROM quote_version LIMIT 1;
