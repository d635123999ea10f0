import { trafficReportKind } from "#api/kinds/traffic-report";
import { controllerOf } from "#api/machinery/meta";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import type { Peers } from "#control-plane/apiserver/peers";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { History } from "#control-plane/history/history";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

const PODS = { group: "", plural: "pods" };

/** `feed`: the API server's, which comes later. Of a pod it is asked once, who owns it. */
export function createHistory(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeStreams: NodeStreams;
  readonly peers: Peers;
  readonly server: string;
  feed(): Feed;
}): History {
  const { feed, ...rest } = options;
  return new History({
    ...rest,
    ownerOf(namespace, name) {
      const pod = feed().cacheOf(PODS).get(namespace, name)?.object;
      return (pod && controllerOf(pod)?.name) ?? "";
    },
    *trafficReports() {
      for (const { object } of feed().cacheOf(trafficReportKind).range(undefined))
        yield object as TrafficReport;
    },
  });
}
