"""Files from web servers."""

TEXT = {
    "web.url": "{url!r} is not a URL that can be fetched",
    "web.url.remedy": "write it as http://… or https://…",
    "web.missing": "the server has no {url}",
    "web.missing.remedy": "check the address in a browser",
    "web.denied": "the server does not give out {url} (status {status})",
    "web.denied.remedy": "download it by hand, and give the file",
    "web.status": "the server answered {status} for {url}",
    "web.status.remedy": "try again later, or another mirror",
    "web.redirects": "{url} leads on to {to}, which is not followed: in a circle, to no web server, or from https to http",
    "web.redirects.remedy": "check the address in a browser, and give the one where it ends",
    "web.unreachable": "cannot reach {url}: {reason}",
    "web.unreachable.remedy": "check the address and this computer's network; a proxy is taken from http_proxy and https_proxy",
    "web.too_large": "{url} is larger than {most} bytes",
    "web.too_large.remedy": "check that it is the file that is meant",
    "web.cut_off": "{url} was cut off after {came} bytes of {size}: {reason}",
    "web.cut_off.remedy": "try again, or another mirror",
}
