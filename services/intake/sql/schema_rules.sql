-- The functions of intake's tables, after `schema.sql`.

-- What somebody who sends a request has open, and what their address was sent; nothing for somebody who is not here any more. Both
-- are held until the transaction ends: requests of one address are counted one after another, and whoever confirms what this
-- sender has sent comes before or after. A function, since each of its queries sees what was committed meanwhile.
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
