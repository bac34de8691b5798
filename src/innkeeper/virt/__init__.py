"""libvirt, and its only importer. What crosses this border raises our errors, told by libvirt's codes."""
