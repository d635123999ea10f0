import { serviceAccountKind } from "#api/kinds/service-account";
import { StatusError } from "#api/machinery/status-error";
import { TENANT_ACCOUNT } from "#api/tenants/names";
import { kubeconfigPath, withClient } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { formatValue } from "#cli/output";
import { findTenant, modeOfTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";
import type { Client } from "#client/client";

export const tenantKubeconfigCommand = defineCommand({
  name: "tenant kubeconfig",
  group: "tenants",
  summary: "Print a kubeconfig that is good for a tenant's own namespaces and nothing else",
  args: [tenantArgument],
  flags: [
    ...tenantFlags,
    {
      name: "duration",
      value: "DURATION",
      description: "how long it can be used, as 24h or 90m",
      default: "24h",
    },
  ],
  examples: [
    {
      command: "kaji tenant kubeconfig acme",
      explains: "to stdout: keep it in a file, and give that file to the tenant",
    },
  ],
  async run(context) {
    const [name = ""] = context.args;
    const expirationSeconds = Math.ceil(durationFlag(context, "duration") / 1000);
    const { loadKubeconfig } = await import("#client/kubeconfig");
    const { rest } = await loadKubeconfig(kubeconfigPath(context));
    await withClient(context, async (client) => {
      const namespace = await namespaceOf(client, name);
      const token = await tokenFor(client, namespace, expirationSeconds);
      const cluster = {
        server: rest.server,
        ...(rest.ca
          ? { "certificate-authority-data": Buffer.from(rest.ca).toString("base64") }
          : {}),
      };
      const config = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "kaji", cluster }],
        users: [{ name: `tenant-${name}`, user: { token } }],
        contexts: [{ name, context: { cluster: "kaji", user: `tenant-${name}`, namespace } }],
        "current-context": name,
      };
      context.print(await formatValue("yaml", config));
    });
  },
});

async function namespaceOf(client: Client, name: string): Promise<string> {
  const tenant = await findTenant(client, name);
  const [namespace] = tenant.status?.namespaces ?? [];
  if (namespace) return namespace;
  const isPooled = (await modeOfTenant(client, tenant)) === "pooled";
  throw new CommandError(
    isPooled
      ? `tenant "${name}" is pooled: it has no namespace, so there is nothing that a kubeconfig could be for`
      : `tenant "${name}" is not made yet: \`kaji tenant wake ${name}\` makes its namespace`,
  );
}

async function tokenFor(
  client: Client,
  namespace: string,
  expirationSeconds: number,
): Promise<string> {
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: TENANT_ACCOUNT, namespace },
  };
  await client.create(serviceAccountKind, account).catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") throw error;
  });
  const target = { name: TENANT_ACCOUNT, namespace, subresource: "token" };
  const body = { spec: { expirationSeconds } };
  const made = await client.createSubresource<{ status: { token: string } }>(
    serviceAccountKind,
    target,
    body,
  );
  return made.status.token;
}
