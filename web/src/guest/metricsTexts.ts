import { defineTexts } from "@/text/texts";

export const metricsTexts = defineTexts("guest-metrics", {
  en: {
    minutes: "The last five minutes, a value each 5 seconds",
    hour: "The last hour, a value each 30 seconds",
    day: "The last day, a value each 5 minutes",
    how: "CPU is of all its processors. Memory is what it uses as it says itself; where it does not say, what it takes of the host's. Point at a chart, or choose it and use the arrow keys, to see the values of a moment.",
  },
  zh: {
    minutes: "最近五分钟，每 5 秒一个值",
    hour: "最近一小时，每 30 秒一个值",
    day: "最近一天，每 5 分钟一个值",
    how: "CPU 按其全部处理器计算。内存为虚拟机自己报告的用量；没有报告时，为其占用的主机内存。将鼠标指向图表，或选中图表后按方向键，可查看某一时刻的数值。",
  },
});
