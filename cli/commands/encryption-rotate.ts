import { clusterFlags, withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";

export const encryptionRotateCommand = defineCommand({
  name: "encryption rotate",
  group: "cluster",
  summary: "Encrypt all Secrets with a new key, in the background, and drop the old one",
  flags: [...clusterFlags],
  examples: [
    {
      command: "kaji encryption rotate",
      explains: "`kaji encryption status` shows how far it is",
    },
  ],
  async run(context) {
    const { key } = (await withClient(context, (client) =>
      client.raw("POST", "/kaji/v1/encryption/rotate"),
    )) as { key: string };
    context.print(`Secrets are being encrypted with the new key ${key}`);
  },
});
