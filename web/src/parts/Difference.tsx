import "./Difference.css";

/** A unified difference. What is new has + before it and what is gone -, beside their colours. */
export function Difference({ text, label }: { text: string; label: string }) {
  const lines = text.split("\n").filter((line) => !/^(---|\+\+\+) /.test(line));
  return (
    <pre className="inn-difference" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => (
        <span key={index} className={CLASSES[line[0] ?? " "] ?? ""}>{`${line}\n`}</span>
      ))}
    </pre>
  );
}

const CLASSES: Record<string, string> = {
  "+": "inn-difference__new",
  "-": "inn-difference__gone",
  "@": "inn-difference__place",
};
