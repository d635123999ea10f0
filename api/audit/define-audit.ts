import { type KubeObject, keyOf } from "#api/machinery/meta";

/** One broken invariant, on one object. */
export interface Finding {
  readonly audit: string;
  /** "Pod default/web-1" */
  readonly object: string;
  /** One sentence that says what is wrong. */
  readonly message: string;
}

/**
 * A cluster invariant: a pure check over objects that were listed together. It must hold of every consistent
 * snapshot; what may be broken while controllers catch up is said by `isEventual`.
 */
export interface Audit {
  readonly name: string;
  /** The invariant, as a sentence. */
  readonly invariant: string;
  /** True: holds only once the controllers have come to rest. False: holds at every revision. */
  readonly isEventual: boolean;
  check(objects: ObjectsByKind): Finding[];
}

export type AuditDefinition = Omit<Audit, "check"> & {
  /** Yields the objects at fault. */
  readonly check: (objects: ObjectsByKind) => Iterable<Fault>;
};

export interface Fault {
  readonly object: KubeObject;
  readonly message: string;
}

export function defineAudit(definition: AuditDefinition): Audit {
  return Object.freeze({
    ...definition,
    check: (objects: ObjectsByKind) =>
      [...definition.check(objects)].map(({ object, message }) => ({
        audit: definition.name,
        object: describe(object),
        message,
      })),
  });
}

export function describe(object: KubeObject): string {
  return `${object.kind} ${keyOf(object)}`;
}

/** The objects of one snapshot, found by their kind. */
export class ObjectsByKind {
  readonly all: readonly KubeObject[];
  private readonly byKind = new Map<string, KubeObject[]>();

  constructor(objects: readonly KubeObject[]) {
    this.all = objects;
    for (const object of objects) {
      const group = this.byKind.get(object.kind) ?? [];
      group.push(object);
      this.byKind.set(object.kind, group);
    }
  }

  /** Caller must: name the kind that T stands for. */
  of<T extends KubeObject>(kind: T["kind"]): readonly T[] {
    return (this.byKind.get(kind) ?? []) as T[];
  }
}
