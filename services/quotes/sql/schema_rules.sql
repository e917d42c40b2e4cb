-- What never changes in quotes' database, and what has to add up: `schema.sql` goes on here.
-- `touchmark.erasing` is set for a transaction that erases somebody, or what the law lets go (services/quotes/sql/leaving.sql).
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('touchmark.erasing', true) = 'on'
        AND (TG_OP, TG_TABLE_NAME) IN (
            ('UPDATE', 'contract'), ('UPDATE', 'contract_amendment'), ('UPDATE', 'quote_line'), ('DELETE', 'paper')
        )
    THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry AS e WHERE e.transaction = NEW.transaction) < 2 OR EXISTS (
        SELECT 1 FROM ledger_entry AS e WHERE e.transaction = NEW.transaction
        GROUP BY e.currency HAVING sum(e.amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced', NEW.transaction USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ledger_transaction_balanced AFTER INSERT ON ledger_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();

CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transaction_kept BEFORE TRUNCATE ON ledger_transaction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_kept BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_append_only BEFORE UPDATE OR DELETE ON contract FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_kept BEFORE TRUNCATE ON contract FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_amendment_append_only BEFORE UPDATE OR DELETE ON contract_amendment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_amendment_kept BEFORE TRUNCATE ON contract_amendment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_stays BEFORE DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_kept BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credit_append_only BEFORE UPDATE OR DELETE ON credit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON settlement FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_kept BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_stays BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quote_line_append_only BEFORE UPDATE OR DELETE ON quote_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('touchmark.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV OR (
        SELECT bool_and(was <> 'null') OR bool_or(was NOT IN ('null', to_jsonb(NEW) -> name))
        FROM (SELECT name, to_jsonb(OLD) -> name AS was FROM unnest(TG_ARGV) AS sealed (name)) AS sealed
    ) THEN
        RAISE EXCEPTION 'what was issued never changes: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER invoice_sealed BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION seal('customer_name');
CREATE TRIGGER payment_sealed BEFORE UPDATE ON payment
FOR EACH ROW EXECUTE FUNCTION seal('reversal', 'reversed_at', 'reversed_by');
CREATE TRIGGER paper_sealed BEFORE UPDATE ON paper FOR EACH ROW EXECUTE FUNCTION seal('customer_name', 'pdf');
CREATE TRIGGER paper_stays BEFORE DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paper_kept BEFORE TRUNCATE ON paper FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.state NOT IN ('accepted', 'cancelled')
        OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')
        OR to_jsonb(OLD) - ARRAY['state', 'ended_at', 'end_reason']
        <> to_jsonb(NEW) - ARRAY['state', 'ended_at', 'end_reason']
    THEN
        RAISE EXCEPTION 'a quote that was accepted never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER quote_version_accepted BEFORE UPDATE OR DELETE ON quote_version
FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION keep_accepted();
