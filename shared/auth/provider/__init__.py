"""Signing in by an OpenID provider of the studio's own: the code flow with PKCE, and what is believed of its answers.

`client.Provider` asks it; the rest holds the rules. Read OpenID Connect Core 1.0 beside it, RFC 9700, and RFC 9207.
"""
