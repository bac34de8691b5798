import { AlertActionLink, ExpandableSection, List, ListItem, Progress as Bar } from "@patternfly/react-core";

import { problemTitle, useRemedy } from "@/parts/ProblemAlert";
import { texts as partTexts } from "@/parts/texts";
import { Alert, AlertActionCloseButton } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import { beginNoMore, type Job, putAway, useJobs } from "./bulk";
import { texts } from "./texts";

/** How far what was begun for many guests is, and with which of them it did not end well. */
export function Progress() {
  return useJobs().map((job) => <OneJob key={job.id} job={job} />);
}

function OneJob({ job }: { job: Job }) {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const remedyOf = useRemedy();
  const { action, total, done, failed, isOver, isStopped } = job;
  const title = t(`${action}Many`, { count: total });
  const variant = failed.length > 0 ? "warning" : isOver ? "success" : "info";
  return (
    <Alert
      isInline
      isLiveRegion
      className="inn-job"
      variant={variant}
      title={`${title} – ${t("ofThem", { done, total })}`}
      {...(isOver ? { actionClose: <AlertActionCloseButton title={title} onClose={() => putAway(job.id)} /> } : {})}
      {...(isOver || isStopped
        ? {}
        : { actionLinks: <AlertActionLink onClick={() => beginNoMore(job.id)}>{t("beginNoMore")}</AlertActionLink> })}
    >
      {!isOver && <Bar aria-label={title} value={Math.round(((done + failed.length) / total) * 100)} size="sm" />}
      {isStopped && <p>{t("begunNoMore", { count: total - done - failed.length })}</p>}
      {failed.length > 0 && (
        <ExpandableSection toggleText={t("failedOf", { count: failed.length })} isIndented>
          <List isPlain className="inn-names">
            {failed.map(({ name, problem }) => (
              <ListItem key={name}>
                <b>{name}</b> – {problemTitle(problem, parts)} {remedyOf(problem)}
              </ListItem>
            ))}
          </List>
        </ExpandableSection>
      )}
    </Alert>
  );
}
