"""libvirt, and the only importer of it. Everything that crosses this border raises our errors, told by libvirt's codes."""
