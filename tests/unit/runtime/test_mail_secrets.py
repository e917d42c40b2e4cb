"""The secrets of mailed rights."""

from shared.auth.mail_secrets import CODE_DIGITS, MailSecrets, new_mail_secret
from shared.kernel.ids import new_id


def test_intake_and_notify_make_the_same_secrets_of_one_right() -> None:
    key, right = new_mail_secret(), new_id()

    assert MailSecrets(key).link(right) == MailSecrets(key).link(right)
    assert MailSecrets(key).code(right) == MailSecrets(key).code(right)


def test_each_right_and_each_key_has_its_own() -> None:
    key, rights = new_mail_secret(), [new_id() for _ in range(50)]

    made = [MailSecrets(key).link(right) for right in rights] + [MailSecrets(new_mail_secret()).link(rights[0])]

    assert len(set(made)) == 51


def test_a_code_is_digits_of_one_length() -> None:
    codes = [MailSecrets(new_mail_secret()).code(new_id()) for _ in range(200)]

    assert {len(code) for code in codes} == {CODE_DIGITS}
    assert all(code.isdecimal() for code in codes)
