import { Notice } from "#dashboard/parts/notice";

/** Where an object would stand: it is still read, may not be seen, or is not there. */
export function Absent({
  kind,
  namespace,
  name,
  isComplete,
  problem,
}: {
  /** "pod" */
  kind: string;
  namespace?: string;
  name: string;
  isComplete: boolean;
  problem: string | undefined;
}) {
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
      </div>
      <Notice text={problem} isError />
      {!problem &&
        (isComplete ? (
          <Notice text={`There is no ${kind} ${place}.`} />
        ) : (
          <p class="soft">Reading …</p>
        ))}
    </>
  );
}
