import type { StreamRequest } from "#control-plane/apiserver/node-streams";
import type { OpenStream } from "#proto/agent";

/** Pure: what a node is asked, without a stream id: whoever has the node's session gives one. */
export function toOpenStream(request: StreamRequest): OpenStream {
  const base = {
    podNamespace: request.namespace,
    podName: request.pod,
    podUid: request.uid,
    container: request.container,
  };
  switch (request.type) {
    case "exec": {
      const { command, stdin, stdout, stderr, tty } = request;
      const exec = { command: [...command], stdin, stdout, stderr, tty };
      return { ...base, request: "exec", exec };
    }
    case "attach": {
      const { stdin, stdout, stderr, tty } = request;
      return { ...base, request: "attach", attach: { stdin, stdout, stderr, tty } };
    }
    case "portForward":
      return { ...base, request: "portForward", portForward: { port: request.port } };
    case "logs": {
      const { follow, previous, timestamps, tailLines = -1, limitBytes = 0 } = request.options;
      const { sinceTime = "" } = request.options;
      const logs = { follow, previous, timestamps, tailLines, limitBytes, sinceTime };
      return { ...base, request: "logs", logs };
    }
    case "read":
      return { ...base, request: "read", read: { path: request.path } };
  }
}
