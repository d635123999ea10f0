/** As many letters as tell pods of one workload apart. */
const TAIL = 12;

/** A name in a cell: where it does not fit, its middle is left out, for names begin alike and differ at their end. */
export function NameLink({ href, name }: { href: string; name: string }) {
  if (name.length <= 2 * TAIL) return <a href={href}>{name}</a>;
  return (
    <a class="name-link" href={href}>
      <span>{name.slice(0, -TAIL)}</span>
      <span>{name.slice(-TAIL)}</span>
    </a>
  );
}
