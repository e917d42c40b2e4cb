"""Mails: which fact becomes which mail, their states, and how long they are tried. No I/O."""
