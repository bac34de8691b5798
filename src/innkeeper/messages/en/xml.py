"""XML documents: reading them and setting values in them."""

TEXT = {
    "xml.too_large": "the XML document is larger than {limit} bytes",
    "xml.too_large.remedy": "shorten it: libvirt itself takes no longer one",
    "xml.forbidden_dtd": "the XML document declares a document type, which may name entities and files of this machine",
    "xml.forbidden_dtd.remedy": "remove the <!DOCTYPE …> and write the entities out; libvirt needs none",
    "xml.malformed": "not well-formed XML, at line {line}: {reason}",
    "xml.malformed.remedy": "repair the document at that line and try again",
    "xml.too_deep": "the XML document has more than {limit} elements within each other",
    "xml.too_deep.remedy": "flatten the document; a chain of backing files can be shortened with 'qemu-img rebase'",
    "xml.wrong_root": "the XML document is a <{found}>, not a <{expected}>",
    "xml.wrong_root.remedy": "give a document whose outermost element is <{expected}>",
    "xml.bad_value": "{value!r} in <{element}> (line {line}) cannot be read as {property}",
    "xml.bad_value.remedy": "correct it with 'inn edit' or 'virsh edit'",
    "xml.not_a_choice": "{property} cannot be {value!r}",
    "xml.not_a_choice.remedy": "choose one of: {choices}",
    "xml.out_of_range": "{property} cannot be {value}",
    "xml.out_of_range.remedy": "choose {least} or more",
    "xml.bad_character": "the text {text!r} holds the character {character}, which XML cannot carry",
    "xml.bad_character.remedy": "remove the control character from the text",
    "xml.no_namespace": "the metadata element <{element}> is in no namespace",
    "xml.no_namespace.remedy": "give it a namespace of its own: libvirt keeps one element for each",
}
