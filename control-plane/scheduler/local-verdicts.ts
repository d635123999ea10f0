import type { FewNodes } from "#control-plane/scheduler/few-nodes";
import type { Refusal } from "#control-plane/scheduler/framework";

/** What local plugins said of each node to pods of one signature; by node index. */
export interface Verdicts {
  /** The version of the node that was judged; 0: none yet. */
  versions: Float64Array;
  /** 0: the node can take the pod; else the number of the refusal. */
  codes: Uint16Array;
  /** The sum of weighted scores that need no normalizing. */
  plain: Float64Array;
  /** One column per normalized scorer. */
  raw: Float64Array[];
  /** By column of `raw`: whether any value was not 0. */
  readonly hasRaw: boolean[];
  /** Where few nodes can take these pods; undefined: not so at the last look. */
  few: FewNodes | undefined;
}

export interface NamedRefusal {
  readonly plugin: string;
  readonly refusal: Refusal;
}

/** About 40 bytes per node each. */
const MAX_VERDICTS = 64;
const MAX_SEEN = 1024;
const MAX_REFUSALS = 60_000;

/**
 * Remembers verdicts by signature, so that the tenth pod of a workload asks only the nodes that have changed
 * since the ninth. A signature is kept from its second pod on.
 *
 * Invariant: what is given for a node's present version is what asking the plugins now would give.
 */
export class LocalVerdicts {
  private readonly bySignature = new Map<string, Verdicts>();
  private readonly seen = new Set<string>();
  private refusals: NamedRefusal[] = [];
  private readonly scratch: Float64Array[] = [];
  private readonly codes = new Map<string, number>();
  /** Most refusals are constants of their plugins. */
  private codeOfObject = new WeakMap<Refusal, number>();

  /** Scratch space: a decision leaves no garbage as long as the nodes it looked at. */
  column(which: 0 | 1, length: number): Float64Array {
    let column = this.scratch[which];
    if (!column || column.length < length) {
      column = new Float64Array(length * 2);
      this.scratch[which] = column;
    }
    return column.subarray(0, length);
  }

  /** undefined: not worth keeping yet. */
  for(signature: string, size: number, rawColumns: number): Verdicts | undefined {
    const known = this.bySignature.get(signature);
    if (known) {
      this.bySignature.delete(signature);
      this.bySignature.set(signature, known);
      if (known.versions.length < size) grow(known, size);
      return known;
    }
    if (!this.seen.has(signature)) {
      if (this.seen.size >= MAX_SEEN) this.seen.clear();
      this.seen.add(signature);
      return undefined;
    }
    const verdicts = emptyVerdicts(size, rawColumns);
    if (this.bySignature.size >= MAX_VERDICTS) {
      const [oldest] = this.bySignature.keys();
      if (oldest !== undefined) this.bySignature.delete(oldest);
    }
    this.bySignature.set(signature, verdicts);
    return verdicts;
  }

  /** A number for a refusal, above 0; equal refusals share it. */
  codeOf(plugin: string, refusal: Refusal): number {
    const seen = this.codeOfObject.get(refusal);
    if (seen !== undefined) return seen;
    const code = this.codeOfText(plugin, refusal);
    this.codeOfObject.set(refusal, code);
    return code;
  }

  private codeOfText(plugin: string, refusal: Refusal): number {
    const key = `${plugin}|${refusal.isFinal ? "!" : ""}${refusal.reasons.join("|")}`;
    const known = this.codes.get(key);
    if (known !== undefined) return known;
    this.refusals.push({ plugin, refusal });
    const code = this.refusals.length;
    this.codes.set(key, code);
    return code;
  }

  /** The refusal of a code; the codes of a cycle hold until `trim`. */
  refusal(code: number): NamedRefusal | undefined {
    return this.refusals[code - 1];
  }

  /** Between cycles: starts over when there were too many different refusals. */
  trim(): void {
    if (this.refusals.length < MAX_REFUSALS / 2) return;
    this.refusals = [];
    this.codes.clear();
    this.codeOfObject = new WeakMap();
    this.bySignature.clear();
  }
}

function emptyVerdicts(size: number, columns: number): Verdicts {
  return {
    versions: new Float64Array(size),
    codes: new Uint16Array(size),
    plain: new Float64Array(size),
    raw: Array.from({ length: columns }, () => new Float64Array(size)),
    hasRaw: Array.from({ length: columns }, () => false),
    few: undefined,
  };
}

function grow(verdicts: Verdicts, size: number): void {
  const room = Math.ceil(size * 1.25);
  const larger = (column: Float64Array): Float64Array => {
    const grown = new Float64Array(room);
    grown.set(column);
    return grown;
  };
  verdicts.versions = larger(verdicts.versions);
  verdicts.plain = larger(verdicts.plain);
  verdicts.raw = verdicts.raw.map(larger);
  const codes = new Uint16Array(room);
  codes.set(verdicts.codes);
  verdicts.codes = codes;
}
