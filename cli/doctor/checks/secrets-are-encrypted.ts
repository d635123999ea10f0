import { clusterCheck } from "#cli/doctor/define-check";

export const secretsAreEncrypted = clusterCheck(
  "Secrets are encrypted in the store",
  function* ({ unencryptedSecrets = 0 }) {
    if (unencryptedSecrets === 0) return;
    yield {
      severity: "advice",
      subject: "the store",
      problem: `${unencryptedSecrets} Secrets stand in it in clear text`,
      remedy: "encrypt them with a new key",
      command: "kaji encryption rotate",
    };
  },
);
