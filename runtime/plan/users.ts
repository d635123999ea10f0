import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ContainerConfig, type ImageConfig, RuntimeError } from "#runtime/runtime";

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** The account files of an image. Absent files are empty. */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/**
 * Reads the account files from overlay lower directories, uppermost first. Never follows a symbolic link,
 * which could lead to the host's own files: such a file counts as absent.
 */
export function readAccounts(lowerDirs: readonly string[]): Accounts {
  return { passwd: readLayered(lowerDirs, "passwd"), group: readLayered(lowerDirs, "group") };
}

const ACCOUNTS_LIMIT_BYTES = 1 << 20;

function readLayered(lowerDirs: readonly string[], name: string): string {
  for (const lower of lowerDirs) {
    const directory = lstatSync(join(lower, "etc"), { throwIfNoEntry: false });
    if (directory === undefined) continue;
    if (!directory.isDirectory()) return "";
    const file = lstatSync(join(lower, "etc", name), { throwIfNoEntry: false });
    if (file === undefined) continue;
    if (!file.isFile() || file.size > ACCOUNTS_LIMIT_BYTES) return "";
    return readFileSync(join(lower, "etc", name), "utf8");
  }
  return "";
}

/** "uid", "name", "uid:gid", "name:group"; runAsUser before the image's User, runAsGroup before both. */
export function resolveUser(
  config: ContainerConfig,
  image: ImageConfig,
  accounts: Accounts,
): ContainerUser {
  const wanted = config.security.runAsUser ?? image.user ?? "";
  const [userPart = "", groupPart = ""] = (wanted === "" ? "0" : wanted).split(":");
  const entries = accounts.passwd.split("\n").map((line) => line.split(":"));
  const entry = isNumber(userPart)
    ? entries.find((fields) => fields[2] === userPart)
    : entries.find((fields) => fields[0] === userPart);
  if (entry === undefined && !isNumber(userPart)) {
    throw new RuntimeError(
      "CreateContainerError",
      `unable to find user ${userPart}: no matching entries in passwd file`,
    );
  }
  const uid = Number(entry?.[2] ?? userPart);
  const ownGid = groupPart === "" ? Number(entry?.[3] ?? 0) : groupId(groupPart, accounts.group);
  const gid = config.security.runAsGroup ?? ownGid;
  const name = entry?.[0] ?? "";
  const memberships = groupPart === "" && name !== "" ? groupsOf(name, accounts.group) : [];
  const groups = [...new Set([gid, ...memberships, ...config.security.supplementalGroups])];
  return { uid, gid, groups, home: entry?.[5] || "/" };
}

function groupId(group: string, groups: string): number {
  if (isNumber(group)) return Number(group);
  const line = groups.split("\n").find((candidate) => candidate.startsWith(`${group}:`));
  if (line !== undefined) return Number(line.split(":")[2]);
  throw new RuntimeError(
    "CreateContainerError",
    `unable to find group ${group}: no matching entries in group file`,
  );
}

function groupsOf(user: string, groups: string): number[] {
  return groups
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields[3]?.split(",").includes(user))
    .map((fields) => Number(fields[2]));
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
