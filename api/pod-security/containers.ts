import type { Container, EphemeralContainer, PodSpec } from "#api/schema/types";

/** Words that the checks of the Pod Security Standards share: which containers, and how messages list them. */
export type AnyContainer = Container | EphemeralContainer;

/** What a check found, or undefined. As Kubernetes writes it: `reason (detail)`. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type Check = (spec: PodSpec) => Violation | undefined;

export function containersOf(spec: PodSpec): AnyContainer[] {
  return [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
}

/** The names of the containers that the test is true of. */
export function namesWhere(spec: PodSpec, isBad: (container: AnyContainer) => boolean): string[] {
  return containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);
}

export function violation(reason: string, detail: string): Violation {
  return { reason, detail };
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

export function plural(word: string, names: readonly unknown[]): string {
  return names.length === 1 ? word : `${word}s`;
}

/** `container "a"`, `containers "a", "b"`. */
export function listed(word: string, names: readonly string[]): string {
  return `${plural(word, names)} ${quoted(names)}`;
}

/** `pod`, `container "a"`, `pod and containers "a", "b"`; undefined when it is neither. */
export function podAnd(isPod: boolean, names: readonly string[]): string | undefined {
  const parts = [
    ...(isPod ? ["pod"] : []),
    ...(names.length > 0 ? [listed("container", names)] : []),
  ];
  return parts.length > 0 ? parts.join(" and ") : undefined;
}
