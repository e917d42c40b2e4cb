-- name: add_proposal(proposal, commission, number, answers, images, by_role, way, made_at)!
-- Writes down what is wished instead.
INSERT INTO change_proposal (proposal, commission, number, answers, images, by_role, way, state, made_at)
VALUES (:proposal, :commission, :number, :answers::jsonb, :images::uuid [], :by_role, :way, 'open', :made_at);

-- name: save_proposal(proposal, state, closed_at, brief_version, text)!
-- Writes what became of a proposal.
UPDATE change_proposal
SET state = :state, closed_at = :closed_at, brief_version = :brief_version, text = :text
WHERE proposal = :proposal;

-- name: proposals(commissions)
-- Every change that was proposed of these commissions, oldest first.
SELECT
    proposal, commission, number, answers::text AS answers, images, by_role, way, state, made_at, closed_at, brief_version,
    text
FROM change_proposal WHERE commission = ANY(:commissions::uuid [])
ORDER BY made_at, number;
