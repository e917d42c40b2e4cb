-- name: add_person(person, role, name, email, language, recorded_at, confirmed_at)$
-- Records a person; returns nothing for one that is there already, who stays as recorded.
INSERT INTO person (person, role, name, email, language, recorded_at, confirmed_at)
VALUES (:person, :role, :name, :email, :language, :recorded_at, :confirmed_at)
ON CONFLICT (person) DO NOTHING
RETURNING person;

-- name: set_language(person, language)^
-- Changes a person's language; returns nothing where it is that already, nobody is recorded, or they joined an account.
UPDATE person SET language = :language
WHERE person = :person AND language <> :language AND erased_at IS NULL AND account IS NULL
RETURNING person, role, name, email, language;

-- name: use_sign_in_link(link, forget_at)$
-- Marks a local link, or a passkey's challenge, as used; returns nothing if it was used before.
INSERT INTO used_sign_in_link (link, forget_at) VALUES (:link, :forget_at)
ON CONFLICT (link) DO NOTHING
RETURNING link;

-- name: links_of(about, since, known_browser)^
-- How many sign-in links were asked for since then, for a person or for an address that is nobody's, and when the newest; from
-- browsers in which that person was signed in before, or from all others.
SELECT count(*) AS times, max(made_at) AS last_at
FROM one_time_right
WHERE about = :about AND purpose = 'sign_in' AND made_at > :since AND known_browser = :known_browser;

-- name: right(id)^
-- A right that works once, held against a second use until the transaction ends.
SELECT id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left, link_used_at, code_used_at,
    asked_on, known_browser
FROM one_time_right WHERE id = :id
FOR UPDATE;

-- name: add_right(id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left, asked_on, known_browser)!
-- Keeps a right that works once.
INSERT INTO one_time_right (
    id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left, asked_on, known_browser
)
VALUES (
    :id, :purpose, :about, :link_sha256, :code_sha256, :made_at, :expires_at, :tries_left, :asked_on, :known_browser
);

-- name: right_of_link(link_sha256)^
-- The right that this link is of, held against a second use until the transaction ends.
SELECT id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left, link_used_at, code_used_at,
    asked_on, known_browser
FROM one_time_right WHERE link_sha256 = :link_sha256
FOR UPDATE;

-- name: newest_right(purpose, about, known_browser)^
-- The newest right of this purpose about a commission or a person that such a browser asked for, held against a second use
-- until the transaction ends.
SELECT id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left, link_used_at, code_used_at,
    asked_on, known_browser
FROM one_time_right WHERE about = :about AND purpose = :purpose AND known_browser = :known_browser
ORDER BY made_at DESC, id DESC
LIMIT 1
FOR UPDATE;

-- name: save_right(id, tries_left, link_used_at, code_used_at)!
-- Keeps what came of using a right.
UPDATE one_time_right SET tries_left = :tries_left, link_used_at = :link_used_at, code_used_at = :code_used_at
WHERE id = :id;

-- name: forget_rights(about)!
-- Forgets the rights about a person: no mail that has one of them signs anybody in.
DELETE FROM one_time_right WHERE about = :about;

-- name: hold_person(person)$
-- Holds somebody until the transaction ends; returns nothing for nobody.
SELECT person FROM person WHERE person = :person FOR UPDATE;

-- name: is_erased(person)$
-- Whether somebody was erased, held so until the transaction ends; returns nothing for nobody.
SELECT erased_at IS NOT NULL AS gone FROM person WHERE person = :person FOR SHARE;

-- name: person(person)^
-- Somebody, as recorded.
SELECT person, role, name, email, language, confirmed_at, account, entered_by FROM person WHERE person = :person AND erased_at IS NULL;

-- name: sweep(now, waiting_since, over_since, counted_since)!
-- Forgets pictures whose form never came, sessions that were over long ago, used links that are too old to be used again,
-- mails that do not count any more; and rights that were over long ago: to sign in, once they do not count.
WITH pictures AS (
    DELETE FROM image WHERE commission IS NULL AND stored_at < :waiting_since
), links AS (
    DELETE FROM used_sign_in_link WHERE forget_at < :now
), mailed AS (
    DELETE FROM mail_to_address WHERE asked_at < :counted_since
), rights AS (
    DELETE FROM one_time_right
    WHERE expires_at < :counted_since AND (purpose = 'sign_in' OR expires_at < :over_since)
)
DELETE FROM session WHERE expires_at < :over_since;

