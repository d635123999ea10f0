import type { Kind } from "#api/machinery/define-kind";
import { apiVersionOf } from "#api/machinery/define-kind";
import { CommandError } from "#cli/define-command";
import { nearestWord } from "#cli/nearest";

/** Finds kinds by the names people give them: plural, singular, short, with or without their group. */

/** "po", "Pods", "deployments.apps", "deploy.v1.apps"; throws with the names that are served. */
export function findKind(kinds: readonly Kind[], text: string): Kind {
  const wanted = text.toLowerCase();
  const found = kinds.find((kind) => namesOf(kind).includes(wanted));
  if (found) return found;
  const meant = nearestWord(wanted, kinds.flatMap(namesOf));
  const advice = meant
    ? `did you mean "${meant}"? \`kubectl api-resources\` lists them all`
    : `this API serves ${servedNames(kinds)}`;
  throw new CommandError(`no kind is called "${text}": ${advice}`);
}

/** Also "pods,services" and categories such as "all". */
export function findKinds(kinds: readonly Kind[], text: string): readonly Kind[] {
  const found = text.split(",").flatMap((name) => {
    const category = kinds.filter((kind) => kind.categories.includes(name.toLowerCase()));
    return category.length > 0 ? category : [findKind(kinds, name)];
  });
  return [...new Set(found)];
}

/** The kind of an object in a manifest. */
export function kindOfObject(kinds: readonly Kind[], apiVersion: string, kindName: string): Kind {
  const found = kinds.find((kind) => apiVersionOf(kind) === apiVersion && kind.kind === kindName);
  if (found) return found;
  const named = (kind: Kind): string => `${kind.kind} (${apiVersionOf(kind)})`;
  const sentence = `no kind "${kindName}" in version "${apiVersion}"`;
  const meant = nearestWord(
    kindName,
    kinds.map((kind) => kind.kind),
  );
  const same = kinds.filter(({ kind }) => kind === meant);
  const advice =
    same.length > 0
      ? `did you mean ${same.map(named).join(" or ")}?`
      : `this API serves ${kinds.map(named).join(", ")}`;
  throw new CommandError(`${sentence}: ${advice}`);
}

/** "deployment.apps/demo", as kubectl names objects. */
export function resourceName(kind: Pick<Kind, "singular" | "group">, name: string): string {
  return `${kind.singular}${kind.group ? `.${kind.group}` : ""}/${name}`;
}

function namesOf(kind: Kind): readonly string[] {
  const plain = [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames];
  const suffixes = ["", `.${kind.group}`, `.${kind.version}.${kind.group}`];
  return plain.flatMap((name) => suffixes.map((suffix) => name + suffix));
}

export function servedNames(kinds: readonly Kind[]): string {
  return kinds
    .map(({ plural, shortNames }) => (shortNames[0] ? `${plural} (${shortNames[0]})` : plural))
    .join(", ");
}
