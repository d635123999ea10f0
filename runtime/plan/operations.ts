import { encodeFields, type Field } from "#runtime/embedded/wire";

/**
 * One case per operation of the native side, with its arguments in order. `operationTable` is the same
 * table as OPERATIONS in native/operations.h (name, least and most arguments; the number is the place); a
 * test holds the two equal. Modes, flags and ids are numbers; 64-bit masks are decimal text or bigint.
 */
export type Operation =
  | readonly ["mkdir", path: string, mode: number]
  | readonly ["mkdirs", path: string, mode: number]
  | readonly ["rmdir", path: string]
  | readonly ["remove_tree", path: string]
  | readonly ["write", path: string, data: string]
  | readonly ["mknod", path: string, mode: number, major: number, minor: number]
  | readonly ["symlink", target: string, path: string]
  | readonly ["chdir", path: string]
  | readonly ["mount", source: string, target: string, type: string, flags: number, data: string]
  | readonly ["unmount", path: string]
  | readonly ["tree_open", slot: number, path: string, isRecursive: number]
  | readonly ["tree_attach", slot: number, target: string, attributes: number, propagation: number]
  | readonly ["pivot", path: string]
  | readonly ["mask", path: string]
  | readonly ["read_only", path: string]
  | readonly ["unshare", flags: number]
  | readonly ["enter"]
  | readonly ["hostname", name: string]
  | readonly ["pid_namespace"]
  | readonly ["network_namespace"]
  | readonly [
      "veth",
      bridge: string,
      hostInterface: string,
      address: string,
      gateway: string,
      mtu: number,
    ]
  | readonly ["cgroup_kill", path: string]
  | readonly ["rlimit", resource: number, soft: number, hard: number]
  | readonly ["session"]
  | readonly ["pty", isConsole: number, owner: number]
  | readonly ["groups", ...ids: number[]]
  | readonly ["user", uid: number, gid: number]
  | readonly [
      "capabilities",
      bounding: bigint,
      permitted: bigint,
      effective: bigint,
      inheritable: bigint,
      ambient: bigint,
    ]
  | readonly ["no_new_privileges"]
  | readonly ["seccomp", program: Uint8Array]
  | readonly ["die_with_parent"]
  | readonly ["exec", wordCount: number, ...wordsThenEnvironment: string[]]
  | readonly ["device_filter", cgroup: string, program: Uint8Array]
  | readonly ["user_namespace", firstId: number, count: number, namespaces: number]
  | readonly ["user_pid_namespace"]
  | readonly ["write_as", owner: number, path: string, data: string]
  | readonly ["chown", path: string, uid: number, gid: number]
  | readonly ["tree_idmap", slot: number, source: string]
  | readonly ["file_owner", uid: number, gid: number]
  | readonly ["stream_owner", uid: number, gid: number]
  | readonly ["user_enter"]
  | readonly ["process_one", list: Uint8Array]
  | readonly ["process_one_proc", target: string, flags: number]
  | readonly ["hand_over"];

/** An operation whose failure is a warning. */
export interface OptionalOperation {
  readonly optional: Operation;
}

export type Step = Operation | OptionalOperation;

const ANY_COUNT = 65535;

export const operationTable: readonly (readonly [Operation[0], least: number, most: number])[] = [
  ["mkdir", 2, 2],
  ["mkdirs", 2, 2],
  ["rmdir", 1, 1],
  ["remove_tree", 1, 1],
  ["write", 2, 2],
  ["mknod", 4, 4],
  ["symlink", 2, 2],
  ["chdir", 1, 1],
  ["mount", 5, 5],
  ["unmount", 1, 1],
  ["tree_open", 3, 3],
  ["tree_attach", 4, 4],
  ["pivot", 1, 1],
  ["mask", 1, 1],
  ["read_only", 1, 1],
  ["unshare", 1, 1],
  ["enter", 0, 0],
  ["hostname", 1, 1],
  ["pid_namespace", 0, 0],
  ["network_namespace", 0, 0],
  ["veth", 5, 5],
  ["cgroup_kill", 1, 1],
  ["rlimit", 3, 3],
  ["session", 0, 0],
  ["pty", 2, 2],
  ["groups", 0, ANY_COUNT],
  ["user", 2, 2],
  ["capabilities", 5, 5],
  ["no_new_privileges", 0, 0],
  ["seccomp", 1, 1],
  ["die_with_parent", 0, 0],
  ["exec", 2, ANY_COUNT],
  ["device_filter", 2, 2],
  ["user_namespace", 3, 3],
  ["user_pid_namespace", 0, 0],
  ["write_as", 3, 3],
  ["chown", 3, 3],
  ["tree_idmap", 2, 2],
  ["file_owner", 2, 2],
  ["stream_owner", 2, 2],
  ["user_enter", 0, 0],
  ["process_one", 1, 1],
  ["process_one_proc", 2, 2],
  ["hand_over", 0, 0],
];

const codeOf = new Map(operationTable.map(([name], code) => [name, code]));

export function optional(operation: Operation): OptionalOperation {
  return { optional: operation };
}

export function encodeOperations(steps: readonly Step[]): Buffer {
  return Buffer.concat(steps.map(encodeStep));
}

function encodeStep(step: Step): Buffer {
  const isOptional = "optional" in step;
  const [name, ...args] = isOptional ? step.optional : step;
  const header = Buffer.allocUnsafe(4);
  header.writeUInt8(codeOf.get(name) as number, 0);
  header.writeUInt8(isOptional ? 1 : 0, 1);
  header.writeUInt16LE(args.length, 2);
  return Buffer.concat([header, encodeFields(args.map(asField))]);
}

function asField(argument: string | number | bigint | Uint8Array): Field {
  return typeof argument === "bigint" ? argument.toString() : argument;
}
