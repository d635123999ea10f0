import { kubeconfigFlag, withClient } from "#cli/admin-client";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatTable } from "#cli/table";

/** What the server answers: its EncryptionStatus. */
interface Status {
  readonly primary?: string;
  readonly keys: readonly { readonly id: string; readonly values: number }[];
  readonly unencrypted: number;
  readonly isRewriting: boolean;
}

export const encryptionStatusCommand = defineCommand({
  name: "encryption status",
  group: "cluster",
  summary: "Show with which keys Secrets are encrypted in the store",
  flags: [rootDirFlag, kubeconfigFlag],
  examples: [
    { command: "kaji encryption status", explains: "one line for each key, the current one first" },
  ],
  async run(context) {
    const status = (await withClient(context, (client) =>
      client.raw("GET", "/kaji/v1/encryption"),
    )) as Status;
    const rows = status.keys.map(({ id, values }) => [
      id,
      String(values),
      id === status.primary ? "current" : status.isRewriting ? "being replaced" : "old",
    ]);
    if (status.unencrypted > 0) rows.push(["<none>", String(status.unencrypted), "not encrypted"]);
    context.print(formatTable(["key", "secrets", "state"], rows));
  },
});
