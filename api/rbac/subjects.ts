import type { RbacV1Subject } from "#api/schema/types";

/** Who a rule is asked for. */
export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The name under which bindings of a subject are found; undefined for a subject that nobody can be. */
export function subjectKey(subject: RbacV1Subject, bindingNamespace = ""): string | undefined {
  switch (subject.kind) {
    case "User":
      return `User:${subject.name}`;
    case "Group":
      return `Group:${subject.name}`;
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return namespace ? `User:${serviceAccountUser(namespace, subject.name)}` : undefined;
    }
    default:
      return undefined;
  }
}

export function keysOf({ name, groups }: Identity): string[] {
  return [`User:${name}`, ...new Set(groups.map((group) => `Group:${group}`))];
}

export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** As Kubernetes writes it in reasons: User "jane", ServiceAccount "bot/shop". */
export function describeSubject(subject: RbacV1Subject, bindingNamespace = ""): string {
  const { kind, name, namespace } = subject;
  const shown = kind === "ServiceAccount" ? `${name}/${namespace || bindingNamespace}` : name;
  return `${kind} ${JSON.stringify(shown)}`;
}
