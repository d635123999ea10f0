import { isLabelValue, isQualifiedName } from "#api/machinery/names";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { durationFlag, wholeNumberFlag } from "#cli/flag-values";
import { parseDurationMs } from "#kit/duration";
import { type NodeConfig, rooms } from "#cli/rooms";

/** What `kaji agent` offers to pods and how it protects itself, in the words of Kubernetes' flags. */
export const nodeConfigFlags: readonly Flag[] = [
  { name: "max-pods", value: "NUMBER", description: "pods on this node at most", default: "110" },
  {
    name: "system-reserved",
    value: "AMOUNTS",
    description: "kept for the host: cpu=500m,memory=1Gi,ephemeral-storage=1Gi",
  },
  {
    name: "kube-reserved",
    value: "AMOUNTS",
    description: "kept for Kaji itself, in the same form",
  },
  {
    name: "eviction-hard",
    value: "THRESHOLDS",
    description: "below these amounts pods are evicted at once",
    default:
      "memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,imagefs.inodesFree<5%",
  },
  {
    name: "eviction-soft",
    value: "THRESHOLDS",
    description: "below these amounts pods are evicted when it lasts",
  },
  {
    name: "eviction-soft-grace-period",
    value: "DURATIONS",
    description: "how long it must last: memory.available=1m30s",
  },
  {
    name: "eviction-minimum-reclaim",
    value: "AMOUNTS",
    description: "how far beyond a threshold is freed: nodefs.available=500Mi",
  },
  {
    name: "eviction-pressure-transition-period",
    value: "DURATION",
    description: "how long a condition of pressure stays after its last cause",
    default: "5m",
  },
  {
    name: "eviction-max-pod-grace-period",
    value: "SECONDS",
    description: "grace of pods that are evicted for a soft threshold",
    default: "0",
  },
  {
    name: "extended-resource",
    value: "RESOURCES",
    description: "what else this node has: example.com/gpu=2,example.com/fpga=1",
  },
  {
    name: "node-labels",
    value: "LABELS",
    description: "labels of this node when it joins: disk=ssd,rack=r1",
  },
  {
    name: "register-with-taints",
    value: "TAINTS",
    description: "taints of this node when it joins: dedicated=gpu:NoSchedule",
  },
  {
    name: "shutdown-grace-period",
    value: "DURATION",
    description: "how long pods have to end when the machine goes (kaji node shutdown)",
    default: "30s",
  },
  {
    name: "shutdown-grace-period-critical-pods",
    value: "DURATION",
    description: "the part of it that is kept for critical pods",
    default: "10s",
  },
];

/** Throws CommandError for a flag that cannot be understood. */
export async function nodeConfigOf(context: CommandContext): Promise<NodeConfig> {
  const { parsePairs, parseReserved, parseTaints } = await rooms.nodeConfig();
  const { parseThresholds } = await rooms.evictionThresholds();
  const text = (name: string): string => context.flag(name) ?? "";
  try {
    const graces = parsePairs(text("eviction-soft-grace-period"));
    return {
      maxPods: wholeNumberFlag(context, "max-pods", 1),
      reserved: parseReserved(text("system-reserved"), text("kube-reserved")),
      thresholds: parseThresholds({
        hard: text("eviction-hard"),
        soft: text("eviction-soft"),
        softGraceMs: new Map([...graces].map(([signal, value]) => [signal, durationOf(value)])),
        minReclaim: text("eviction-minimum-reclaim"),
      }),
      pressureTransitionMs: durationFlag(context, "eviction-pressure-transition-period"),
      evictionMaxPodGraceMs: wholeNumberFlag(context, "eviction-max-pod-grace-period") * 1000,
      extendedResources: extendedResources(parsePairs(text("extended-resource"))),
      labels: labelsOf(parsePairs(text("node-labels"))),
      taints: parseTaints(text("register-with-taints")),
      shutdown: shutdownOf(context),
    };
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    throw new CommandError(error.message, { cause: error });
  }
}

/** The API would refuse the Node, again and again. */
function labelsOf(pairs: ReadonlyMap<string, string>): Record<string, string> {
  for (const [key, value] of pairs) {
    const [problem] = [...isQualifiedName(key), ...isLabelValue(value)];
    if (problem) throw new CommandError(`--node-labels ${key}=${value} is no label: ${problem}`);
  }
  return Object.fromEntries(pairs);
}

/** Ordinary pods would get nothing of it otherwise. */
function shutdownOf(context: CommandContext): NodeConfig["shutdown"] {
  const graceMs = durationFlag(context, "shutdown-grace-period");
  const criticalGraceMs = durationFlag(context, "shutdown-grace-period-critical-pods");
  if (criticalGraceMs <= graceMs) return { graceMs, criticalGraceMs };
  throw new CommandError(
    "--shutdown-grace-period-critical-pods is a part of --shutdown-grace-period, and may not be more than that",
  );
}

function durationOf(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw new CommandError(`${text} is not a duration: give one such as 1m30s`);
}

function extendedResources(pairs: ReadonlyMap<string, string>): Record<string, string> {
  for (const [name, amount] of pairs) {
    if (!/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/.test(name) || !/^\d+$/.test(amount)) {
      throw new CommandError(
        `--extended-resource ${name}=${amount} is not DOMAIN/NAME=WHOLE NUMBER, such as example.com/gpu=2`,
      );
    }
  }
  return Object.fromEntries(pairs);
}
