"""What customer, maker and studio write to each other about a commission, as a service that is not intake has read it.

Intake owns messages, their pictures and who has read them; the others keep what their pages show (`touchmark.texts` and
`MessagesRead`), with the text's id as key, so that a tombstone erases it everywhere.
"""
