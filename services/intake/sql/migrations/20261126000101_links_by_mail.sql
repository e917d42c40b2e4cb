-- migrate:up
CREATE TABLE link_asked (
    ask uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    asked_at timestamptz NOT NULL
);

CREATE INDEX link_asked_commission ON link_asked (commission, asked_at);

-- migrate:down
DROP TABLE link_asked;
