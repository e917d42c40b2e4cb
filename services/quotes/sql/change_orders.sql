-- name: forget_answers(commission)!
-- Forgets what was agreed of a brief that is erased; what is in force stays in its contract.
UPDATE change_order SET answers = NULL WHERE commission = :commission;

-- name: add_change_order(change_order, commission, quote, version, before, proposal, answers, from_stage, asked_at, asked_by, valid_until)$
-- Asks to offer a change; returns its number.
INSERT INTO change_order (
    change_order, commission, number, quote, version, before, proposal, answers, from_stage, state, asked_at, asked_by, valid_until
)
SELECT
    :change_order, :commission, coalesce(max(c.number), 0) + 1, :quote, :version, :before, :proposal, :answers::jsonb, :from_stage,
    'asked', :asked_at, :asked_by, :valid_until
FROM change_order AS c WHERE c.commission = :commission
RETURNING number;

-- name: change_orders(commission)
-- The change orders of a commission, oldest first.
SELECT
    change_order, commission, number, quote, version, before, proposal, answers::text AS answers, from_stage, state, asked_at, asked_by,
    valid_until, ready_by_before, gates, language, document, sha256, agreed_at, ended_at, end_reason, refusal
FROM change_order WHERE commission = :commission ORDER BY number;

-- name: offer_change_order(change_order, ready_by_before, gates)!
-- It is with the customer.
UPDATE change_order SET state = 'offered', ready_by_before = :ready_by_before, gates = :gates::text []
WHERE change_order = :change_order AND state = 'asked';

-- name: agree(change_order, language, document, sha256, at)!
-- The customer agreed to this.
UPDATE change_order SET state = 'agreed', language = :language, document = :document, sha256 = :sha256, agreed_at = :at
WHERE change_order = :change_order AND state = 'offered';

-- name: apply_change_order(change_order, at)!
-- It is in force; the contract has its document.
UPDATE change_order SET state = 'applied', document = NULL, ended_at = :at
WHERE change_order = :change_order AND state = 'agreed';

-- name: end_change_order(change_order, end_reason, refusal, at)!
-- It came to nothing, and nobody agreed to anything.
WITH ended AS (
    UPDATE change_order SET state = 'ended', end_reason = :end_reason, refusal = :refusal, document = NULL, ended_at = :at
    WHERE change_order = :change_order AND state IN ('asked', 'offered', 'agreed')
    RETURNING quote, version
)
UPDATE quote_version AS v SET state = 'replaced', ended_at = :at
FROM ended AS e WHERE v.quote = e.quote AND v.version = e.version AND v.state IN ('drafted', 'sent');

-- name: any_to_change(commission)$
-- Whether there is a change order of a commission, or a proposal that may become one.
SELECT EXISTS (SELECT 1 FROM change_order AS c WHERE c.commission = :commission)
OR EXISTS (SELECT 1 FROM brief_proposal AS p WHERE p.commission = :commission) AS found;
