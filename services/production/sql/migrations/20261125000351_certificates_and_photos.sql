-- migrate:up

CREATE TABLE certificate (
    commission uuid PRIMARY KEY REFERENCES journal (commission),
    text text NOT NULL,
    signature text NOT NULL
);

CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

CREATE TABLE customer (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL
);

CREATE TABLE bench_photo (
    photo uuid PRIMARY KEY,
    commission uuid NOT NULL,
    task uuid NOT NULL,
    stage text NOT NULL,
    public boolean NOT NULL,
    taken_by uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL
);

ALTER TABLE bench_photo ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX bench_photo_commission ON bench_photo (commission, taken_at, photo);

CREATE TABLE profile (
    maker uuid PRIMARY KEY,
    public boolean NOT NULL,
    name text NOT NULL,
    words text NOT NULL,
    portrait bytea,
    changed_at timestamptz NOT NULL
);

-- migrate:down

DROP TABLE profile;
DROP TABLE bench_photo;
DROP TABLE customer;
DROP TABLE certificate;
