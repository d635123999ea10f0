import type { Pod, Secret } from "#api/schema/types";
import { type NodeObjects, namespaceOf, secretFiles } from "#node-agent/objects";
import type { RegistryAuth } from "#runtime/runtime";

interface DockerConfigEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly registrytoken?: string;
}

/** The credentials that a pod's imagePullSecrets hold for an image; the most specific path first. */
export function pullAuths(pod: Pod, image: string, objects: NodeObjects): RegistryAuth[] {
  const matches: { key: string; auth: RegistryAuth }[] = [];
  for (const { name = "" } of pod.spec.imagePullSecrets ?? []) {
    const secret = objects.secret(namespaceOf(pod), name);
    for (const [key, entry] of secret ? entriesOf(secret) : []) {
      if (matchesImage(key, image)) matches.push({ key, auth: toAuth(entry) });
    }
  }
  return matches.sort((a, b) => b.key.length - a.key.length).map(({ auth }) => auth);
}

function entriesOf(secret: Secret): [string, DockerConfigEntry][] {
  const files = secretFiles(secret);
  const modern = files.get(".dockerconfigjson");
  const legacy = files.get(".dockercfg");
  const text = (modern ?? legacy)?.toString("utf8");
  if (text === undefined) return [];
  try {
    const parsed = JSON.parse(text) as Record<string, unknown>;
    const auths = modern ? parsed["auths"] : parsed;
    return Object.entries((auths ?? {}) as Record<string, DockerConfigEntry>);
  } catch (error) {
    const { name } = secret.metadata;
    throw new Error(`imagePullSecret "${name}" is not a docker configuration`, { cause: error });
  }
}

/** "https://index.docker.io/v1/", "registry:5000" and "registry/team" match images below them. */
function matchesImage(key: string, image: string): boolean {
  const wanted = key
    .replace(/^https?:\/\//, "")
    .replace(/\/v[12]\/?$/, "")
    .replace(/\/$/, "")
    .replace(/^(index\.)?docker\.io/, "docker.io");
  const full = withRegistry(image);
  if (wanted.startsWith("*.")) return full.split("/")[0]?.endsWith(wanted.slice(1)) ?? false;
  return full === wanted || full.startsWith(`${wanted}/`) || full.startsWith(`${wanted}:`);
}

/** "registry.example/team/app:1" says where it is; "app:1" and "team/app:1" leave it open. */
export function namesRegistry(image: string): boolean {
  const first = image.split("/")[0] ?? "";
  return image.includes("/") && (/[.:]/.test(first) || first === "localhost");
}

export function withRegistry(image: string): string {
  if (namesRegistry(image)) return image.replace(/^index\.docker\.io\//, "docker.io/");
  return image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
}

function toAuth(entry: DockerConfigEntry): RegistryAuth {
  if (entry.registrytoken) return { registryToken: entry.registrytoken };
  if (entry.username !== undefined) {
    return { username: entry.username, password: entry.password ?? "" };
  }
  const decoded = Buffer.from(entry.auth ?? "", "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
