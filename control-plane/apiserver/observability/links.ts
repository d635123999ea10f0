import { RecentMap } from "#kit/recent-map";

/** What leads from an object to the trace that its last write is of. */
export interface Link {
  /** "": not sampled. */
  readonly traceId: string;
  readonly spanId: string;
  /** When the user's write came that all this follows from: the newer of two is followed. */
  readonly bornMs: number;
}

/** Where the store has the object, and the revision that the write gave it: of interest where others write it too. */
export interface Place {
  readonly key: string;
  readonly revision: number;
}

export const LIFE_MS = 600_000;
export const MAX_LINKS = 16_384;

interface Kept {
  readonly link: Link;
  /** The newest that was written here; 0: nobody else writes. */
  revision: number;
  /** The first change since that this server did not make, or has not heard of yet; 0: none. */
  foreign: number;
}

/**
 * The newest links, by their objects' uids. A link is followed for LIFE_MS, and not after another server has written
 * the object: what follows from that write is that server's trace.
 */
export class Links {
  private readonly byUid = new RecentMap<string, Kept>(MAX_LINKS);
  private readonly byKey = new RecentMap<string, Kept>(MAX_LINKS);

  alive(uid: string, nowMs: number): Link | undefined {
    const kept = this.byUid.get(uid);
    if (!kept || kept.foreign !== 0) return undefined;
    return nowMs - kept.link.bornMs < LIFE_MS ? kept.link : undefined;
  }

  set(uid: string, link: Link, place: Place | undefined): void {
    const kept = { link, revision: place?.revision ?? 0, foreign: 0 };
    this.byUid.set(uid, kept);
    if (place) this.byKey.set(place.key, kept);
  }

  /** This server has written the object: of that the store's watch may have told before. */
  wroteHere(uid: string, { revision }: Place): void {
    const kept = this.byUid.get(uid);
    if (!kept) return;
    if (kept.foreign === revision) kept.foreign = 0;
    kept.revision = Math.max(kept.revision, revision);
  }

  /** The store's watch tells of a change. */
  changed({ key, revision }: Place): void {
    const kept = this.byKey.get(key);
    if (kept && kept.foreign === 0 && revision > kept.revision) kept.foreign = revision;
  }
}
