import type { Condition, ObjectMeta } from "#api/schema/types";
import {
  GROUP,
  listOf,
  published,
  record,
  type Shape,
  text,
  type TypeOf,
  VERSION,
} from "#api/schema/own/shape";

/** A kind of our own group: what every object has, with its spec and status. */
export interface OwnKind<Spec, Status> {
  /** Key into the definitions, for `Kind.schema`. */
  readonly schema: string;
  readonly definitions: Shape<unknown>["definitions"];
  readonly type?: {
    apiVersion: string;
    kind: string;
    metadata: ObjectMeta;
    spec: Spec;
    status?: Status | undefined;
  };
}

export type ObjectOf<K> = K extends { readonly type?: infer T } ? NonNullable<T> : never;

export function ownKind<S extends Shape<unknown>, T extends Shape<unknown>>(
  kind: string,
  description: string,
  spec: S,
  status: T,
): OwnKind<TypeOf<S>, TypeOf<T>> {
  const meta = published<ObjectMeta>(
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
    "Standard object metadata.",
  );
  const whole = record(
    kind,
    description,
    { spec },
    {
      apiVersion: text("The version of this representation."),
      kind: text("The name of this type."),
      metadata: meta,
      status,
    },
    { "x-kubernetes-group-version-kind": [{ group: GROUP, version: VERSION, kind }] },
  );
  return { schema: `dev.kaji.v1alpha1.${kind}`, definitions: whole.definitions };
}

export const conditions = listOf(
  published<Condition>(
    "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
    "One aspect of the state.",
  ),
  "What is true of the object, and why.",
  ["type"],
);