-- name: submit(scope, key, request_hash, answer, commission, customer, craft, offering, offering_version, offering_sha256, needed_by, recipient, delivery_country, at, answers, images, widths, heights, contents, media_type, kept, confirmed_facts, asking_facts, right, link_sha256, code_sha256, expires_at, tries, most_unconfirmed, most_unpaid, most_mails, mails_since, sender, entered_by, entered_way)^
-- Accepts a commission whole, or not at all: its key, itself, its brief, its pictures, and the facts for everybody else. An
-- account's is open at once, and so is what the studio enters for somebody; somebody else's waits for its confirmation, with a right
-- to confirm it. `sender` is whose pictures wait: the customer, or who enters it for them.
-- `published` is 0 where the key was used before, a picture that was sent before is not waiting any more, the person is not
-- here any more, or too much is open already.
WITH welcome AS (
    SELECT s.known, s.hashed FROM hold_sender(:customer, :mails_since) AS s
    WHERE CASE WHEN s.known
        THEN s.unpaid < :most_unpaid
        ELSE s.unconfirmed < :most_unconfirmed AND s.mails < :most_mails
    END
), kept AS (
    SELECT i.image FROM image AS i
    WHERE i.image = ANY(:kept::uuid []) AND i.commission IS NULL
        AND (i.owner = :sender OR i.owner IN (SELECT p.person FROM person AS p WHERE p.account = :sender))
    FOR UPDATE
), claimed AS (
    INSERT INTO idempotency (scope, key, request_hash, status, answer)
    SELECT :scope, :key, :request_hash, 201, :answer
    FROM welcome
    WHERE (SELECT count(*) FROM kept) = cardinality(:kept::uuid [])
    ON CONFLICT (scope, key) DO NOTHING
    RETURNING key
), asked AS (
    INSERT INTO commission (
        commission, customer, craft, offering, offering_version, offering_sha256, brief_version,
        needed_by, recipient, delivery_country, submitted_at, sent_by, state, confirmed_at,
        entered_by, entered_way
    )
    SELECT
        :commission, :customer, :craft, :offering, :offering_version, :offering_sha256, 1,
        :needed_by, :recipient, :delivery_country, :at::timestamptz, :customer,
        CASE WHEN welcome.known THEN 'open' ELSE 'unconfirmed' END, CASE WHEN welcome.known THEN :at::timestamptz END,
        :entered_by, :entered_way
    FROM claimed CROSS JOIN welcome
    RETURNING commission, confirmed_at IS NOT NULL AS known
), written AS (
    INSERT INTO brief (commission, brief_version, answers, written_at, images, way)
    SELECT asked.commission, 1, :answers::jsonb, :at, :kept::uuid [] || :images::uuid [], :entered_way FROM asked
), pictured AS (
    INSERT INTO image (image, owner, commission, media_type, width, height, content, stored_at)
    SELECT p.image, :customer, asked.commission, :media_type, p.width, p.height, p.content, :at
    FROM asked
    CROSS JOIN unnest(:images::uuid [], :widths::integer [], :heights::integer [], :contents::bytea [])
        AS p (image, width, height, content)
), attached AS (
    UPDATE image AS i SET commission = asked.commission, owner = :customer
    FROM asked, kept
    WHERE i.image = kept.image
), granted AS (
    INSERT INTO one_time_right (id, purpose, about, link_sha256, code_sha256, made_at, expires_at, tries_left)
    SELECT :right, 'confirmation', asked.commission, :link_sha256, :code_sha256, :at, :expires_at, :tries
    FROM asked WHERE NOT asked.known
), counted AS (
    INSERT INTO mail_to_address (id, address_sha256, asked_at)
    SELECT :right, welcome.hashed, :at FROM asked CROSS JOIN welcome WHERE NOT asked.known
), published AS (
    SELECT s.version
    FROM asked
    CROSS JOIN LATERAL publish_facts(CASE WHEN asked.known THEN :confirmed_facts::jsonb ELSE :asking_facts::jsonb END) AS s
)
SELECT count(*) AS published FROM published;

-- name: answered(scope, key)^
-- What a request with this key was answered.
SELECT request_hash, status, answer FROM idempotency WHERE scope = :scope AND key = :key;

-- name: keep_image(image, owner, media_type, width, height, content, stored_at, at_most)!
-- Keeps a picture until its form is sent. Of one person's waiting pictures the newest stay, so that nobody fills the disk.
WITH surplus AS (
    DELETE FROM image WHERE image IN (
        SELECT i.image FROM image AS i
        WHERE i.owner = :owner AND i.commission IS NULL
        ORDER BY i.stored_at DESC, i.image DESC
        OFFSET :at_most - 1
    )
)
INSERT INTO image (image, owner, media_type, width, height, content, stored_at)
VALUES (:image, :owner, :media_type, :width, :height, :content, :stored_at);

