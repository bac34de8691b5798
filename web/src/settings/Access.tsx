import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

/** Who is let in: browsers and programs. */
export function Access() {
  return (
    <div className="inn-settings">
      <Sessions />
      <Tokens />
    </div>
  );
}
