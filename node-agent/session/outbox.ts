import type { PodRef } from "#node-agent/session/types";
import type { AgentMessage } from "#proto/agent";

/**
 * What this node has to say, newest first-hand facts only: one entry per subject, so it never grows beyond
 * the node, its pods and a bounded list of events, however long the connection is away.
 *
 * Invariants: `pending` is a subset of what is known, in the order it became pending; a subject is pending at
 * most once, with its newest message; after `resendAll` everything known is pending.
 */
export class Outbox {
  private readonly known = new Map<string, AgentMessage>();
  private readonly pending = new Map<string, AgentMessage>();
  private readonly uids = new Map<string, Set<string>>();
  private nextEvent = 0;
  private oldestEvent = 0;

  get isEmpty(): boolean {
    return this.pending.size === 0;
  }

  /** A fact that stays true until replaced: sent now and after every reconnect. */
  setNode(message: AgentMessage): void {
    this.remember("node", message);
  }

  setPod(pod: PodRef, message: AgentMessage): void {
    this.rememberFor(pod.uid, `pod/${pod.uid}`, message);
  }

  setGone(pod: PodRef, message: AgentMessage): void {
    this.rememberFor(pod.uid, `gone/${pod.uid}`, message);
  }

  /** At the limit the oldest event that was not sent yet is dropped. */
  addEvent(message: AgentMessage): void {
    if (this.nextEvent - this.oldestEvent >= maxPendingEvents) this.dropOldestEvent();
    this.pending.set(`event/${this.nextEvent++}`, message);
  }

  /** Said once: replaced when it waits, forgotten when the connection breaks. */
  setPassing(subject: PassingSubject, message: AgentMessage): void {
    this.pending.set(subject, message);
  }

  /** Forgets the pods that are no longer desired: whatever was reported of them is settled. */
  retainPods(isDesired: (uid: string) => boolean): void {
    for (const [uid, subjects] of this.uids) {
      if (isDesired(uid)) continue;
      this.uids.delete(uid);
      for (const subject of subjects) {
        this.known.delete(subject);
        this.pending.delete(subject);
      }
    }
  }

  /** For a new connection. */
  resendAll(): void {
    for (const subject of this.pending.keys()) {
      if (!subject.startsWith("event/")) this.pending.delete(subject);
    }
    for (const [subject, message] of this.known) this.pending.set(subject, message);
  }

  take(): AgentMessage | undefined {
    for (const [subject, message] of this.pending) {
      this.pending.delete(subject);
      if (this.pending.size === 0) this.oldestEvent = this.nextEvent;
      return message;
    }
    return undefined;
  }

  private remember(subject: string, message: AgentMessage): void {
    this.known.set(subject, message);
    this.pending.set(subject, message);
  }

  private rememberFor(uid: string, subject: string, message: AgentMessage): void {
    this.remember(subject, message);
    const subjects = this.uids.get(uid) ?? new Set();
    this.uids.set(uid, subjects.add(subject));
  }

  private dropOldestEvent(): void {
    while (this.oldestEvent < this.nextEvent) {
      if (this.pending.delete(`event/${this.oldestEvent++}`)) return;
    }
  }
}

type PassingSubject =
  | "heartbeat"
  | "stats"
  | "certificate"
  | `refused/${string}`
  | `volume/${string}`;

/** Events kept while disconnected. */
export const maxPendingEvents = 512;