-- name: waiting_images(images, owner)
-- Which of these pictures wait for a form of this person, also of one who joined their account.
SELECT i.image FROM image AS i
WHERE i.image = ANY(:images::uuid []) AND i.commission IS NULL
    AND (i.owner = :owner OR i.owner IN (SELECT p.person FROM person AS p WHERE p.account = :owner));

-- name: image(image)^
-- A picture with its content.
SELECT image, owner, commission, media_type, width, height, content FROM image WHERE image = :image;

-- name: commission(commission)^
-- One commission.
SELECT
    commission, customer, craft, offering, offering_version, offering_sha256, brief_version, submitted_at, state, needed_by,
    recipient, delivery_country, withdrawn_at,
    withdrawal_reason, closed_at, outcome, receipt_confirmed_at, sent_by, confirmed_at, entered_by, entered_way
FROM commission WHERE commission = :commission;

-- name: lock_commission(commission)^
-- A commission, held against change until the transaction ends.
SELECT
    commission, customer, craft, offering, offering_version, offering_sha256, brief_version, submitted_at, state, needed_by,
    recipient, delivery_country, withdrawn_at,
    withdrawal_reason, closed_at, outcome, receipt_confirmed_at, sent_by, confirmed_at, entered_by, entered_way
FROM commission WHERE commission = :commission FOR UPDATE;

-- name: commissions(customer, before, before_commission, at_most)
-- A customer's commissions, newest first, from the one after the given place on.
SELECT
    commission, customer, craft, offering, offering_version, offering_sha256, brief_version, submitted_at, state, needed_by,
    recipient, delivery_country, withdrawn_at,
    withdrawal_reason, closed_at, outcome, receipt_confirmed_at, sent_by, confirmed_at, entered_by, entered_way
FROM commission
WHERE customer = :customer
    AND (:before::timestamptz IS NULL OR (submitted_at, commission) < (:before::timestamptz, :before_commission::uuid))
ORDER BY submitted_at DESC, commission DESC
LIMIT :at_most;

-- name: save_state(commission, state, withdrawn_at, withdrawal_reason, closed_at, outcome)!
-- Writes the state of a commission.
UPDATE commission
SET state = :state, withdrawn_at = :withdrawn_at, withdrawal_reason = :withdrawal_reason, closed_at = :closed_at,
    outcome = :outcome
WHERE commission = :commission;

-- name: brief(commission, brief_version)^
-- One version of a brief, with its pictures.
SELECT brief_version, answers, written_at, images, way
FROM brief WHERE commission = :commission AND brief_version = :brief_version;

-- name: briefs(commission)
-- Every version of a brief, the first one first.
SELECT brief_version, answers, written_at, images, way
FROM brief WHERE commission = :commission ORDER BY brief_version;

-- name: newest_answers(commissions)
-- The newest brief of several commissions.
SELECT commission, b.answers
FROM commission AS c
INNER JOIN brief AS b USING (commission, brief_version)
WHERE c.commission = ANY(:commissions::uuid []);

-- name: add_facts(commissions, topics, versions, types, instants, facts)!
-- Records facts of other services, a batch at once; what is there already stays as it is.
INSERT INTO commission_fact (commission, topic, version, type, at, fact)
SELECT t.commission, t.topic, t.version, t.type, t.at, t.fact::jsonb
FROM unnest(
    :commissions::uuid [], :topics::text [], :versions::bigint [], :types::text [], :instants::timestamptz [],
    :facts::text []
) AS t (commission, topic, version, type, at, fact)
ON CONFLICT (commission, topic, version) DO NOTHING;

-- name: facts(commissions)
-- The facts of other services about these commissions, oldest first.
SELECT commission, type, fact FROM commission_fact
WHERE commission = ANY(:commissions::uuid [])
ORDER BY commission, at, topic, version;

-- name: revision(commission)$
-- A short text that changes whenever a commission's page does.
SELECT concat_ws(
    ':', c.state, c.brief_version, c.receipt_confirmed_at,
    (SELECT count(*) FROM commission_fact AS t WHERE t.commission = c.commission),
    (SELECT concat(count(*), '/', count(w.body)) FROM commission_text AS w WHERE w.commission = c.commission),
    (SELECT concat(count(*), '/', count(a.ended_at)) FROM approval AS a WHERE a.commission = c.commission),
    (SELECT concat(count(*), '/', count(l.ended_at)) FROM cancellation AS l WHERE l.commission = c.commission),
    (SELECT concat(d.number, d.missed_at) FROM delivery AS d WHERE d.commission = c.commission),
    (SELECT count(*) FROM claim AS w WHERE w.commission = c.commission),
    (SELECT w.withdrawn_at FROM contract_withdrawal AS w WHERE w.commission = c.commission)
) AS revision
FROM commission AS c WHERE c.commission = :commission;

