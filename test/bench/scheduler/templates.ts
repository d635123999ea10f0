import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Node } from "#api/schema/types";
import type { Client } from "#client/client";
import type { CreateNodes } from "#test/bench/scheduler/config";

/** Objects from the YAML files beside cases.yaml. Each read gives objects that the caller owns. */
export class Templates {
  private readonly folder: string;
  private readonly read = new Map<string, KubeObject>();

  constructor(folder: string) {
    this.folder = folder;
  }

  stamp<T extends KubeObject>(path: string, metadata: Partial<T["metadata"]> = {}): T {
    let template = this.read.get(path);
    if (!template) {
      template = parse(readFileSync(join(this.folder, path), "utf8")) as KubeObject;
      this.read.set(path, template);
    }
    const object = structuredClone(template) as T;
    object.metadata = { ...object.metadata, ...metadata };
    return object;
  }
}

export function kindOf(object: KubeObject): Kind {
  const kind = kinds.find(
    (one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion,
  );
  if (!kind) throw new Error(`no kind ${object.apiVersion} ${object.kind}`);
  return kind;
}

/** An API server takes the status of a node by its subresource only. */
export async function createWithStatus(client: Client, object: KubeObject): Promise<KubeObject> {
  const kind = kindOf(object);
  const made: KubeObject & { status?: object } = await client.create(kind, object);
  if (!("status" in object) || made.status) return made;
  return client.updateStatus<KubeObject>(kind, { ...made, status: object.status } as KubeObject);
}

const NODE_TEMPLATE = "templates/node-default.yaml";

/** The nodes of one operation, named by their numbers so that runs are alike. */
export function stampNodes(templates: Templates, operation: CreateNodes, count: number): Node[] {
  const { labelNodePrepareStrategy: shared, uniqueNodeLabelStrategy: unique } = operation;
  return Array.from({ length: count }, (_, i) => {
    const node = templates.stamp<Node>(operation.nodeTemplatePath ?? NODE_TEMPLATE);
    const { metadata } = node;
    metadata.name ??= `${metadata.generateName ?? "node-"}${i}`;
    const labels: Record<string, string> = { ...metadata.labels };
    if (shared) labels[shared.labelKey] = shared.labelValues[i % shared.labelValues.length] ?? "";
    if (unique) labels[unique.labelKey] = metadata.name;
    metadata.labels = labels;
    return node;
  });
}
