import { defineTexts } from "@/text/texts";

// What PatternFly says by itself, in English alone, mostly to those who hear the page. The parts of this folder say it in the
// page's language; ESLint sees that they are taken from here.

export const texts = defineTexts("patternfly", {
  en: {
    success: "Success:",
    danger: "Problem:",
    warning: "Warning:",
    info: "Note:",
    custom: "Note:",
    details: "Details: {what}",
    close: "Close",
    closeOf: "Close: {what}",
    clear: "Clear",
    loading: "Loading …",
    helper_error: "wrong",
    helper_warning: "warning",
    helper_success: "good",
    helper_indeterminate: "open",
    back: "Scroll back",
    forward: "Scroll forward",
  },
  zh: {
    success: "成功：",
    danger: "问题：",
    warning: "警告：",
    info: "提示：",
    custom: "提示：",
    details: "详情：{what}",
    close: "关闭",
    closeOf: "关闭：{what}",
    clear: "清除",
    loading: "正在加载……",
    helper_error: "有误",
    helper_warning: "警告",
    helper_success: "正确",
    helper_indeterminate: "未定",
    back: "向后滚动",
    forward: "向前滚动",
  },
});
