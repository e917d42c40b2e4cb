-- How a piece comes to its customer, as chosen last: by parcel to this address in the commission's country, or they collect it.
-- number counts the choices. recipient is the key on `touchmark.people`; a piece that is collected has none. The words are null
-- once its customer was erased. missed_at is when it was said that the parcel has not come.
CREATE TABLE delivery (
    commission uuid PRIMARY KEY REFERENCES commission (commission),
    number integer NOT NULL,
    way text NOT NULL CHECK (way IN ('parcel', 'pickup')),
    recipient uuid,
    name text,
    street text,
    extra text,
    postcode text,
    city text,
    phone text,
    chosen_at timestamptz NOT NULL,
    missed_at timestamptz,
    CHECK ((way = 'pickup') = (recipient IS NULL))
);
