-- migrate:up

-- That the studio gave the customer more time for an invoice than it says: until the end of this day, in the studio's zone.
CREATE TABLE invoice_extended (
    invoice uuid PRIMARY KEY REFERENCES invoice (invoice),
    until_day date NOT NULL
);

-- migrate:down

DROP TABLE invoice_extended;
