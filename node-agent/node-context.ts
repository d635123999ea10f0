import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { DownwardFacts } from "#node-agent/container/field-ref";
import type { ResolverConfig } from "#node-agent/container/host-files";
import type { EventRecorder } from "#node-agent/events/recorder";
import type { ImagePuller } from "#node-agent/images/puller";
import type { PodNetwork } from "#node-agent/network/network";
import type { NodeObjects } from "#node-agent/objects";
import type { NodeRecord } from "#node-agent/observability/node-record";
import type { Allocations } from "#node-agent/resize/allocations";
import type { RuntimeIndex } from "#node-agent/runtime-index";
import type { RangeBook } from "#node-agent/users/range-book";
import type { PodDirectories } from "#node-agent/volumes/pod-volumes";
import type { Runtime } from "#runtime/runtime";

/** What the workers of one node share; wired once by main.ts. */
export interface NodeContext {
  readonly nodeName: string;
  readonly runtime: Runtime;
  readonly index: RuntimeIndex;
  readonly network: PodNetwork;
  readonly objects: NodeObjects;
  /** Which ids of the host the users of which pod are. */
  readonly users: RangeBook;
  readonly images: ImagePuller;
  readonly events: EventRecorder;
  readonly allocations: Allocations;
  readonly record: NodeRecord;
  readonly clock: Clock;
  readonly log: Log;
  readonly directories: PodDirectories;
  /** <log>/pods */
  readonly logDirectory: string;
  /** Profiles of seccompProfile type Localhost. */
  readonly seccompDirectory: string;
  readonly hostIp: string;
  readonly allocatable: DownwardFacts["allocatable"];
  readonly hostResolver: ResolverConfig;
  readonly podPidsLimit: number;
}
