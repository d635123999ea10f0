import { expect, test } from "vitest";
import { regex } from "#ingress/annotations/regex";

test.each(["/a(/|$)(.*)", "/v[12]/\\d+", "(?i)/Shop", "/[^/]+/x{2,3}"])("%s is served", (text) => {
  expect(regex(text)).toEqual({ value: text.replace("(?i)", "") });
});

test.each(["/[[:alpha:]]+", "/[:alpha:]", "/\\u0041", "/\\Uab", "/(a*)*", "/(a)\\1", "/a{999}"])(
  "%s is refused here, not by nginx at each request",
  (text) => {
    expect(regex(text)).toHaveProperty("problem");
  },
);
