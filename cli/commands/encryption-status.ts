import { clusterFlags, withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { outputFlag, printListing } from "#cli/output";

/** What the server answers: its EncryptionStatus. */
interface Status {
  readonly primary?: string;
  readonly keys: readonly { readonly id: string; readonly values: number }[];
  readonly unencrypted: number;
  readonly isRewriting: boolean;
}

interface Row {
  readonly key: string;
  readonly secrets: number;
  readonly state: string;
}

export const encryptionStatusCommand = defineCommand({
  name: "encryption status",
  group: "cluster",
  summary: "Show with which keys Secrets are encrypted in the store",
  flags: [...clusterFlags, outputFlag],
  examples: [
    { command: "kaji encryption status", explains: "one line for each key, the current one first" },
  ],
  async run(context) {
    const status = (await withClient(context, (client) =>
      client.raw("GET", "/kaji/v1/encryption"),
    )) as Status;
    await printListing(context, {
      rows: rowsOf(status),
      columns: [
        { name: "key", value: ({ key }) => key },
        { name: "secrets", value: ({ secrets }) => String(secrets) },
        { name: "state", value: ({ state }) => state },
      ],
      nameOf: ({ key }) => key,
      value: status,
      none: "no Secret is encrypted, and there is no key",
    });
  },
});

function rowsOf({ primary, keys, unencrypted, isRewriting }: Status): Row[] {
  const rows = keys.map(({ id, values }) => ({
    key: id,
    secrets: values,
    state: id === primary ? "current" : isRewriting ? "being replaced" : "old",
  }));
  if (unencrypted === 0) return rows;
  return [...rows, { key: "<none>", secrets: unencrypted, state: "not encrypted" }];
}
