import { errors, StatusError } from "#api/machinery/status-error";
import type { ContainerStatus, Pod, Status } from "#api/schema/types";
import type { ApiRequest, ApiResponse } from "#client/transport";
import type { NodeStream, StreamChunk } from "#control-plane/apiserver/node-streams";
import { failure } from "#control-plane/apiserver/streams/bridge";
import { parseLogOptions } from "#control-plane/apiserver/streams/log-options";
import { containerOf, targetOf } from "#control-plane/apiserver/streams/target";
import type { StreamRoutesOptions } from "#control-plane/apiserver/streams/types";

const logPath = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/;

/** GET pods/NAME/log. Refusals, also those of the node before its first byte, are a json Status. */
export async function serveLogs(
  options: StreamRoutesOptions,
  request: ApiRequest,
  nowMs: number,
): Promise<ApiResponse> {
  try {
    return await openLogs(options, request, nowMs);
  } catch (error) {
    const status = failure(error) as Status;
    return { type: "json", status: status.code ?? 500, value: status };
  }
}

async function openLogs(
  { getPod, nodeStreams }: StreamRoutesOptions,
  request: ApiRequest,
  nowMs: number,
): Promise<ApiResponse> {
  const [, namespace, name] = logPath.exec(request.path) ?? [];
  if (namespace === undefined || name === undefined) throw errors.noSuchPath();
  const pod = await getPod(decodeURIComponent(namespace), decodeURIComponent(name));
  const logOptions = parseLogOptions(request.query, pod.metadata.name, nowMs);
  const container = containerOf(pod, request.query.get("container") ?? "");
  if (!pod.spec.nodeName) return streamOf(noChunks());
  checkHasLogs(pod, container, logOptions.previous);
  const target = targetOf(pod, container);
  const stream = await nodeStreams.open(pod.spec.nodeName, {
    ...target,
    type: "logs",
    options: logOptions,
  });
  const chunks = stream.chunks[Symbol.asyncIterator]();
  // A followed log may be silent for long: its answer begins at once.
  const first = logOptions.follow ? undefined : await chunks.next();
  throwIfFailed(first);
  return streamOf(logBytes(stream, chunks, first, request.signal));
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ApiResponse {
  return { type: "stream", status: 200, contentType: "text/plain", chunks };
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}

async function* logBytes(
  stream: NodeStream,
  chunks: AsyncIterator<StreamChunk>,
  first: IteratorResult<StreamChunk> | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const cancel = (): void => stream.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    for (let next = first ?? (await chunks.next()); !next.done; next = await chunks.next()) {
      throwIfFailed(next);
      if (next.value.type === "data") yield next.value.bytes;
      if (next.value.type === "status") return;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    stream.cancel();
  }
}

function throwIfFailed(result: IteratorResult<StreamChunk> | undefined): void {
  if (!result || result.done || result.value.type !== "status") return;
  const status = result.value.status as Status;
  if (status.status !== "Failure") return;
  const {
    code = 500,
    reason = "InternalError",
    message = "the node failed to read the log",
  } = status;
  throw new StatusError(code, reason, message);
}

const waitingTexts: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

/** Pure, by what the pod's status says: whether there can be a log. Texts are kubelet's. */
export function checkHasLogs(pod: Pod, container: string, previous: boolean): void {
  const at = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const status = statusOf(pod, container);
  if (!status) throw errors.badRequest(`${at} is not available`);
  const { state = {}, lastState = {} } = status;
  if (previous) {
    if (lastState.terminated) return;
    throw errors.badRequest(`previous terminated ${at} not found`);
  }
  if (state.running || state.terminated?.containerID || lastState.terminated) return;
  if (state.terminated) throw errors.badRequest(`${at} is terminated`);
  if (!state.waiting) throw errors.badRequest(`${at} is waiting to start - no logs yet`);
  const reason = state.waiting.reason ?? "";
  throw errors.badRequest(`${at} is waiting to start: ${waitingTexts[reason] ?? reason}`);
}

function statusOf({ status }: Pod, container: string): ContainerStatus | undefined {
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.find(({ name }) => name === container);
}