-- name: confirm_receipt(commission, at)!
-- Writes down that the customer has the parcel.
UPDATE commission SET receipt_confirmed_at = :at WHERE commission = :commission;

-- name: add_brief(commission, brief_version, answers, at, images, way, needed_by)!
-- Adds a version of the brief, which is the commission's from now on, with the day by which it is needed.
WITH newest AS (
    UPDATE commission SET brief_version = :brief_version, needed_by = :needed_by WHERE commission = :commission
)
INSERT INTO brief (commission, brief_version, answers, written_at, images, way)
VALUES (:commission, :brief_version, :answers::jsonb, :at, :images::uuid [], :way);

-- name: attach_references(images, sender, commission, customer)
-- Makes pictures that wait for a form of the sender the commission's; returns those of these that are its own now.
WITH attached AS (
    UPDATE image AS i SET commission = :commission, owner = :customer
    WHERE i.image = ANY(:images::uuid []) AND i.commission IS NULL AND i.owner = :sender
    RETURNING i.image
)
SELECT a.image FROM attached AS a
UNION
SELECT i.image FROM image AS i
WHERE i.image = ANY(:images::uuid []) AND i.commission = :commission AND i.message IS NULL;

-- name: invite(person, secret_sha256, made_at, expires_at)!
-- Makes somebody's sign-in link, which takes the place of one that was made before.
INSERT INTO invitation AS i (person, secret_sha256, made_at, expires_at)
VALUES (:person, :secret_sha256, :made_at, :expires_at)
ON CONFLICT (person) DO UPDATE SET
    secret_sha256 = excluded.secret_sha256, made_at = excluded.made_at, expires_at = excluded.expires_at, used_at = NULL;

-- name: invited(secret_sha256, now)^
-- Whose invitation this is, if it is still good.
SELECT p.person, p.role, p.name, p.email, p.language
FROM invitation AS i INNER JOIN person AS p ON p.person = i.person
WHERE i.secret_sha256 = :secret_sha256 AND i.used_at IS NULL AND i.expires_at > :now;

-- name: use_invitation(secret_sha256, now)$
-- Marks an invitation as used; returns whose it is, or nothing if it is not good any more.
UPDATE invitation SET used_at = :now
WHERE secret_sha256 = :secret_sha256 AND used_at IS NULL AND expires_at > :now
RETURNING person;

-- name: void_invitation(person, at)$
-- Uses up somebody's invitation, so that nobody signs in by it any more; returns nothing if it was used before.
UPDATE invitation SET used_at = :at WHERE person = :person AND used_at IS NULL
RETURNING person;

-- name: colleague(person, now)^
-- One of the makers and people of the studio.
SELECT
    p.person, p.role, p.name, p.email, p.recorded_at, i.expires_at AS link_until,
    EXISTS (
        SELECT FROM session AS s
        WHERE s.person = p.person AND s.revoked_at IS NULL AND s.expires_at > :now AND s.proof <> 'half'
    ) AS signed_in, p.access_ended_at IS NOT NULL AS locked_out
FROM person AS p
LEFT JOIN invitation AS i ON i.person = p.person AND i.used_at IS NULL AND i.expires_at > :now
WHERE p.person = :person AND p.role <> 'customer' AND p.erased_at IS NULL;

-- name: colleagues(now, before, before_person, at_most)
-- Makers and people of the studio, the newest first, from the one after the given place on.
SELECT
    p.person, p.role, p.name, p.email, p.recorded_at, i.expires_at AS link_until,
    EXISTS (
        SELECT FROM session AS s
        WHERE s.person = p.person AND s.revoked_at IS NULL AND s.expires_at > :now AND s.proof <> 'half'
    ) AS signed_in, p.access_ended_at IS NOT NULL AS locked_out
FROM person AS p
LEFT JOIN invitation AS i ON i.person = p.person AND i.used_at IS NULL AND i.expires_at > :now
WHERE p.role <> 'customer' AND p.erased_at IS NULL
    AND (:before::timestamptz IS NULL OR (p.recorded_at, p.person) < (:before::timestamptz, :before_person::uuid))
ORDER BY p.recorded_at DESC, p.person DESC
LIMIT :at_most;
