import { join } from "node:path";
import { readIfThere, writeSecretFile } from "#control-plane/pki/files";

/** By file name under <lib>/pki: what every server of one cluster must have alike. */
export type SharedFiles = Readonly<Record<string, string>>;

/** The first is public, and says which cluster it is. */
const CA_CERTIFICATE = "ca.crt";
const SHARED = [CA_CERTIFICATE, "ca.key", "service-account.key"] as const;

/** undefined: this root has belonged to no cluster yet. */
export async function readSharedFiles(pkiDirectory: string): Promise<SharedFiles | undefined> {
  const files: Record<string, string> = {};
  for (const name of SHARED) {
    const text = await readIfThere(join(pkiDirectory, name));
    if (text === undefined) return undefined;
    files[name] = text;
  }
  return files;
}

export async function writeSharedFiles(pkiDirectory: string, files: SharedFiles): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const mode = name === CA_CERTIFICATE ? 0o644 : 0o600;
    await writeSecretFile(join(pkiDirectory, name), text, mode);
  }
}

/** Also when some of the directory's files are lost: its authority says it. */
export async function isOfAnotherCluster(
  pkiDirectory: string,
  files: SharedFiles,
): Promise<boolean> {
  const own = await readIfThere(join(pkiDirectory, CA_CERTIFICATE));
  return own !== undefined && own !== files[CA_CERTIFICATE];
}
