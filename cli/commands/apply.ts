import { pathOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { readManifests } from "#cli/manifests";
import { fileFlag, namespaceFlag, type ObjectTarget, placeManifest } from "#cli/objects";
import { statusErrorFrom } from "#client/status-response";

const FIELD_MANAGER = "kaji";

export const applyCommand = defineCommand({
  name: "apply",
  group: "objects",
  summary: "Make objects be as YAML or JSON files say (server-side apply)",
  flags: [
    ...clusterFlags,
    namespaceFlag,
    fileFlag,
    {
      name: "refuse-conflicts",
      description:
        "stop where another manager has set a field differently, instead of taking it over",
    },
  ],
  examples: [
    {
      command: "kaji apply -f web.yaml",
      explains: "says created, configured or unchanged of each object",
    },
    { command: "kaji apply -f manifests/ -n staging", explains: "every manifest of a folder" },
  ],
  async run(context) {
    const manifests = await readManifests(context.flags("filename"));
    const { kinds } = await import("#api/kinds/index");
    await withConnection(context, async (connection) => {
      // All are placed before the first is sent: a mistake in the last leaves nothing half applied.
      const placed = manifests.map((manifest) =>
        placeManifest(kinds, manifest, context, connection),
      );
      for (const { target, object } of placed) {
        const outcome = await apply(connection, target, object, !context.isSet("refuse-conflicts"));
        context.print(`${resourceName(target.kind, target.name)} ${outcome}`);
      }
    });
  },
});

async function apply(
  { client, transport }: Connection,
  target: ObjectTarget,
  object: KubeObject,
  force: boolean,
): Promise<"created" | "configured" | "unchanged"> {
  const { kind, name, namespace } = target;
  const before = await client.get(kind, name, namespace).catch(undefinedWhenNotFound);
  const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, fieldValidation: "Strict" });
  if (force) query.set("force", "true");
  const response = await transport({
    method: "PATCH",
    path: pathOf(kind, namespace, name),
    query,
    contentType: "application/apply-patch+yaml",
    body: object,
  });
  if (response.status >= 400) throw statusErrorFrom(response);
  if (response.status === 201 || before === undefined) return "created";
  const after = response.type === "json" ? (response.value as KubeObject) : undefined;
  const isSame = after?.metadata.resourceVersion === before.metadata.resourceVersion;
  return isSame ? "unchanged" : "configured";
}
