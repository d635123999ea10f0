import { applyPatch } from "#api/machinery/patch";
import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Action } from "#control-plane/controllers/controller";
import { T0 } from "#test/support/workloads";

/**
 * Objects as plain data, and actions applied to them as the API server would: names are unique, a deletion
 * marks pods until `gone` is called, and only for the object that was meant. For tests of plans.
 */
export class ObjectModel {
  readonly events: string[] = [];
  private readonly objects = new Map<string, KubeObject>();
  private serial = 0;

  of<T extends KubeObject>(kind: Kind<T>): T[] {
    return [...this.objects.values()].filter((object) => object.kind === kind.kind) as T[];
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string): T | undefined {
    return this.of(kind).find(({ metadata }) => metadata.name === name);
  }

  put(object: KubeObject): void {
    this.objects.set(idOf(object), object);
  }

  gone(object: KubeObject): void {
    this.objects.delete(idOf(object));
  }

  apply(action: Action): void {
    if ("event" in action && action.event) this.events.push(action.event.reason);
    switch (action.type) {
      case "create":
        return this.create(action.object);
      case "update":
      case "updateStatus":
        return this.put(action.object);
      case "patch": {
        const current = this.get(action.kind, action.target.name);
        if (!current) throw new Error(`patch of ${action.target.name}, which does not exist`);
        const type = action.patchType ?? "merge";
        return this.put(applyPatch(type, action.kind.schema, current, action.body) as KubeObject);
      }
      case "delete": {
        const target = this.get(action.kind, action.target.name);
        if (!target || target.metadata.uid !== action.target.uid) return;
        if (target.kind !== "Pod") return this.gone(target);
        const metadata = { ...target.metadata, deletionTimestamp: new Date(T0).toISOString() };
        return this.put({ ...target, metadata });
      }
      case "event":
      case "remember":
      case "requeue":
        return;
      case "apply":
      case "deleteCollection":
      case "finalizeNamespace":
        throw new Error(`a workload does not plan ${action.type}`);
    }
  }

  private create(object: KubeObject): void {
    const serial = this.serial++;
    const name = object.metadata.name || `${object.metadata.generateName}${serial}`;
    const creationTimestamp = new Date(T0 + serial * 1000).toISOString();
    const metadata = { ...object.metadata, name, uid: `uid-${serial}`, creationTimestamp };
    const made = { ...object, metadata };
    if (this.objects.has(idOf(made))) throw new Error(`${object.kind} ${name} already exists`);
    this.put(made);
  }
}

function idOf(object: KubeObject): string {
  return `${object.kind} ${keyOf(object)}`;
}
