"""What guests boot by, and their TPM."""

TEXT = {
    "firmware.bios.there": "guests can boot by BIOS ({file})",
    "firmware.bios.missing": "there is no BIOS for guests",
    "firmware.bios.missing.means": "guests that boot by BIOS, the usual kind on this processor, do not start",
    "firmware.uefi.there": "guests of {arch} can boot by UEFI ({file})",
    "firmware.uefi.missing": "there is no UEFI firmware for guests of {arch}",
    "firmware.uefi.missing.means": "guests that need UEFI (Windows 11, newer systems, Secure Boot) cannot be made",
    "firmware.uefi.file_missing": "{descriptor} names a firmware that is not there: {file}",
    "firmware.uefi.file_missing.means": "libvirt may choose it, and the guest then does not start",
    "firmware.uefi.file_missing.remedy": "install the firmware's package again, or remove that description",
    "firmware.secure_boot.there": "Secure Boot can be had, with keys enrolled ({file})",
    "firmware.secure_boot.no_keys": "there is firmware with Secure Boot, without keys enrolled ({file})",
    "firmware.secure_boot.no_keys.means": "Secure Boot would refuse nothing until keys are enrolled in each guest",
    "firmware.secure_boot.no_keys.remedy": "install the firmware of the distribution that has keys enrolled",
    "firmware.secure_boot.missing": "there is no firmware with Secure Boot",
    "firmware.secure_boot.missing.means": "guests that insist on it (Windows 11) cannot be made",
    "firmware.tpm.there": "guests can have a TPM ({program})",
    "firmware.tpm.missing": "guests cannot have a TPM: {missing} not installed",
    "firmware.tpm.missing.means": "Windows 11 and disks that unlock by a TPM need one",
}
