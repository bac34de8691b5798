"""XML 文档：读取以及设置其中的值。"""

TEXT = {
    "xml.too_large": "XML 文档超过 {limit} 字节",
    "xml.too_large.remedy": "请缩短文档：libvirt 本身也不接受更长的文档",
    "xml.forbidden_dtd": "XML 文档声明了文档类型，它可能引用实体和本机文件",
    "xml.forbidden_dtd.remedy": "请删除 <!DOCTYPE …> 并把实体直接写成文本；libvirt 不需要它们",
    "xml.malformed": "XML 格式不正确，第 {line} 行：{reason}",
    "xml.malformed.remedy": "请修正该行后重试",
    "xml.too_deep": "XML 文档的元素嵌套超过 {limit} 层",
    "xml.too_deep.remedy": "请减少嵌套；过长的后备文件链可以用 'qemu-img rebase' 缩短",
    "xml.wrong_root": "XML 文档的根元素是 <{found}>，而不是 <{expected}>",
    "xml.wrong_root.remedy": "请提供最外层元素为 <{expected}> 的文档",
    "xml.bad_value": "<{element}>（第 {line} 行）中的 {value!r} 不能作为 {property} 读取",
    "xml.bad_value.remedy": "请用 'inn edit' 或 'virsh edit' 改正",
    "xml.not_a_choice": "{property} 不能是 {value!r}",
    "xml.not_a_choice.remedy": "可选值：{choices}",
    "xml.out_of_range": "{property} 不能是 {value}",
    "xml.out_of_range.remedy": "请选择不小于 {least} 的值",
    "xml.bad_character": "文本 {text!r} 含有 XML 无法表示的字符 {character}",
    "xml.bad_character.remedy": "请删除文本中的控制字符",
    "xml.no_namespace": "元数据元素 <{element}> 不属于任何命名空间",
    "xml.no_namespace.remedy": "请为它指定自己的命名空间：libvirt 为每个命名空间保留一个元素",
}
