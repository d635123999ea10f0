/**
 * The other servers of the cluster, asked for what each has in its memory alone: the history's rings and the spans.
 * It is asked when somebody looks and told to nobody before, so that servers cost each other nothing at rest.
 */
export interface Peers {
  isAlone(): boolean;
  /** Each of them the same, but for those named: "/history?of=nodes". Who does not answer in time says why. */
  ask(question: string, without?: ReadonlySet<string>): Promise<readonly PeerAnswer[]>;
}

export interface PeerAnswer {
  /** "10.0.0.2:6444" */
  readonly server: string;
  readonly said?: unknown;
  readonly error?: string;
}

export const noPeers: Peers = { isAlone: () => true, ask: () => Promise.resolve([]) };

/** What this server says to such a question. Throws StatusError where it does not know the question. */
export type AnswerPeer = (question: string) => unknown;

/** For an API server whose connections to others come later. */
export function latePeers(current: () => Peers | undefined): Peers {
  return {
    isAlone: () => current()?.isAlone() ?? true,
    ask: (...question) => (current() ?? noPeers).ask(...question),
  };
}
