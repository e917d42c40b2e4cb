-- migrate:up

-- Widened: what was allowed still is.
-- squawk-ignore ban-drop-constraint
ALTER TABLE mail DROP CONSTRAINT mail_intent_check;
ALTER TABLE mail ADD CONSTRAINT mail_intent_check CHECK (intent IN (
    'request_received', 'quote_drafted', 'quote_ready', 'quote_reminder',
    'question_answered', 'quote_accepted', 'deposit_reminder', 'making_begins',
    'approval_asked', 'approval_reminder', 'piece_delayed', 'balance_due',
    'balance_reminder', 'parcel_sent', 'certificate_ready', 'message_received',
    'maker_reminder', 'cancellation_refused', 'commission_cancelled', 'commission_ended',
    'sign_in_asked'
)) NOT VALID;

-- migrate:down

DELETE FROM delivery USING mail WHERE delivery.mail = mail.mail AND mail.intent = 'sign_in_asked';
DELETE FROM mail WHERE intent = 'sign_in_asked';
ALTER TABLE mail DROP CONSTRAINT mail_intent_check;
ALTER TABLE mail ADD CONSTRAINT mail_intent_check CHECK (intent IN (
    'request_received', 'quote_drafted', 'quote_ready', 'quote_reminder',
    'question_answered', 'quote_accepted', 'deposit_reminder', 'making_begins',
    'approval_asked', 'approval_reminder', 'piece_delayed', 'balance_due',
    'balance_reminder', 'parcel_sent', 'certificate_ready', 'message_received',
    'maker_reminder', 'cancellation_refused', 'commission_cancelled', 'commission_ended'
));
