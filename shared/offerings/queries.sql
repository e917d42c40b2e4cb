-- name: keep(craft, offering, version, sha256, document)!
-- Keeps an offering's document; one that is there already stays as it is.
INSERT INTO offering_document (craft, offering, version, sha256, document)
VALUES (:craft, :offering, :version, :sha256, :document)
ON CONFLICT (craft, offering, version, sha256) DO NOTHING;

-- name: digests(craft, offering, version)
-- The contents that were ever kept under this version; there should be one.
SELECT sha256 FROM offering_document WHERE craft = :craft AND offering = :offering AND version = :version;

-- name: document(craft, offering, version)^
-- An offering's document, as JSON, and its digest.
SELECT document, sha256 FROM offering_document WHERE craft = :craft AND offering = :offering AND version = :version;
