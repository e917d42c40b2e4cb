-- name: profile(maker)^
-- What a maker says of themself.
SELECT maker, public, name, words, portrait IS NOT NULL AS has_portrait FROM profile WHERE maker = :maker;

-- name: public_profiles(makers)
-- The profiles of these makers that are public.
SELECT maker, public, name, words, portrait IS NOT NULL AS has_portrait
FROM profile WHERE maker = any(:makers::uuid []) AND public;

-- name: portrait(maker)$
-- A maker's portrait, while the profile is public.
SELECT portrait FROM profile WHERE maker = :maker AND public;

-- name: save_profile(maker, public, name, words, at)!
-- Writes what a maker says of themself; the portrait stays.
INSERT INTO profile (maker, public, name, words, changed_at) VALUES (:maker, :public, :name, :words, :at)
ON CONFLICT (maker) DO UPDATE SET public = :public, name = :name, words = :words, changed_at = :at;

-- name: save_portrait(maker, portrait)!
-- Gives a profile that there is another portrait, or takes it away.
UPDATE profile SET portrait = :portrait WHERE maker = :maker;

-- name: erase_profile(maker)!
-- Forgets what a maker said of themself.
DELETE FROM profile WHERE maker = :maker;
