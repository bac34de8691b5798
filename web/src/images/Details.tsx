import {
  Content, DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, ModalBody,
} from "@patternfly/react-core";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Image } from "@/create/host";
import { ActionButton } from "@/parts/ActionButton";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { Spinner } from "@/patternfly/Spinner";
import { dateTime, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Remove } from "./Remove";
import { isInBin, nameOf } from "./standing";
import { texts } from "./texts";

/** All that is known of an image: what it is, who stands on it, its versions and files. */
export function Details({ name, onClose }: { name: string; onClose: () => void }) {
  const { data: image, error } = useLook("image", "image.show", { name });
  const t = useTexts(texts);
  return (
    <Modal isOpen variant="large" onClose={onClose} aria-labelledby="image-title">
      <ModalHeader title={name} labelId="image-title" />
      <ModalBody tabIndex={0} aria-labelledby="image-title">
        <ProblemAlert problem={error} />
        {!image && !error && <Spinner aria-label={t("loading")} />}
        {image && <Facts image={image as Image} onClose={onClose} />}
      </ModalBody>
    </Modal>
  );
}

function Facts({ image, onClose }: { image: Image; onClose: () => void }) {
  const t = useTexts(texts);
  const may = useMay()("admin");
  const guests = image.guests ?? [];
  const facts: [string, string | null][] = [
    [t("os"), image.os],
    [t("arch"), image.arch],
    [t("size"), size(image.size)],
    [t("diskSize"), size(image.virtual_size)],
    [t("leastMemory"), image.min_memory ? size(image.min_memory) : null],
    [t("boots"), image.direct_boot ? t("bootsKernel") : image.firmware.map((one) => one.toUpperCase()).join(", ")],
    [t("logsIn"), image.user ? t("userBy", { user: image.user, way: t(image.login === "ssh" ? "bySsh" : "bySerial") }) : t(image.login === "ssh" ? "bySsh" : "bySerial")],
    [t("cloudInit"), t(image.cloud_init ? "yes" : "no")],
    [t("agent"), t(image.agent ? "yes" : "no")],
    [t("source"), image.origin ? image.origin.url : image.source],
    [t("release"), image.release],
    [t("built"), dateTime(image.built)],
  ];
  return (
    <>
      <DescriptionList isHorizontal isCompact columnModifier={{ default: "1Col", lg: "2Col" }}>
        {facts.filter(([, said]) => said).map(([term, said]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="inn-name">{said}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      <Content component="h3" className="inn-images__part">{t("guests")}</Content>
      {guests.length === 0 ? (
        <Content component="p">{t("nobody")}</Content>
      ) : (
        <ul className="inn-images__names">
          {guests.map((guest) => (
            <li key={guest} className="inn-name">
              {isInBin(guest) ? (
                <Link to="/bin" onClick={onClose}>{t("inBin", { name: nameOf(guest) })}</Link>
              ) : (
                <Link to={`/guests/${encodeURIComponent(guest)}`} onClick={onClose}>{guest}</Link>
              )}
            </li>
          ))}
        </ul>
      )}
      {(image.versions?.length ?? 0) > 0 && (
        <>
          <Content component="h3" className="inn-images__part">{t("versions")}</Content>
          {image.versions?.map((version) => <Version key={version} image={image} version={version} may={may} />)}
        </>
      )}
      <Content component="h3" className="inn-images__part">{t("files")}</Content>
      {Object.entries(image.files).map(([file, { size: bytes, sha256 }]) => (
        <div key={file} className="inn-name"><b>{file}</b> {size(bytes)}<br /><code className="inn-images__sum">SHA-256 {sha256}</code></div>
      ))}
    </>
  );
}

function Version({ image, version, may }: { image: Image; version: string; may: string | undefined }) {
  const t = useTexts(texts);
  const guests = useLook("image", "image.show", { name: version }).data?.guests;
  const held = guests?.length ? t("heldBy", { names: guests.slice(0, 5).map(nameOf).join(", ") }) : undefined;
  return (
    <div className="inn-images__row">
      <span className="inn-name">{version}{guests && guests.length > 0 && <> · {t("guestCount", { count: guests.length })}</>}</span>
      <ActionButton
        size="sm" variant="link" isDanger why={may ?? held} aria-label={t("removeTitle", { name: version })}
        onClick={() => ask((close) => <Remove image={image} version={version} onClose={close} />)}
      >
        {t("remove")}
      </ActionButton>
    </div>
  );
}

