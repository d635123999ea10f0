import { setImmediate as othersFirst } from "node:timers/promises";
import type { KubeObject } from "#api/machinery/meta";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import { firstIndex } from "#kit/first-index";

/**
 * Finds objects of one kind by any part of their texts, among hundreds of thousands: the texts of some hundred objects
 * stand in one long string, which is searched as a whole. Follows its watch cache.
 * Invariants:
 * - `blocks` holds exactly the objects of the cache, in key order; no block is empty.
 * - A block's text is made when it is searched, and forgotten when an object of it changes.
 */
export class TextIndex {
  private readonly cache: WatchCache;
  private readonly textOf: (object: KubeObject) => string;
  private readonly blockSize: number;
  private blocks: Block[] = [];
  /** While the blocks are being made: those up to this key are there. */
  private madeTo: string | undefined;
  private making: Promise<void> = Promise.resolve();

  /** `textOf`: of one object. It is found whatever the case of its letters. */
  constructor(cache: WatchCache, textOf: (object: KubeObject) => string, blockSize = BLOCK_SIZE) {
    this.cache = cache;
    this.textOf = textOf;
    this.blockSize = blockSize;
    this.follow();
  }

  /** Those that have every one of the words, in key order. Other requests get their turns in between. */
  async find(wanted: Search): Promise<Found> {
    await this.made();
    const words = wanted.words.map((word) => word.toLowerCase());
    const found: StoredObject[] = [];
    let cursor = wanted.afterKey;
    for (let at = this.blockAfter(cursor), turn = 1; ; turn++) {
      const block = this.blocks[at];
      if (!block) return { objects: found, isMore: false };
      for (const stored of this.matchesIn(block, words)) {
        if (stored.key <= cursor || !wanted.accepts(stored.object)) continue;
        if (found.length === wanted.limit) return { objects: found, isMore: true };
        found.push(stored);
      }
      cursor = block.entries.at(-1)?.key ?? cursor;
      at++;
      if (turn % BLOCKS_PER_TURN > 0) continue;
      await othersFirst();
      // Objects may have come and gone meanwhile, or the cache has started over.
      await this.made();
      at = this.blockAfter(cursor);
    }
  }

  private async made(): Promise<void> {
    while (this.madeTo !== undefined) await this.making;
  }

  private *matchesIn(block: Block, words: readonly string[]): Generator<StoredObject> {
    const text = (block.text ??= this.textOfBlock(block));
    const [first = "", ...others] = words;
    for (let at = text.indexOf(first); at >= 0; ) {
      const entry = firstIndex(block.starts, (start) => start > at) - 1;
      const end = block.starts[entry + 1] ?? text.length;
      const own = text.slice(block.starts[entry], end);
      const stored = block.entries[entry];
      if (stored && others.every((word) => own.includes(word))) yield stored;
      at = end < text.length ? text.indexOf(first, end) : -1;
    }
  }

  private textOfBlock(block: Block): string {
    block.starts = [];
    let length = 0;
    const texts = block.entries.map(({ object }) => {
      const text = `${this.textOf(object).toLowerCase().replaceAll("\n", " ")}\n`;
      block.starts.push(length);
      length += text.length;
      return text;
    });
    return texts.join("");
  }

  /** A cache that starts over ends its subscriptions; the index starts over with it. */
  private follow(): void {
    this.cache.subscribe({
      push: ({ type, current }) => this.put(current, type === "DELETED"),
      cutOff: () => this.follow(),
    });
    this.making = this.make();
  }

  /** In pieces, between which others get their turns. What is written beyond `madeTo` meanwhile is read in its turn. */
  private async make(): Promise<void> {
    const blocks: Block[] = [];
    this.blocks = blocks;
    this.madeTo = "";
    for (let turn = 1; ; turn++) {
      const entries: StoredObject[] = take(
        this.cache.range(undefined, this.madeTo || undefined),
        this.blockSize,
      );
      if (entries.length === 0) break;
      blocks.push(blockOf(entries));
      this.madeTo = entries.at(-1)?.key ?? "";
      if (turn % BLOCKS_PER_TURN === 0) await othersFirst();
      // The cache has started over meanwhile: another making is under way.
      if (this.blocks !== blocks) return;
    }
    this.madeTo = undefined;
  }

  private put(stored: StoredObject, isGone: boolean): void {
    if (this.madeTo !== undefined && stored.key > this.madeTo) return;
    const at = Math.max(0, firstIndex(this.blocks, (one) => firstKeyOf(one) > stored.key) - 1);
    const block = this.blocks[at];
    if (!block) {
      if (!isGone) this.blocks.push(blockOf([stored]));
      return;
    }
    const { entries } = block;
    const place = firstIndex(entries, ({ key }) => key >= stored.key);
    const isKnown = entries[place]?.key === stored.key;
    if (isGone && !isKnown) return;
    block.text = undefined;
    entries.splice(place, isKnown ? 1 : 0, ...(isGone ? [] : [stored]));
    if (entries.length === 0) this.blocks.splice(at, 1);
    if (entries.length > 2 * this.blockSize)
      this.blocks.splice(at + 1, 0, blockOf(entries.splice(this.blockSize)));
  }

  /** The first block that may have something after the key. */
  private blockAfter(key: string): number {
    return firstIndex(this.blocks, ({ entries }) => (entries.at(-1)?.key ?? "") > key);
  }
}

export interface Search {
  /** At least one. */
  readonly words: readonly string[];
  /** "" for the beginning. */
  readonly afterKey: string;
  readonly limit: number;
  accepts(object: KubeObject): boolean;
}

export interface Found {
  readonly objects: readonly StoredObject[];
  readonly isMore: boolean;
}

interface Block {
  readonly entries: StoredObject[];
  text: string | undefined;
  /** Where each entry begins in `text`. */
  starts: number[];
}

const BLOCK_SIZE = 512;
const BLOCKS_PER_TURN = 8;

function blockOf(entries: StoredObject[]): Block {
  return { entries, text: undefined, starts: [] };
}

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

function firstKeyOf({ entries }: Block): string {
  return entries[0]?.key ?? "";
}
