/** Which container of a pod is meant. */
export function ContainerChoice({
  containers,
  chosen,
  choose,
}: {
  containers: readonly string[];
  chosen: string;
  choose: (container: string) => void;
}) {
  return (
    <select
      aria-label="Container"
      value={chosen}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {containers.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
