import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { requireRoot } from "#cli/component";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { readStdin } from "#cli/stdin";
import { type ImageStore, type RegistryAuth, rooms } from "#cli/rooms";
import { systemClock } from "#kit/clock";
import { type Locations, locationsFor } from "#kit/locations";
import { createLog } from "#kit/log";

/** The image commands work on the host's own store, with or without a running cluster. */
export async function openImages(
  context: CommandContext,
  what: string,
  insecureRegistries: readonly string[] = [],
): Promise<ImageStore> {
  requireRoot(what);
  const locations = locationsFor(context.flag("root-dir"));
  const { createImageStore } = await rooms.imageStore();
  return createImageStore({
    root: join(locations.lib, "images"),
    log: createLog({ level: "warn" }),
    clock: systemClock,
    registries: { insecure: insecureRegistries },
    inUse: () => imagesInUse(locations),
  });
}

/** The ids of images that containers of this host were made from, whatever their state. */
async function imagesInUse(locations: Locations): Promise<ReadonlySet<string>> {
  const { Records } = await rooms.containerRecords();
  const loaded = new Records(join(locations.run, "sandboxes")).load();
  return new Set(loaded.flatMap(({ containers }) => containers.map(({ imageId }) => imageId)));
}

export const registryFlags: readonly Flag[] = [
  {
    name: "user",
    value: "USER[:PASSWORD]",
    description: "who to be at the registry; without a password use --password-stdin",
  },
  { name: "password-stdin", description: "read the password of --user from stdin" },
  {
    name: "insecure",
    description: "allow plain HTTP and unverified certificates (loopback registries may always)",
  },
];

export async function registryAuth(context: CommandContext): Promise<RegistryAuth | undefined> {
  const user = context.flag("user");
  const readsStdin = context.isSet("password-stdin");
  if (user === undefined) {
    if (readsStdin) throw new CommandError("--password-stdin needs --user: name who to log in as");
    return undefined;
  }
  const colon = user.indexOf(":");
  if (readsStdin) {
    if (colon >= 0) {
      throw new CommandError(
        "a password in --user and --password-stdin: give it in one of the two",
      );
    }
    return { username: user, password: (await readStdin()).replace(/\r?\n$/, "") };
  }
  if (colon < 0) {
    throw new CommandError(
      `no password for ${user}: write --user ${user}:PASSWORD or add --password-stdin`,
    );
  }
  return { username: user.slice(0, colon), password: user.slice(colon + 1) };
}

/** The registry that --insecure is about: that of the reference. */
export async function insecureRegistries(
  context: CommandContext,
  reference: string,
): Promise<readonly string[]> {
  if (!context.isSet("insecure")) return [];
  const { parseReference } = await rooms.imageReference();
  return [parseReference(reference).registry];
}

/** NAME=VALUE, as often as the flag was given. */
export function pairsOf(context: CommandContext, flag: string): Record<string, string> {
  return Object.fromEntries(
    context.flags(flag).map((text): [string, string] => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new CommandError(`--${flag} ${text} has no value: write --${flag} NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

export function requireFile(path: string, what: string): void {
  if (!existsSync(path)) {
    throw new CommandError(
      `${what} ${path} is not there: check the path (it is relative to ${process.cwd()})`,
    );
  }
  const stat = statSync(path);
  if (stat.isFile() && stat.size === 0) {
    throw new CommandError(`${what} ${path} is empty: make it again`);
  }
}
