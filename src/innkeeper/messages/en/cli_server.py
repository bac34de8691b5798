"""`inn serve`."""

TEXT = {
    "cli.serve": "Serve REST, events and consoles on one port.\nThe link that it prints lets its owner in, once, within ten minutes; inn token link makes another. An address other than loopback is served with TLS: with the certificate that is given, or with one of its own that it makes once.",
    "cli.serve.address": "the address to listen on; 0.0.0.0 or :: for all of this computer's",
    "cli.serve.port": "the port; 0 takes one that is free",
    "cli.serve.cert": "file of its certificate, with its chain, as PEM; a new one is taken without a restart",
    "cli.serve.key": "file of the certificate's key, as PEM, without a password",
    "cli.serve.certificate": "Certificate {path}, SHA-256 {fingerprint}",
    "cli.serve.trust": "It is of the server's own making. Compare that fingerprint in the browser, or copy the file to where programs are to trust it: curl --cacert FILE {url}/api/openapi.json",
    "cli.serve.ready_service": "Innkeeper is ready at {url}. A link that lets a browser in: inn token link",
    "cli.serve.ready": "Innkeeper is ready: {url}",
}
