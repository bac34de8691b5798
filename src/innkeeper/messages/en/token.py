"""Tokens."""

TEXT = {
    "token.exists": "there is a token {name} already",
    "token.exists.remedy": "choose another name, or remove that one first: inn token remove {name}",
    "token.unknown": "there is no token {name}",
    "token.unknown.remedy": "see inn token list for those there are",
}
