import { useParams } from "react-router";

import { useViewed } from "@/api/events";

import { Network } from "./Network";
import { Networks } from "./Networks";
import { Foreign } from "./Foreign";

const FOREIGN = /^(network|bridge|interface|user|other):/;

export function Page() {
  const { network } = useParams();
  useViewed("network");
  if (network === undefined) return <Networks />;
  return FOREIGN.test(network) ? <Foreign key={network} id={network} /> : <Network key={network} name={network} />;
}
