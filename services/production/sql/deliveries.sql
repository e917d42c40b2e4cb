-- name: record_delivery(commission, number, way, recipient)!
-- Keeps how a piece is delivered, as chosen last.
INSERT INTO delivery (commission, number, way, recipient) VALUES (:commission, :number, :way, :recipient)
ON CONFLICT (commission) DO UPDATE SET number = excluded.number, way = excluded.way, recipient = excluded.recipient
WHERE delivery.number < excluded.number;

-- name: record_recipient(recipient, version, number, name, street, extra, postcode, city, country, phone)!
-- Keeps an address as this record says; an older record changes nothing, and one that was erased stays so.
INSERT INTO recipient (recipient, version, number, name, street, extra, postcode, city, country, phone)
VALUES (:recipient, :version, :number, :name, :street, :extra, :postcode, :city, :country, :phone)
ON CONFLICT (recipient) DO UPDATE SET
    version = excluded.version, number = excluded.number, name = excluded.name, street = excluded.street,
    extra = excluded.extra, postcode = excluded.postcode, city = excluded.city, country = excluded.country,
    phone = excluded.phone
WHERE recipient.version < excluded.version AND recipient.name IS NOT NULL;

-- name: erase_recipient(recipient)!
-- Forgets an address, for good.
UPDATE recipient SET
    number = NULL, name = NULL, street = NULL, extra = NULL, postcode = NULL, city = NULL, country = NULL, phone = NULL
WHERE recipient = :recipient;

-- name: deliveries(commissions)
-- How these pieces are delivered, with the address as far as it is here.
SELECT
    d.commission, d.number, d.way, r.number AS address_number, r.name, r.street, r.extra, r.postcode, r.city, r.country, r.phone
FROM delivery AS d LEFT JOIN recipient AS r ON r.recipient = d.recipient
WHERE d.commission = ANY(:commissions::uuid []);
