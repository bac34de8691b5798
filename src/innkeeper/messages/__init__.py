"""Every text a person reads, by id. The first part of an id names the file: `guest.exists` is in `en/guest.py`.

English is complete and the fallback; 简体中文 stands beside it, and a test keeps both in step. Texts are looked up when
they are shown, so that a process loads only the few files it speaks from.
"""

from innkeeper.messages.lookup import LANGUAGES, has, language_of_user, text

__all__ = ["LANGUAGES", "has", "language_of_user", "text"]
