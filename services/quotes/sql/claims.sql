-- name: record_claim(claim, commission, kind, made_at, answer_by)!
-- Keeps that something is wrong with a piece; one that is here stays as it is.
INSERT INTO claim (claim, commission, kind, made_at, answer_by) VALUES (:claim, :commission, :kind, :made_at, :answer_by)
ON CONFLICT (claim) DO NOTHING;

-- name: claim(claim)^
-- One claim.
SELECT claim, commission, kind, made_at, answer_by, remedy, answer, answer_body, answered_by, answered_at
FROM claim WHERE claim = :claim;

-- name: answer_claim(claim, remedy, answer, answer_body, answered_by, answered_at)!
-- Writes how a claim was answered.
UPDATE claim SET
    remedy = :remedy, answer = :answer, answer_body = :answer_body, answered_by = :answered_by, answered_at = :answered_at
WHERE claim = :claim;
