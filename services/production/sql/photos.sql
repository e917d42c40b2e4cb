-- name: record_customer(commission, customer, country)!
-- Remembers whose commission it is, and where the parcel goes.
INSERT INTO customer (commission, customer, country) VALUES (:commission, :customer, :country) ON CONFLICT (commission) DO NOTHING;

-- name: customer_of(commission)$
-- Whose commission it is.
SELECT customer FROM customer WHERE commission = :commission;

-- name: add_photo(photo, piece, commission, task, stage, public, taken_by, taken_at, media_type, width, height, content, shown_from, published_at, mishap)!
-- Keeps a photo from the bench.
INSERT INTO bench_photo (
    photo, piece, commission, task, stage, public, taken_by, taken_at, media_type, width, height, content,
    shown_from, published_at, mishap
)
VALUES (
    :photo, :piece, :commission, :task, :stage, :public, :taken_by, :taken_at, :media_type, :width, :height, :content,
    :shown_from, :published_at, :mishap
);

-- name: photo(commission, photo)^
-- One photo of a commission with its content.
SELECT p.photo, p.stage, p.public, p.taken_at, p.width, p.height, p.shown_from, p.published_at, p.mishap, p.media_type, p.content
FROM bench_photo AS p WHERE p.commission = :commission AND p.photo = :photo AND p.withdrawn_at IS NULL;

-- name: photos(piece)
-- The photos of a piece without their content, oldest first; none that was withdrawn.
SELECT p.photo, p.stage, p.public, p.taken_at, p.width, p.height, p.shown_from, p.published_at, p.mishap
FROM bench_photo AS p WHERE p.piece = :piece AND p.withdrawn_at IS NULL ORDER BY p.taken_at, p.photo;

-- name: photo_digests(piece)
-- The SHA-256 of each of a piece's photos as it is stored now, in hex.
SELECT p.photo, encode(sha256(p.content), 'hex') AS digest FROM bench_photo AS p WHERE p.piece = :piece;
