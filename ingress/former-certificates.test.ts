import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFormerCertificates } from "#ingress/former-certificates";
import { changesBetween, encodeChanges, noEntries } from "#ingress/plan/entries";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kaji-former-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const content = encodeChanges(
  changesBetween(noEntries, {
    routes: new Map([["shop.example", "plain\nprefix\t/\tdefault/web:80"]]),
    backends: new Map([["default/web:80", "\n10.0.0.1:80\t\t\t"]]),
    certificates: new Map([
      ["shop.example", "CHAIN\nÜ\tKEY"],
      ["*", "DEFAULT\tKEY2"],
    ]),
  }),
);

test("the certificates of a state file are what was published", () => {
  writeFileSync(join(folder, "state"), content);
  expect([...readFormerCertificates(join(folder, "state"))]).toEqual([
    ["shop.example", { certificatePem: "CHAIN\nÜ", keyPem: "KEY" }],
    ["", { certificatePem: "DEFAULT", keyPem: "KEY2" }],
  ]);
});

test("without a file there are none, and a file cut off anywhere is no error", () => {
  expect(readFormerCertificates(join(folder, "none")).size).toBe(0);
  for (let length = 0; length < content.length; length += 7) {
    writeFileSync(join(folder, "cut"), content.subarray(0, length));
    expect(readFormerCertificates(join(folder, "cut")).size).toBeLessThanOrEqual(2);
  }
});
