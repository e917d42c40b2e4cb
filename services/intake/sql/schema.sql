-- Intake's own tables beside the kernel's. This file is the truth; a test compares it with what the migrations make.
-- Its functions are in `schema_rules.sql`.

-- Somebody who uses the studio: customers sign up themselves, makers and ops are invited by the studio. Of one who was erased
-- only the id stays, since facts name it.
-- access_ended_at: ops ended the access; nobody signs in as them, by whatever way, until ops give a new link.
-- A customer is
--   provisional: confirmed_at and account are null: whose the address is was only typed; swept away without a request
--   entered:     entered_by is set: that person of the studio recorded them at the counter or on the phone. Their address, if they
--                have one, is empty until then; nobody has confirmed it until confirmed_at is set as well
--   an account:  confirmed_at is set: somebody who reads the mailbox said so. There is one for each address, entered or not
--   joined:      account is set: their requests were confirmed and are the account's. Name and address are empty; the row is
--                kept for a while, so that the browser that sent the form can be let in by the mail's code
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

-- The words that ops find a customer by, as shared/kernel/search.py writes them; collation "C", for ranges of the index.
CREATE TABLE person_word (
    word text COLLATE "C" NOT NULL,
    person uuid NOT NULL REFERENCES person (person),
    PRIMARY KEY (word, person)
);

CREATE INDEX person_word_person ON person_word (person);

-- Somebody who leaves: asked by themselves or by somebody of the studio. The numbers are of what was erased.
--   asked -> erased (erased_at)  nothing of theirs was open any longer; for good
--   asked -> (gone)              taken back before
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

-- One browser or program of one person. Of its secret only the SHA-256 is kept. browser, system: by name, empty if unknown.
--   live:    revoked_at is null and expires_at is ahead; tokens are renewed from it, which puts expires_at off, up to an absolute end
--   revoked: signed out, or ended by ops: revoked_at is set; for good
--   expired: expires_at has passed; for good, and swept away after a while
-- proof: how much its person has proven. 'half', the first of two steps, is good for the second one alone and never renewed beyond
-- its ten minutes; the second step makes it 'two', with another secret. issuer: of the provider that they came by, if they did.
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

-- What happened to people's access, kept for a year. Ids and codes: `network` is a part of the address, e.g. 192.0.2.0/24.
CREATE TABLE security_event (
    event uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'signed_in', 'refused', 'session_ended', 'role_given', 'role_taken', 'link_given', 'factor_added',
        'factor_removed', 'first_step', 'codes_made', 'account_tied', 'account_untied'
    )),
    person uuid,
    role text CHECK (role IN ('customer', 'maker', 'ops')),
    way text,
    network text NOT NULL,
    by_person uuid
);

CREATE INDEX security_event_at ON security_event (at, event);
CREATE INDEX security_event_person ON security_event (person);

-- A passkey of a maker or somebody of the studio: the public half of a key that a device keeps. `credential` is its name there;
-- browser, system: where it was added; sign_count: how often the device says that it has signed.
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

-- An authenticator app of a maker or somebody of the studio. `secret` is sealed with a key of the settings; `last_step` is the time
-- step of the newest code that was used, since a code works once.
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

-- A code that stands for the second step of whoever lost theirs, once: used_at. Of it only a keyed hash is kept.
CREATE TABLE recovery_code (
    person uuid NOT NULL REFERENCES person (person),
    code_hmac bytea NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person, code_hmac)
);

-- Wrong codes of a person's second step since the last right one, and until when nobody can try; no row where there was none.
CREATE TABLE second_step_miss (
    person uuid PRIMARY KEY REFERENCES person (person),
    wrong integer NOT NULL CHECK (wrong > 0),
    paused_until timestamptz
);

-- The account by which a maker or somebody of the studio signs in at the studio's own OpenID provider: for good known by issuer and
-- subject, whatever its address becomes. One of each provider; who unties it, or a new link from ops, makes room for another.
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

-- What was signed to work once, and was used: a sign-in link of the one-machine stack, the challenge that a passkey answered, or a
-- sign-in at the provider that came back. Kept until nothing of that age can be good.
CREATE TABLE used_sign_in_link (link uuid PRIMARY KEY, forget_at timestamptz NOT NULL);

