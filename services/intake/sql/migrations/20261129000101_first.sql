-- migrate:up

CREATE TABLE person (
    person uuid PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    name text NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    recorded_at timestamptz NOT NULL,
    erased_at timestamptz,
    access_ended_at timestamptz,
    confirmed_at timestamptz,
    account uuid REFERENCES person (person),
    entered_by uuid,
    CHECK (erased_at IS NULL OR (name = '' AND email = '')),
    CHECK (confirmed_at IS NULL OR account IS NULL),
    CHECK (confirmed_at IS NULL OR email <> '' OR erased_at IS NOT NULL)
);

CREATE INDEX person_email ON person (lower(email));
CREATE UNIQUE INDEX person_account ON person (lower(email))
WHERE role = 'customer' AND (confirmed_at IS NOT NULL OR entered_by IS NOT NULL) AND email <> '' AND erased_at IS NULL;
CREATE INDEX person_joined ON person (account) WHERE account IS NOT NULL;

CREATE TABLE person_word (
    word text COLLATE "C" NOT NULL,
    person uuid NOT NULL REFERENCES person (person),
    PRIMARY KEY (word, person)
);

CREATE INDEX person_word_person ON person_word (person);

CREATE TABLE erasure (
    person uuid PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    erased_at timestamptz,
    commissions integer NOT NULL DEFAULT 0,
    texts integer NOT NULL DEFAULT 0,
    pictures integer NOT NULL DEFAULT 0
);

CREATE INDEX erasure_asked_at ON erasure (asked_at DESC, person DESC);

CREATE TABLE session (
    session uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    browser text NOT NULL,
    system text NOT NULL,
    opened_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    proof text NOT NULL CHECK (proof IN ('half', 'one', 'two')),
    issuer text
);

CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires_at ON session (expires_at);

CREATE TABLE security_event (
    event uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (
        kind IN (
            'signed_in', 'refused', 'session_ended', 'role_given', 'role_taken', 'link_given', 'factor_added',
            'factor_removed', 'first_step', 'codes_made', 'account_tied', 'account_untied'
        )
    ),
    person uuid,
    role text CHECK (role IN ('customer', 'maker', 'ops')),
    way text,
    network text NOT NULL,
    by_person uuid
);

CREATE INDEX security_event_at ON security_event (at, event);
CREATE INDEX security_event_person ON security_event (person);

CREATE TABLE passkey (
    passkey uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (person),
    credential bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    browser text NOT NULL,
    system text NOT NULL,
    added_at timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE INDEX passkey_person ON passkey (person);

CREATE TABLE provider_account (
    account uuid PRIMARY KEY,
    issuer text NOT NULL,
    subject text NOT NULL,
    person uuid NOT NULL REFERENCES person (person),
    known_since timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    UNIQUE (issuer, subject),
    UNIQUE (person, issuer)
);

CREATE TABLE authenticator (
    authenticator uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (person),
    name text NOT NULL,
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    added_at timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE INDEX authenticator_person ON authenticator (person);

CREATE TABLE recovery_code (
    person uuid NOT NULL REFERENCES person (person),
    code_hmac bytea NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person, code_hmac)
);

CREATE TABLE second_step_miss (
    person uuid PRIMARY KEY REFERENCES person (person),
    wrong integer NOT NULL CHECK (wrong > 0),
    paused_until timestamptz
);

CREATE TABLE used_sign_in_link (
    link uuid PRIMARY KEY,
    forget_at timestamptz NOT NULL
);

CREATE TABLE one_time_right (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('confirmation', 'sign_in')),
    about uuid NOT NULL,
    link_sha256 bytea NOT NULL UNIQUE,
    code_sha256 bytea NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries_left integer NOT NULL CHECK (tries_left >= 0),
    link_used_at timestamptz,
    code_used_at timestamptz,
    asked_on uuid,
    known_browser boolean NOT NULL DEFAULT false
);

CREATE INDEX one_time_right_about ON one_time_right (about, made_at);
CREATE INDEX one_time_right_expires_at ON one_time_right (expires_at);

CREATE TABLE mail_to_address (
    id uuid PRIMARY KEY,
    address_sha256 bytea NOT NULL,
    asked_at timestamptz NOT NULL
);

CREATE INDEX mail_to_address_address ON mail_to_address (address_sha256, asked_at);

