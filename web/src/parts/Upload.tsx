import { Button, Flex, FlexItem, Progress } from "@patternfly/react-core";
import { CheckCircleIcon, UploadIcon } from "@patternfly/react-icons";
import { type DragEvent, useId, useRef, useState } from "react";

import { duration, rate, size } from "@/text/format";
import { defineTexts, useTexts } from "@/text/texts";

import { ProblemAlert } from "./ProblemAlert";
import "./Upload.css";
import type { UploadHandle } from "./uploading";

export { useUpload, type UploadHandle } from "./uploading";

const texts = defineTexts("upload", {
  en: {
    choose: "Choose a file …",
    drop: "or drop it here",
    another: "Choose another",
    cancel: "Cancel the upload",
    remove: "Take it back",
    whole: "{size}, on the server",
    sending: "{sent} of {size}",
    left: "{rate}, {left} left",
    waiting: "The line broke. It goes on by itself as soon as the server answers.",
    retry: "Go on",
    unreadable: "This computer cannot read the file any more. Was it changed, moved or unplugged? Choose it again.",
    goesOn: "What is sent stays on the server for a day: choose the same file again, and it goes on where it was.",
  },
  zh: {
    choose: "选择文件……",
    drop: "或拖放到此处",
    another: "选择其他文件",
    cancel: "取消上传",
    remove: "撤回",
    whole: "{size}，已在服务器上",
    sending: "{sent} / {size}",
    left: "{rate}，剩余 {left}",
    waiting: "连接中断。服务器恢复响应后会自动继续。",
    retry: "继续",
    unreadable: "本计算机无法再读取该文件。它是否被修改、移动或拔出？请重新选择。",
    goesOn: "已发送的内容会在服务器上保留一天：再次选择同一文件即可从中断处继续。",
  },
});

interface Props {
  /** what the file is, such as "Installation CD" */
  label: string;
  upload: UploadHandle;
  /** as of `<input accept>` */
  accept?: string;
  /** which file is meant, below the button */
  hint?: string;
}

/** Choose a file, and see it go to the server: `const upload = useUpload()`, and `upload.reference` once it is there. */
export function Upload({ label, upload, accept, hint }: Props) {
  const t = useTexts(texts);
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) upload.begin(file);
  };
  return (
    <div
      className={isOver ? "inn-upload inn-upload--over" : "inn-upload"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        {...(accept ? { accept } : {})}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // the same file again is a choice too
          if (file) upload.begin(file);
        }}
      />
      {upload.state === "none" ? (
        <Flex alignItems={{ default: "alignItemsCenter" }} gap={{ default: "gapSm" }}>
          <Button
            variant="secondary"
            icon={<UploadIcon />}
            aria-label={`${label}: ${t("choose")}`}
            {...(hint ? { "aria-describedby": hintId } : {})}
            onClick={() => input.current?.click()}
          >
            {t("choose")}
          </Button>
          <span className="inn-upload__drop">{t("drop")}</span>
        </Flex>
      ) : (
        <Chosen label={label} upload={upload} onAnother={() => input.current?.click()} />
      )}
      {hint && upload.state === "none" && <div id={hintId} className="inn-upload__hint">{hint}</div>}
    </div>
  );
}

function Chosen({ label, upload, onAnother }: { label: string; upload: UploadHandle; onAnother: () => void }) {
  const t = useTexts(texts);
  const { state, name = "", sent } = upload;
  const whole = upload.size ?? 0;
  if (state === "whole") {
    return (
      <Flex justifyContent={{ default: "justifyContentSpaceBetween" }} alignItems={{ default: "alignItemsCenter" }}>
        <FlexItem className="inn-name" flex={{ default: "flex_1" }}>
          <CheckCircleIcon className="inn-upload__done" /> <b>{name}</b> <span role="status">{t("whole", { size: size(whole) })}</span>
        </FlexItem>
        <FlexItem>
          <Button variant="link" isInline onClick={onAnother}>{t("another")}</Button>{" "}
          <Button variant="link" isInline onClick={upload.cancel}>{t("remove")}</Button>
        </FlexItem>
      </Flex>
    );
  }
  if (state === "failed") {
    return (
      <>
        {upload.unreadable ? <p role="alert">{name}: {t("unreadable")}</p> : <ProblemAlert problem={upload.problem} />}
        <Flex className="inn-upload__below">
          {!upload.unreadable && <Button variant="secondary" size="sm" onClick={upload.retry}>{t("retry")}</Button>}
          <Button variant="link" size="sm" onClick={onAnother}>{t("another")}</Button>
        </Flex>
      </>
    );
  }
  const isWaiting = state === "waiting";
  const speed = upload.rate ? t("left", { rate: rate(upload.rate), left: duration((whole - sent) / upload.rate) }) : "";
  return (
    <>
      <Progress
        title={<span className="inn-name">{name}</span>}
        aria-label={`${label}: ${name}`}
        value={whole ? Math.floor((sent / whole) * 100) : 0}
        {...(isWaiting ? { variant: "warning" as const } : {})}
        helperText={isWaiting ? t("waiting") : [t("sending", { sent: size(sent), size: size(whole) }), speed].filter(Boolean).join(" · ")}
      />
      <Flex className="inn-upload__below" alignItems={{ default: "alignItemsCenter" }}>
        <Button variant="secondary" size="sm" onClick={upload.cancel}>{t("cancel")}</Button>
        <span className="inn-upload__hint">{t("goesOn")}</span>
      </Flex>
    </>
  );
}
