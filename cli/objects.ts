import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Connection } from "#cli/admin-client";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { findKind, kindOfObject } from "#cli/kind-names";
import type { Manifest } from "#cli/manifests";

/** What the commands on objects share: flags, and which object of which namespace is meant. */
export const namespaceFlag: Flag = {
  name: "namespace",
  short: "n",
  value: "NAME",
  description: "where to look (default: the kubeconfig's namespace)",
  completes: "namespaces",
};

export const allNamespacesFlag: Flag = {
  name: "all-namespaces",
  short: "A",
  description: "look in every namespace",
};

export const selectorFlag: Flag = {
  name: "selector",
  short: "l",
  value: "LABELS",
  description: "only objects with these labels: app=web,tier!=db",
};

export const fileFlag: Flag = {
  name: "filename",
  short: "f",
  value: "FILE",
  description: "a file, a folder, or - for stdin",
  completes: "files",
  isRepeatable: true,
};

export interface ObjectTarget {
  readonly kind: Kind;
  readonly name: string;
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string;
}

export function namespaceOf(context: CommandContext, connection: Connection): string {
  return context.flag("namespace") ?? connection.namespace;
}

/** KIND NAME... or KIND/NAME... */
export function targetsOf(
  kinds: readonly Kind[],
  args: readonly string[],
  namespace: string,
): readonly ObjectTarget[] {
  const [first = "", ...names] = args;
  if (args.some((text) => text === "")) throw new CommandError("an empty name: quote it rightly");
  const pairs = first.includes("/")
    ? args.map((text): [string, string] => {
        const [kind = "", name = "", ...rest] = text.split("/");
        if (!kind || !name || rest.length > 0) {
          throw new CommandError(`"${text}" is not KIND/NAME: write, for example, pod/web-1`);
        }
        return [kind, name];
      })
    : names.map((name): [string, string] => [first, name]);
  return pairs.map(([kindName, name]) => targetOf(findKind(kinds, kindName), name, namespace));
}

export function targetOf(kind: Kind, name: string, namespace: string): ObjectTarget {
  return { kind, name, ...(kind.isNamespaced ? { namespace } : {}) };
}

/** The manifest's object as it is sent: with the namespace that it lacks. */
export function placeManifest(
  kinds: readonly Kind[],
  { object, source }: Manifest,
  context: CommandContext,
  connection: Connection,
): { readonly target: ObjectTarget; readonly object: KubeObject } {
  const kind = kindOfObject(kinds, object.apiVersion, object.kind);
  const { name, namespace } = object.metadata;
  if (!kind.isNamespaced) return { target: { kind, name }, object };
  const wanted = context.flag("namespace");
  if (wanted !== undefined && namespace !== undefined && namespace !== wanted) {
    throw new CommandError(
      `${source} puts ${object.kind} ${name} into namespace ${namespace}, and --namespace says ${wanted}: drop one of the two`,
    );
  }
  const place = namespace ?? namespaceOf(context, connection);
  return {
    target: targetOf(kind, name, place),
    object: { ...object, metadata: { ...object.metadata, namespace: place } },
  };
}