-- A right that works once, by the link or the code of a mail (`shared/auth/mail_secrets.py`); of both only hashes are kept.
--   good:    expires_at is ahead, and it was not used
--   used:    link_used_at or code_used_at is set; a confirmation's link and code work once each, else the first use is the only one
--   expired: expires_at has passed; for good, and swept away after a while
-- about: the commission that is to be confirmed, or the person who is to be signed in; where nobody has the address, an id that
-- is made of it, so that its codes are refused as everybody's are. tries_left: of the code. asked_on: the commission on whose
-- page it was asked for, and to which signing in leads back. known_browser: one asked in which the person was signed in before.
-- Those to sign in count how often it was asked for, and are kept for a day after their end.
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

-- A confirmation's mail that somebody who is not signed in had sent to an address; kept for a day, to count them. Of the address only the
-- SHA-256 is kept.
CREATE TABLE mail_to_address (
    id uuid PRIMARY KEY,
    address_sha256 bytea NOT NULL,
    asked_at timestamptz NOT NULL
);

CREATE INDEX mail_to_address_address ON mail_to_address (address_sha256, asked_at);

-- A sign-in link for a maker or somebody of the studio whom ops invited. Of its secret only the SHA-256 is kept.
--   good: used_at is null and expires_at is ahead; a newer one of the same person takes its place
--   used: used_at is set, by signing in or by ops who ended the access; for good
CREATE TABLE invitation (
    person uuid PRIMARY KEY REFERENCES person (person),
    secret_sha256 bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- A commission as its customer knows it. It may be for somebody else, the recipient; the country is an ISO 3166 code.
-- sent_by: who sent the form, a provisional customer or the account itself; entered_by: who of the studio entered it for them,
-- which is said to have come to them by entered_way. reminded_at: of the confirmation. booked_at: when
-- the deposit was settled; until then it counts among what its customer may have open.
--   unconfirmed -> open  whoever reads the mailbox confirms it; an account's own is open at once
--   unconfirmed -> (gone) they deny it, or do not answer in time
--   open      -> withdrawn  the customer cancels the request
--   open      -> closed     the life cycle ends it, with an outcome
--   withdrawn -> closed     likewise
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
    outcome text
    CONSTRAINT commission_outcome_check CHECK (outcome IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled', 'completed')),
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

-- The brief, one row a version; `answers` is the list that BriefWritten carries, `images` are the pictures of that version. way: the
-- studio wrote it for the customer, whom the wish reached so.
CREATE TABLE brief (
    commission uuid NOT NULL REFERENCES commission (commission),
    brief_version integer NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    images uuid [] NOT NULL,
    way text CHECK (way IN ('counter', 'phone')),
    PRIMARY KEY (commission, brief_version)
);

-- A picture of a brief or of a message, encoded again from what was sent: JPEG, at most some hundred kilobytes.
--   waiting -> kept     the form it was chosen in is accepted: `commission` is set
--   waiting -> (gone)   swept away after a day
--   kept -> (gone)      the message that it came with was erased
-- message: the text that it came with. NULL: it waits, or it is a reference picture of the brief.
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

-- The facts that other services published about a commission: the read model behind the timeline.
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

-- What people wrote, here or in another service. The body of an erased text is null, and its pictures are gone.
-- images: the pictures that came with a message or a claim.
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

-- Up to when somebody has read the others' messages about a commission.
CREATE TABLE message_read (
    commission uuid NOT NULL REFERENCES commission (commission),
    person uuid NOT NULL,
    read_until timestamptz NOT NULL,
    PRIMARY KEY (commission, person)
);

-- A gate of the offering that the customer is asked to sign off.
--   open -> given      signed, for the brief of `brief_version`
--   open -> refused    a change is requested; `text` says which. The life cycle may ask again, which is another row.
--   open -> withdrawn  the commission has ended
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

-- A cancellation that the customer asked for after the acceptance, agreeing to `owed_percent` of the price.
--   asked -> refused  it was overtaken: `refusal` says by what, `refused_percent` what it would cost now
--   asked -> closed   the commission has ended
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

-- That by_person handed the studio's tablet to a customer, for this commission alone. name: as they typed it, until they are erased.
CREATE TABLE tablet_handover (
    session uuid NOT NULL,
    commission uuid NOT NULL REFERENCES commission (commission),
    by_person uuid NOT NULL,
    name text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (commission, session)
);
