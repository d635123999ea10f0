import { RuntimeError } from "#runtime/runtime";

/** An image reference with everything Docker leaves unsaid filled in. */
export interface Reference {
  /** "docker.io", "localhost:5000" */
  readonly registry: string;
  /** "library/nginx" */
  readonly repository: string;
  /** Absent only when a digest is given without a tag. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const DEFAULT_REGISTRY = "docker.io";
const MAX_NAME_LENGTH = 255;
const MAX_TEXT_LENGTH = 1024;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const DOMAIN =
  /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const BARE_ID = /^[0-9a-f]{64}$/;

/**
 * Parses as Docker does: "nginx" is docker.io/library/nginx:latest, "localhost:5000/x" has a registry.
 * Throws InvalidImageName with the sentence the kubelet puts on the container.
 */
export function parseReference(text: string): Reference {
  if (text.length > MAX_TEXT_LENGTH) throw invalid(`${text.slice(0, 80)}...`);
  const { name, tag, digest } = splitSuffixes(text);
  if (BARE_ID.test(name)) {
    throw invalid(text, "cannot specify 64-byte hexadecimal strings");
  }
  const { registry, repository } = splitRegistry(name);
  if (repository !== repository.toLowerCase() && PATH.test(repository.toLowerCase())) {
    throw invalid(text, `repository name (${repository}) must be lowercase`);
  }
  const isWellFormed =
    DOMAIN.test(registry) &&
    PATH.test(repository) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!isWellFormed) throw invalid(text);
  if (registry.length + 1 + repository.length > MAX_NAME_LENGTH) {
    throw invalid(text, `repository name must not be more than ${MAX_NAME_LENGTH} characters`);
  }
  return { registry, repository, tag: tag ?? (digest ? undefined : "latest"), digest };
}

/** "docker.io/library/nginx", without tag and digest. */
export function repositoryName(reference: Reference): string {
  return `${reference.registry}/${reference.repository}`;
}

/** The full spelling, which is also the key in the image table; a digest wins over a tag. */
export function formatReference(reference: Reference): string {
  const name = repositoryName(reference);
  return reference.digest ? `${name}@${reference.digest}` : `${name}:${reference.tag ?? "latest"}`;
}

export function normaliseReference(text: string): string {
  return formatReference(parseReference(text));
}

/** As people write it: docker.io and library/ left out. */
export function familiarReference(full: string): string {
  if (full.startsWith("docker.io/library/")) return full.slice("docker.io/library/".length);
  return full.startsWith("docker.io/") ? full.slice("docker.io/".length) : full;
}

function splitSuffixes(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/") && colon >= 0;
  return {
    name: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag ? { tag: tagged.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isRegistry =
    first !== "" && (/[.:[]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const registry = isRegistry ? first : DEFAULT_REGISTRY;
  const rest = isRegistry ? name.slice(slash + 1) : name;
  if (registry !== DEFAULT_REGISTRY && registry !== "index.docker.io") {
    return { registry, repository: rest };
  }
  return {
    registry: DEFAULT_REGISTRY,
    repository: rest.includes("/") ? rest : `library/${rest}`,
  };
}

function invalid(text: string, detail?: string): RuntimeError {
  const why = detail ? `invalid reference format: ${detail}` : "invalid reference format";
  return new RuntimeError(
    "InvalidImageName",
    `Failed to apply default image tag "${text}": couldn't parse image name "${text}": ${why}`,
  );
}
