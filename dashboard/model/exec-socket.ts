import { pathOf, resources } from "#dashboard/model/resources";
import { sessionToken } from "#dashboard/model/session";

/**
 * exec over a WebSocket as Kubernetes speaks it (subprotocol v5.channel.k8s.io): the first byte of each message is
 * the channel. A browser cannot send an Authorization header here: the token goes as a second subprotocol.
 */
export interface ExecSocket {
  send(text: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

const STDIN = 0;
const ERROR = 3;
const RESIZE = 4;
const MAX_EARLY_MESSAGES = 1_000;
const PROTOCOL = "v5.channel.k8s.io";
const SHELL = ["/bin/sh", "-c", "TERM=xterm-256color exec $(command -v bash || command -v sh)"];

export function execSocket(
  target: { readonly namespace: string; readonly pod: string; readonly container: string },
  events: {
    onOpen(): void;
    onOutput(bytes: Uint8Array): void;
    onEnd(why: string): void;
  },
): ExecSocket {
  const { namespace, pod, container } = target;
  const query = new URLSearchParams({ container, stdin: "true", stdout: "true", tty: "true" });
  for (const word of SHELL) query.append("command", word);
  const url = new URL(
    `${pathOf(resources.pods, namespace, pod)}/exec?${query.toString()}`,
    location.href,
  );
  url.protocol = url.protocol.replace("http", "ws");
  const token = sessionToken();
  const bearer = token ? [`base64url.bearer.authorization.k8s.io.${base64url(token)}`] : [];
  const socket = new WebSocket(url, [PROTOCOL, ...bearer]);
  socket.binaryType = "arraybuffer";
  let why = "";
  // What is typed before the connection stands; a person cannot type much in that time.
  let early: Uint8Array<ArrayBuffer>[] = [];
  const write = (channel: number, bytes: Uint8Array): void => {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = channel;
    message.set(bytes, 1);
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
    else if (socket.readyState === WebSocket.CONNECTING && early.length < MAX_EARLY_MESSAGES)
      early.push(message);
  };
  const encoder = new TextEncoder();
  let isClosed = false;
  socket.addEventListener("open", () => {
    events.onOpen();
    for (const message of early) socket.send(message);
    early = [];
  });
  socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
    const bytes = new Uint8Array(data);
    if (bytes[0] === ERROR) why = endOf(new TextDecoder().decode(bytes.subarray(1)));
    else events.onOutput(bytes.subarray(1));
  });
  socket.addEventListener("close", ({ reason }) => {
    if (isClosed) return;
    events.onEnd(why || reason || "The shell could not be opened, or its connection was lost.");
  });
  return {
    send: (text) => write(STDIN, encoder.encode(text)),
    resize: (columns, rows) =>
      write(RESIZE, encoder.encode(JSON.stringify({ Width: columns, Height: rows }))),
    close() {
      isClosed = true;
      socket.close();
    },
  };
}

function endOf(text: string): string {
  const { status, message } = JSON.parse(text) as { status?: string; message?: string };
  return status === "Success" ? "The shell has ended." : (message ?? "The shell has ended.");
}

function base64url(text: string): string {
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
