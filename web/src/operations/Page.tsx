import "./operations.css";

import { useParams } from "react-router";

import { Detail } from "./Detail";
import { List } from "./List";

export function Page() {
  const { id } = useParams();
  return id ? <Detail key={id} id={id} /> : <List />;
}
