import { useParams } from "react-router";

import { Pool } from "./Pool";
import { Pools } from "./Pools";

export function Page() {
  const { pool } = useParams();
  return pool === undefined ? <Pools /> : <Pool key={pool} name={pool} />;
}
