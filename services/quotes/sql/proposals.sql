-- name: keep_proposal(commission, proposal, number, answers, images, by_role, made_at)!
-- Keeps the change that is proposed; of a brief that was erased there is none.
INSERT INTO brief_proposal (commission, proposal, number, answers, images, by_role, made_at)
SELECT :commission, :proposal, :number, :answers::jsonb, :images::uuid [], :by_role, :made_at
WHERE NOT EXISTS (SELECT 1 FROM erased_brief AS e WHERE e.commission = :commission)
ON CONFLICT (commission) DO UPDATE SET
    proposal = excluded.proposal,
    number = excluded.number,
    answers = excluded.answers,
    images = excluded.images,
    by_role = excluded.by_role,
    made_at = excluded.made_at;

-- name: drop_proposal(commission)!
-- Forgets the change that was proposed: it was answered, or the brief was erased.
DELETE FROM brief_proposal WHERE commission = :commission;

-- name: proposal(commission)^
-- The change that is proposed and not answered yet.
SELECT proposal, number, answers::text AS answers, images, by_role, made_at
FROM brief_proposal WHERE commission = :commission;
