import { type Extract, extract, type Header, type Pack, pack } from "tar-stream";

/**
 * What a file may do whoever runs it (setcap), as archives carry it: the bytes of the attribute, here one character
 * for each. tar-stream takes the values of pax records for UTF-8, which would spoil these bytes; its readers and
 * writers made here keep them.
 */
export const CAPABILITY_XATTR = "SCHILY.xattr.security.capability";
/** For GNU tar: what to read and to write. */
export const capabilityFlag = "--xattrs-include=security.capability";

/** Of a header's pax records, what says the capabilities of its file. Undefined: none; an empty record costs a kilobyte. */
export function capabilityRecords({ pax }: Written): Record<string, string> | undefined {
  const value = pax?.[CAPABILITY_XATTR];
  return value === undefined ? undefined : { [CAPABILITY_XATTR]: value };
}

interface ReadState {
  readonly _header: Header;
  _pax: Record<string, string> | null;
  _decodeLongHeader(bytes: Uint8Array): void;
}

export function extractTar(): Extract {
  const input = extract();
  const state = input as unknown as ReadState;
  const decode = state._decodeLongHeader.bind(input);
  state._decodeLongHeader = (bytes) => {
    decode(bytes);
    const value = (state._header.type as string) === "pax-header" && valueIn(Buffer.from(bytes));
    if (value && state._pax) state._pax[CAPABILITY_XATTR] = value.toString("latin1");
  };
  return input;
}

/** Records are "LENGTH KEY=VALUE\n", the length counting all of it (POSIX pax, "Extended Header"). */
function valueIn(records: Buffer): Buffer | undefined {
  for (let at = 0; at < records.length; ) {
    const blank = records.indexOf(" ", at);
    const length = Number(records.toString("latin1", at, blank));
    if (blank < 0 || !(length > blank - at)) return undefined;
    const record = records.subarray(blank + 1, at + length - 1);
    const key = `${CAPABILITY_XATTR}=`;
    if (record.indexOf(key) === 0) return record.subarray(key.length);
    at += length;
  }
  return undefined;
}

interface Written {
  readonly pax?: Readonly<Record<string, string>> | null;
}

interface WriteState {
  _encodePax(header: Written): void;
  push(bytes: Uint8Array): boolean;
}

export function packTar(options: Parameters<typeof pack>[0] = {}): Pack {
  const out = pack(options);
  const state = out as unknown as WriteState;
  const encode = state._encodePax.bind(out);
  const push = state.push.bind(out);
  state._encodePax = (header) => {
    const value = Buffer.from(header.pax?.[CAPABILITY_XATTR] ?? "", "latin1");
    if (value.length === 0) return encode(header);
    // As long as the value, so that the record's length holds.
    const placeholder = "?".repeat(value.length);
    state.push = (bytes) => {
      const key = `${CAPABILITY_XATTR}=`;
      const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
        key + placeholder,
      );
      if (at >= 0) bytes.set(value, at + key.length);
      return push(bytes);
    };
    try {
      encode({ ...header, pax: { ...header.pax, [CAPABILITY_XATTR]: placeholder } });
    } finally {
      state.push = push;
    }
  };
  return out;
}
