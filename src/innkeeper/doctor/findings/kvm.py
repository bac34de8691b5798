"""KVM: code is run in it, and what came out is judged."""

from __future__ import annotations

from innkeeper.doctor import kvm_proof
from innkeeper.doctor.finding import Check, Found, Site

__all__ = ["CHECKS"]


def _proof(site: Site) -> Found:
    proof = kvm_proof.prove(site.machine)
    return Found("ok" if proof.verdict == "proven" else "problem", proof.reason, dict(proof.facts))


CHECKS = (Check("kvm.proof", _proof),)
