/**
 * What the API server asks of a node on behalf of a user: exec, attach, port-forward and logs. The node
 * gateway implements it over gRPC; the simulation in process.
 */
export interface NodeStreams {
  /** Throws StatusError (503 when the node is not connected, 400/404 when it refuses). */
  open(nodeName: string, request: StreamRequest): Promise<NodeStream>;
  /** The newest PodMetrics / NodeMetrics that the nodes have sent; asking keeps them coming for a minute. */
  podMetrics(): readonly unknown[];
  nodeMetrics(): readonly unknown[];
  /** Fetches what other servers know of the nodes that are connected to them. */
  refreshMetrics?(): Promise<void>;
  /** Resolves when some node has sent metrics after the question, or after a moment without. */
  metricsArrival?(): Promise<void>;
  /** Every node measures once, the mean since it did last; nobody keeps measuring for it. */
  measureOnce?(): Promise<Measured>;
}

/** NodeMetrics and PodMetrics. */
export interface Measured {
  readonly nodes: readonly unknown[];
  readonly pods: readonly unknown[];
}

export interface StreamTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

export type StreamRequest = StreamTarget &
  (
    | {
        readonly type: "exec";
        readonly command: readonly string[];
        readonly stdin: boolean;
        readonly stdout: boolean;
        readonly stderr: boolean;
        readonly tty: boolean;
      }
    | {
        readonly type: "attach";
        readonly stdin: boolean;
        readonly stdout: boolean;
        readonly stderr: boolean;
        readonly tty: boolean;
      }
    | { readonly type: "portForward"; readonly port: number }
    | { readonly type: "logs"; readonly options: LogOptions }
    /** What the agent says of itself; names no pod. */
    | { readonly type: "read"; readonly path: string }
  );

export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** undefined: all. */
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
}

export type StreamChunk =
  | { readonly type: "data"; readonly channel: 0 | 1 | 2; readonly bytes: Uint8Array }
  | { readonly type: "resize"; readonly width: number; readonly height: number }
  /** A metav1.Status: the last chunk from the node. */
  | { readonly type: "status"; readonly status: unknown }
  | { readonly type: "end"; readonly channel: 0 | 1 | 2 };

export interface NodeStream {
  /** From the node, in order; ends after the status chunk or when the stream breaks (throws). */
  readonly chunks: AsyncIterable<StreamChunk>;
  /** Resolves when the peer can take more: callers await it, which is the flow control. */
  send(chunk: StreamChunk): Promise<void>;
  /** Gives up: the node closes its side too. */
  cancel(): void;
}
