import json from "./fields.json" with { type: "json" };

/** name in JSON, type (a scalar or the name of a definition), and how it is laid out. */
export type FieldShape = [name: string, type: string, shape: string];
/** By field number. */
export type MessageFields = Record<number, FieldShape>;
export type FieldTable = Record<string, MessageFields>;

export const fieldTable = json as unknown as Readonly<FieldTable>;
