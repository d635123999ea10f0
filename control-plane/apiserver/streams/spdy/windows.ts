import { initialWindowBytes } from "#control-plane/apiserver/streams/spdy/frames";

const initialWindowSetting = 7;
/** Credit is given back in steps, not per frame. */
const updateStepBytes = initialWindowBytes / 2;
/** The whole connection, in SPDY/3.1. */
const sessionId = 0;

interface Window {
  /** What the peer still takes; may be negative while it takes no part in flow control. */
  sendBytes: number;
  /** Consumed here and not yet given back. */
  owedBytes: number;
}

/**
 * The flow control windows of one connection, both ways.
 *
 * Invariant: credit is always given back, since a peer that keeps the rules stops without it. Its own limits
 * are kept only once it has shown, by SETTINGS or WINDOW_UPDATE, that it grants credit: Go's spdystream (every
 * kubectl) never does, and would wait for ever after 64 KiB.
 */
export class FlowWindows {
  private readonly windows = new Map<number, Window>();
  private isPeerTakingPart = false;
  private isClosed = false;
  private peerInitialBytes = initialWindowBytes;
  private waiting: (() => void)[] = [];
  private readonly giveBack: (streamId: number, deltaBytes: number) => void;

  constructor(giveBack: (streamId: number, deltaBytes: number) => void) {
    this.giveBack = giveBack;
    this.windows.set(sessionId, { sendBytes: initialWindowBytes, owedBytes: 0 });
  }

  open(streamId: number): void {
    this.windows.set(streamId, { sendBytes: this.peerInitialBytes, owedBytes: 0 });
  }

  forget(streamId: number): void {
    this.windows.delete(streamId);
    this.wake();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  /** The reader has taken so many bytes of this stream. */
  consumed(streamId: number, bytes: number): void {
    for (const id of [streamId, sessionId]) {
      const window = this.windows.get(id);
      if (!window) continue;
      window.owedBytes += bytes;
      if (window.owedBytes < updateStepBytes) continue;
      this.giveBack(id, window.owedBytes);
      window.owedBytes = 0;
    }
  }

  /** Waits for credit and takes up to `bytes` of it. For a stream that is gone all is granted: it fails later. */
  async take(streamId: number, bytes: number): Promise<number> {
    for (;;) {
      const stream = this.windows.get(streamId);
      const session = this.windows.get(sessionId);
      if (!stream || !session || this.isClosed) return bytes;
      const credit = this.isPeerTakingPart
        ? Math.min(bytes, stream.sendBytes, session.sendBytes)
        : bytes;
      if (credit > 0) {
        stream.sendBytes -= credit;
        session.sendBytes -= credit;
        return credit;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  receiveUpdate(streamId: number, deltaBytes: number): void {
    this.isPeerTakingPart = true;
    const window = this.windows.get(streamId);
    if (window) window.sendBytes += deltaBytes;
    this.wake();
  }

  receiveSettings(entries: readonly { id: number; value: number }[]): void {
    for (const { id, value } of entries) {
      if (id !== initialWindowSetting) continue;
      this.isPeerTakingPart = true;
      const change = value - this.peerInitialBytes;
      this.peerInitialBytes = value;
      for (const [streamId, window] of this.windows) {
        if (streamId !== sessionId) window.sendBytes += change;
      }
    }
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
