"""Images that are fetched from their distributors."""

TEXT = {
    "image.not_offered": "no catalogue offers an image {name}",
    "image.not_offered.remedy": "see what is offered with 'inn image list --available'; near it: {near}",
    "image.not_offered_for": "no catalogue offers {name} for {arch}",
    "image.not_offered_for.remedy": "choose one of: {choices}, with --arch",
    "image.not_pulled": "there is an image {name} that was not pulled as {offer} for {arch}",
    "image.not_pulled.remedy": "choose another name with --as, or remove it first: inn image remove {name}",
    "image.digest": "{url} is not what its distributor published: its {found} is not {digest}; nothing of it was kept",
    "image.digest.remedy": "try again later, or another mirror (setting mirrors)",
    "image.broken_off": "the download of {url} broke off after {came} of {size}: {reason}",
    "image.broken_off.remedy": "run it again, and it goes on from there; what came is in {path}, which you may also remove",
    "image.progress.download": "downloading {size} from {server}",
    "image.progress.go_on": "going on with the download from {server}: {came} of {size} are there",
    "image.progress.downloading": "downloading, {came} of {size}, {rate} a second, {left} left",
    "image.progress.again": "the download broke off and is gone on with: {reason}",
    "image.progress.shared": "another process downloads it ({owner})",
    "image.progress.unpack": "unpacking",
}
