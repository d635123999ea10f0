import { expect, test } from "vitest";
import { apiServerOrigin } from "#cli/flag-values";

test.each([
  ["https://192.0.2.10:6443/", "https://192.0.2.10:6443"],
  ["192.0.2.10:6443", "https://192.0.2.10:6443"],
  ["kaji.example.com", "https://kaji.example.com"],
])("%s is a server at %s", (text, origin) => {
  expect(apiServerOrigin(text)).toBe(origin);
});

test.each(["", "http://192.0.2.10:6443", "https://", "https://a b"])(
  "%j is no server's URL",
  (text) => {
    expect(() => apiServerOrigin(text)).toThrow("is not the URL of an API server");
  },
);
