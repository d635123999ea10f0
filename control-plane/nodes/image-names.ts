const DEFAULT_REGISTRY = "docker.io";

/**
 * Pure: the whole spelling of an image's name, as nodes report it: "web" is "docker.io/library/web:latest". A digest
 * takes the tag's place. The same as the image store's own (runtime/images/reference.ts), which this side may not
 * import; of names that are none the store says so.
 */
export function fullImageName(image: string): string {
  const [tagged = "", digest] = image.split("@");
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/");
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  const suffix = digest ? `@${digest}` : `:${hasTag ? tagged.slice(colon + 1) : "latest"}`;
  return `${withRegistry(name)}${suffix}`;
}

function withRegistry(name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:[]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = isHost ? first : DEFAULT_REGISTRY;
  const path = isHost ? name.slice(slash + 1) : name;
  if (registry !== DEFAULT_REGISTRY && registry !== `index.${DEFAULT_REGISTRY}`) return name;
  return `${DEFAULT_REGISTRY}/${path.includes("/") ? path : `library/${path}`}`;
}
