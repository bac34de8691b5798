"""Signatures of what distributors publish."""

TEXT = {
    "signature.none": "{url} is not signed, though {owner} signs it",
    "signature.none.remedy": "do not trust it; try later, or another mirror",
    "signature.bad": "{url} is not what {owner} signed (key {fingerprint})",
    "signature.bad.remedy": "do not trust it; try later, or another mirror",
    "signature.other_key": "{url} is signed by the key {found}, not by that of {owner}, {fingerprint}",
    "signature.other_key.remedy": (
        "do not trust it; if {owner} has a new key by now, a newer Innkeeper or a catalogue of your own names it"
    ),
    "signature.over": "the key {fingerprint} of {owner}, by which {url} is signed, has expired or was revoked",
    "signature.over.remedy": "install the newest keyring package of {owner}, or try later",
    "signature.no_key": "the key {fingerprint} of {owner} is nowhere to be had: {where}",
    "signature.no_key.remedy": "name where it is in the catalogue: a file of this computer, or a URL",
}
