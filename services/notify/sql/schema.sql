-- What notify's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- A person as intake told last (`touchmark.people`). Erased by a tombstone: the row goes, erased_person remembers the id.
CREATE TABLE person (
    person uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL
);

CREATE TABLE erased_person (
    person uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

-- What a letter may say about a commission (`touchmark.commissions`).
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    requested_at timestamptz NOT NULL,
    needed_by date
);

-- One mail per commission and intent. Its words are not stored: they are written when it is sent.
--   waiting -> taken      a mailer took it, for as long as its lease
--   taken -> taken        the lease ended without an answer (the mailer is gone): another took it
--   taken -> waiting      postponed, or the server was out of reach: again at due_at
--   taken -> sent         the server accepted it; for good
--   taken -> refused      the server refused it, or nobody can be written to at that address; for good
--   taken, waiting -> given_up   patience is over, or the address never became known; for good
--   taken, waiting -> redacted   its person was erased before it was sent; for good
-- due_at: when a mailer may take it next; while it is taken, the end of the lease. lease: who holds it, while taken.
-- traceparent: the trace of whoever asked for it, which the delivery goes on with.
CREATE TABLE mail (
    mail uuid PRIMARY KEY,
    commission uuid NOT NULL,
    person uuid NOT NULL,
    intent text NOT NULL CHECK (intent IN ('request_received', 'quote_drafted', 'commission_ended')),
    state text NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'taken', 'sent', 'refused', 'given_up', 'redacted')
    ),
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease uuid,
    traceparent text,
    UNIQUE (commission, intent),
    CHECK ((state = 'taken') = (lease IS NOT NULL))
);

CREATE INDEX mail_due_at ON mail (due_at) WHERE state IN ('waiting', 'taken');
CREATE INDEX mail_person ON mail (person);

-- Every attempt to deliver a mail. `address` is masked; it goes when the person is erased.
--   under_way -> accepted, refused, unwritable, postponed, unreachable (the mailer wrote it down)
--   under_way -> interrupted (the mailer did not come back; the server may have taken the mail)
CREATE TABLE delivery (
    mail uuid NOT NULL REFERENCES mail (mail),
    attempt integer NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz,
    ending text NOT NULL DEFAULT 'under_way' CHECK (
        ending IN ('under_way', 'accepted', 'refused', 'unwritable', 'postponed', 'unreachable', 'interrupted')
    ),
    smtp_code integer,
    address text,
    PRIMARY KEY (mail, attempt)
);
