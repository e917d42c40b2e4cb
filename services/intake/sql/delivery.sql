-- name: choose_delivery(commission, number, way, recipient, name, street, extra, postcode, city, phone, at)!
-- Keeps how a piece is delivered, instead of what was chosen before.
INSERT INTO delivery (commission, number, way, recipient, name, street, extra, postcode, city, phone, chosen_at)
VALUES (:commission, :number, :way, :recipient, :name, :street, :extra, :postcode, :city, :phone, :at)
ON CONFLICT (commission) DO UPDATE SET
    number = excluded.number, way = excluded.way, recipient = excluded.recipient, name = excluded.name,
    street = excluded.street, extra = excluded.extra, postcode = excluded.postcode, city = excluded.city,
    phone = excluded.phone, chosen_at = excluded.chosen_at;

-- name: deliveries(commissions)
-- How these pieces are delivered, where somebody has chosen.
SELECT commission, number, way, recipient, name, street, extra, postcode, city, phone, chosen_at, missed_at
FROM delivery WHERE commission = ANY(:commissions::uuid []);

-- name: miss_parcel(commission, at)!
-- Writes down that the parcel has not come.
UPDATE delivery SET missed_at = :at WHERE commission = :commission;

-- name: erase_deliveries(commissions)
-- Forgets where the pieces of these commissions went; returns the addresses' keys.
UPDATE delivery SET name = NULL, street = NULL, extra = NULL, postcode = NULL, city = NULL, phone = NULL
WHERE commission = ANY(:commissions::uuid []) AND recipient IS NOT NULL
RETURNING recipient;
