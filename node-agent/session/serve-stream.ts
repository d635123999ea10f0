import type { ClientDuplexStream } from "@grpc/grpc-js";
import type {
  AgentStream,
  ImageStreamRequest,
  LogOptions,
  OpenStreamRequest,
} from "#node-agent/session/types";
import type { OpenStream, StreamFrame } from "#proto/agent";
import { type FramedStream, framedStream } from "#proto/framed-stream";

type Call = ClientDuplexStream<StreamFrame, StreamFrame>;

export interface ServeStreamOptions {
  readonly message: OpenStream;
  openCall(): Call;
  serve(request: OpenStreamRequest, stream: AgentStream): Promise<void>;
  serveImage?(request: ImageStreamRequest, stream: AgentStream): Promise<void>;
  serveRead?(path: string, stream: AgentStream): Promise<void>;
  refuse(why: string): void;
}

/** Serves one stream to its end. The call opens at first use; an error before that refuses the request. */
export async function serveStream(options: ServeStreamOptions): Promise<void> {
  const opened = lazyCall(options.openCall);
  try {
    await serveRequest(options, opened.stream);
    if (!opened.isOpen()) throw new Error("the node closed the stream before it began");
    opened.end();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (!opened.isOpen()) return options.refuse(why);
    await opened.fail(why);
  }
}

async function serveRequest(options: ServeStreamOptions, stream: AgentStream): Promise<void> {
  const { message } = options;
  if (message.request === "image") {
    if (!options.serveImage) throw new Error("this agent gives no images");
    const { reference = "", platform = "" } = message.image;
    return options.serveImage({ reference, platform }, stream);
  }
  if (message.request === "read" && options.serveRead) {
    return options.serveRead(message.read.path ?? "", stream);
  }
  const request = toRequest(message);
  if (!request) throw new Error("this agent does not know such a stream");
  return options.serve(request, stream);
}

function lazyCall(openCall: () => Call) {
  const abort = new AbortController();
  let call: Call | undefined;
  let framed: FramedStream | undefined;
  let hasStatus = false;
  const open = (): FramedStream => {
    if (framed) return framed;
    call = openCall();
    // The error itself reaches whoever reads or writes; here it only says that serving has no purpose now.
    call.on("error", () => abort.abort());
    call.on("close", () => abort.abort());
    framed = framedStream(call);
    return framed;
  };
  const stream: AgentStream = {
    get chunks() {
      return open().chunks;
    },
    send(chunk) {
      hasStatus ||= chunk.type === "status";
      return open().send(chunk);
    },
    signal: abort.signal,
  };
  return {
    stream,
    isOpen: () => call !== undefined,
    end: () => framed?.end(),
    /** The user sees `why`, unless the stream has already said how it ended or is broken. */
    async fail(why: string): Promise<void> {
      if (abort.signal.aborted || hasStatus || !framed) return call?.cancel();
      const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" };
      const reason = { reason: "InternalError", code: 500, message: why };
      await framed.send({ type: "status", status: { ...status, ...reason } }).then(
        () => framed?.end(),
        () => call?.cancel(),
      );
    },
  };
}

function toRequest(message: OpenStream): OpenStreamRequest | undefined {
  const base = {
    pod: {
      namespace: message.podNamespace ?? "",
      name: message.podName ?? "",
      uid: message.podUid ?? "",
    },
    container: message.container ?? "",
  };
  switch (message.request) {
    case "exec":
      return {
        ...base,
        type: "exec",
        command: message.exec.command ?? [],
        ...standardStreams(message.exec),
      };
    case "attach":
      return { ...base, type: "attach", ...standardStreams(message.attach) };
    case "portForward":
      return { ...base, type: "portForward", port: message.portForward.port ?? 0 };
    case "logs":
      return { ...base, type: "logs", options: toLogOptions(message.logs) };
    default:
      return undefined;
  }
}

type StandardStreams = {
  stdin?: boolean | null;
  stdout?: boolean | null;
  stderr?: boolean | null;
  tty?: boolean | null;
};

function standardStreams(from: StandardStreams) {
  const { stdin, stdout, stderr, tty } = from;
  return {
    stdin: stdin === true,
    stdout: stdout === true,
    stderr: stderr === true,
    tty: tty === true,
  };
}

function toLogOptions(logs: NonNullable<OpenStream["logs"]>): LogOptions {
  const { tailLines, limitBytes, sinceTime } = logs;
  return {
    follow: logs.follow === true,
    previous: logs.previous === true,
    timestamps: logs.timestamps === true,
    ...(typeof tailLines === "number" && tailLines >= 0 ? { tailLines } : {}),
    ...(limitBytes ? { limitBytes } : {}),
    ...(sinceTime ? { sinceTime } : {}),
  };
}
