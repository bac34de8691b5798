import { ahead, ConsoleTab } from "@/console/Tab";

import type { Guest } from "./Page";

export { ahead };

export default function Tab({ guest }: { guest: Guest }) {
  return <ConsoleTab name={guest.name} state={guest.state} />;
}
