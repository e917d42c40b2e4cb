-- name: keep(craft, version, sha256, document)!
-- Keeps a craft's document; one that is there already stays as it is.
INSERT INTO craft_document (craft, version, sha256, document)
VALUES (:craft, :version, :sha256, :document)
ON CONFLICT (craft, version, sha256) DO NOTHING;

-- name: digests(craft, version)
-- The contents that were ever kept under this version; there should be one.
SELECT sha256 FROM craft_document WHERE craft = :craft AND version = :version;

-- name: document(craft, version)^
-- A craft's document, as JSON, and its digest.
SELECT document, sha256 FROM craft_document WHERE craft = :craft AND version = :version;
