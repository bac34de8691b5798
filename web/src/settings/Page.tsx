import { PageHead } from "@/parts/PageHead";

export function Page() {
  return <PageHead title="…" />;
}
