interface Config {
  icon: { width: number; height: number; svgPathData: string };
}

/** One of PatternFly's icons in two elements and nothing else: for rows, of which there are thousands. */
export function Sign({ of: { icon } }: { of: Config }) {
  return (
    <svg className="pf-v6-svg" viewBox={`0 0 ${icon.width} ${icon.height}`} fill="currentColor" width="1em" height="1em" aria-hidden="true">
      <path d={icon.svgPathData} />
    </svg>
  );
}
