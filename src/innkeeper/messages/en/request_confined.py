"""What a request that came by REST may not name."""

TEXT = {
    "request.host_path": "{path} is nothing that a request to a server may name",
    "request.host_path.remedy": "upload the file and name it upload:ID, or name a volume as POOL/VOLUME; files of the host are for inn on the host itself",
    "request.host_element": "a request to a server may not have this of the host: {element}",
    "request.host_element.remedy": "leave it as it is in the guest's document, take a volume of a pool that no other guest uses, or edit the guest on the host itself",
    "request.url": "{url} is no URL that the server fetches from",
    "request.url.remedy": "write http:// or https://, a host and a path, without a user or a password",
    "request.url_local": "{url} leads to the server's own computer",
    "request.url_local.remedy": "name another server, or have its administrator set urls_local to yes",
    "request.trust": "{verb}: a request to a server cannot have a foreign document trusted",
    "request.trust.remedy": "leave trust out, or do it with inn on the host itself",
}