CREATE TABLE invitation (
    person uuid PRIMARY KEY REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL REFERENCES person (person),
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    offering_sha256 text NOT NULL,
    brief_version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('unconfirmed', 'open', 'withdrawn', 'closed')),
    needed_by date,
    recipient uuid,
    delivery_country text NOT NULL CHECK (delivery_country ~ '^[A-Z]{2}$'),
    submitted_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawal_reason text CHECK (withdrawal_reason IN ('changed_mind', 'too_slow', 'found_elsewhere', 'other')),
    closed_at timestamptz,
    outcome text CONSTRAINT commission_outcome_check CHECK (
        outcome IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled', 'completed')
    ),
    receipt_confirmed_at timestamptz,
    sent_by uuid NOT NULL,
    confirmed_at timestamptz,
    reminded_at timestamptz,
    booked_at timestamptz,
    entered_by uuid,
    entered_way text CHECK (entered_way IN ('counter', 'phone')),
    CHECK ((entered_by IS NULL) = (entered_way IS NULL)),
    CHECK ((state = 'unconfirmed') = (confirmed_at IS NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CHECK (state <> 'withdrawn' OR withdrawn_at IS NOT NULL),
    CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);

CREATE INDEX commission_customer ON commission (customer, submitted_at, commission);
CREATE INDEX commission_unpaid ON commission (customer) WHERE state IN ('unconfirmed', 'open') AND booked_at IS NULL;
CREATE INDEX commission_unconfirmed ON commission (submitted_at) WHERE state = 'unconfirmed';

CREATE TABLE brief (
    commission uuid NOT NULL REFERENCES commission (commission),
    brief_version integer NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    images uuid [] NOT NULL,
    way text CHECK (way IN ('counter', 'phone')),
    PRIMARY KEY (commission, brief_version)
);

CREATE TABLE image (
    image uuid PRIMARY KEY,
    owner uuid NOT NULL REFERENCES person (person),
    commission uuid REFERENCES commission (commission),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    message uuid
);

CREATE INDEX image_commission ON image (commission);
CREATE INDEX image_waiting ON image (owner, stored_at) WHERE commission IS NULL;
CREATE INDEX image_owner ON image (owner);

CREATE TABLE commission_fact (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

CREATE INDEX commission_fact_maker ON commission_fact ((fact ->> 'maker')) WHERE fact ->> 'maker' IS NOT NULL;

CREATE TABLE commission_text (
    text uuid PRIMARY KEY,
    commission uuid NOT NULL,
    author uuid NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('customer', 'maker', 'ops')),
    subject text NOT NULL CHECK (subject IN ('message', 'question', 'answer', 'reason', 'note', 'claim')),
    body text,
    written_at timestamptz NOT NULL,
    images uuid [] NOT NULL DEFAULT '{}'
);

CREATE INDEX commission_text_commission ON commission_text (commission, written_at);
CREATE INDEX commission_text_author ON commission_text (author);

CREATE TABLE message_read (
    commission uuid NOT NULL REFERENCES commission (commission),
    person uuid NOT NULL,
    read_until timestamptz NOT NULL,
    PRIMARY KEY (commission, person)
);

CREATE TABLE approval (
    approval uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    gate text NOT NULL,
    brief_version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'given', 'refused', 'withdrawn')),
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    text uuid,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'refused') = (text IS NOT NULL))
);

CREATE UNIQUE INDEX approval_open ON approval (commission, gate) WHERE state = 'open';
CREATE INDEX approval_commission ON approval (commission, asked_at);

CREATE TABLE cancellation (
    cancellation uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    owed_percent integer NOT NULL CHECK (owed_percent BETWEEN 0 AND 100),
    reason text NOT NULL CHECK (reason IN ('changed_mind', 'too_slow', 'found_elsewhere', 'other')),
    state text NOT NULL CHECK (state IN ('asked', 'refused', 'closed')),
    asked_at timestamptz NOT NULL,
    refusal text CHECK (refusal IN ('gate_passed', 'handed_over')),
    refused_percent integer CHECK (refused_percent BETWEEN 0 AND 100),
    ended_at timestamptz,
    CHECK ((state = 'asked') = (ended_at IS NULL)),
    CHECK ((state = 'refused') = (refusal IS NOT NULL))
);

CREATE UNIQUE INDEX cancellation_asked ON cancellation (commission) WHERE state = 'asked';
CREATE INDEX cancellation_commission ON cancellation (commission, asked_at);

CREATE TABLE tablet_handover (
    session uuid NOT NULL,
    commission uuid NOT NULL REFERENCES commission (commission),
    by_person uuid NOT NULL,
    name text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (commission, session)
);

CREATE FUNCTION hold_sender(sender uuid, mails_since timestamptz)
RETURNS TABLE (known boolean, hashed bytea, unpaid bigint, unconfirmed bigint, mails bigint)
LANGUAGE plpgsql
AS $$
DECLARE
    address text;
BEGIN
    SELECT p.confirmed_at IS NOT NULL OR p.entered_by IS NOT NULL, lower(p.email) INTO known, address
    FROM person AS p WHERE p.person = sender AND p.account IS NULL AND p.erased_at IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(nullif(address, ''), sender::text), 0));
    hashed := sha256(convert_to(address, 'UTF8'));
    unpaid := (SELECT count(*) FROM commission AS c
        WHERE c.customer = sender AND c.state IN ('unconfirmed', 'open') AND c.booked_at IS NULL);
    unconfirmed := (SELECT count(*) FROM person AS p INNER JOIN commission AS c ON c.customer = p.person
        WHERE p.role = 'customer' AND p.confirmed_at IS NULL AND lower(p.email) = address AND c.state = 'unconfirmed');
    mails := (SELECT count(*) FROM mail_to_address AS m WHERE m.address_sha256 = hashed AND m.asked_at > mails_since);
    RETURN NEXT;
END
$$;

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

-- migrate:down

DROP FUNCTION hold_sender(uuid, timestamptz);
DROP TABLE delivery;
DROP TABLE cancellation;
DROP TABLE approval;
DROP TABLE commission_text;
DROP TABLE commission_fact;
DROP TABLE image;
DROP TABLE brief;
DROP TABLE commission;
DROP TABLE mail_to_address;
DROP TABLE one_time_right;
DROP TABLE invitation;
DROP TABLE used_sign_in_link;
DROP TABLE second_step_miss;
DROP TABLE recovery_code;
DROP TABLE authenticator;
DROP TABLE provider_account;
DROP TABLE passkey;
DROP TABLE security_event;
DROP TABLE session;
DROP TABLE erasure;
DROP TABLE person;
