"""Answers for unattended installs and first boots."""
