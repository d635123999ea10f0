/** One of several words, or none of them. */
export function Choice({
  label,
  none,
  values,
  chosen,
  choose,
}: {
  label: string;
  /** What is shown for no choice. */
  none: string;
  values: readonly string[];
  chosen: string;
  choose: (value: string) => void;
}) {
  const all = chosen === "" || values.includes(chosen) ? values : [chosen, ...values];
  return (
    <select
      aria-label={label}
      value={chosen}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{none}</option>
      {all.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
