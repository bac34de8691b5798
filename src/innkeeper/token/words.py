"""Secret words: made, and known again by their digest alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets

__all__ = ["LINK", "SESSION", "TOKEN", "cross_site", "digest", "new"]

TOKEN, LINK, SESSION = "inn_", "link_", "session_"
"""What each begins with, so that scanners for leaked secrets, and people, see what it is."""
_BYTES = 32


def new(kind: str) -> str:
    """256 random bits: nobody guesses them, so that a plain digest of them may be stored."""
    return kind + secrets.token_urlsafe(_BYTES)


def digest(word: str) -> str:
    """What is stored, and looked up: how long that takes says nothing about the word."""
    return hashlib.sha256(word.encode(errors="surrogateescape")).hexdigest()


def cross_site(session: str) -> str:
    """What a page has to send beside its session's cookie when it changes something; a foreign page cannot know it."""
    return hmac.new(session.encode(errors="surrogateescape"), b"innkeeper csrf", hashlib.sha256).hexdigest()
