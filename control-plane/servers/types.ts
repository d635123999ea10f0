/** One running server, as agents, pods and other servers reach it. */
export interface LiveServer {
  /** Of its Lease: "apiserver-" and a hash of its address. */
  readonly name: string;
  /** "10.0.0.2:6443" */
  readonly apiAddress: string;
  /** "10.0.0.2:6444" */
  readonly gatewayAddress: string;
}

/** The servers that are alive, this one always among them. */
export interface ServerDirectory {
  readonly self: LiveServer;
  /** By name. */
  list(): readonly LiveServer[];
  onChange(callback: () => void): void;
}
