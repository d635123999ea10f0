/**
 * $(NAME) references in commands, arguments and environment values, as Kubernetes expands them: $$ stands for
 * one $, an unknown name stays as it was written.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, inner: string, name: string | undefined) => {
    if (inner === "$") return "$";
    return name === undefined ? whole : (values.get(name) ?? whole);
  });
}
