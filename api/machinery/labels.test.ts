import { describe, expect, test } from "vitest";
import { matchesFields, parseFieldSelector } from "#api/machinery/field-selector";
import {
  everything,
  formatLabelSelector,
  formatSelector,
  nothing,
  parseLabelSelector,
  selectorFromLabelSelector,
} from "#api/machinery/labels";

const web = { app: "web", tier: "front", "example.com/size": "10" };

describe("a label selector", () => {
  test.each([
    ["", true],
    ["app=web", true],
    ["app == web", true],
    ["app!=web", false],
    ["missing!=web", true],
    ["app in (web, api),tier notin (back)", true],
    ["app notin (web)", false],
    ["missing notin (a)", true],
    ["app", true],
    ["!app", false],
    ["!missing", true],
    ["example.com/size>9", true],
    ["example.com/size<9", false],
    ["app>9", false],
    ["app=", false],
    ["in=web", false],
  ])("%j says %s of the web labels", (text, expected) => {
    expect(parseLabelSelector(text).matches(web)).toBe(expected);
  });

  test.each([
    ["app in web", "unable to parse requirement: found 'web' expected: '('"],
    ["app=a b", "found 'b', expected: ',' or 'end of string'"],
    ["app=a,", "found '', expected: identifier after ','"],
    ["=a", "found '=', expected: !, identifier, or 'end of string'"],
    ["app ! web", "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
    [
      "app in ()",
      "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    ],
    [
      "-a=b",
      "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ])("%j is refused with Kubernetes' text", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400, message }));
  });

  test("is written in its canonical form, sorted by key", () => {
    const selector = parseLabelSelector("b notin (z,y), a in (x),!c,d==1,e");
    expect(formatSelector(selector)).toBe("a in (x),b notin (y,z),!c,d==1,e");
  });

  test("of an object matches everything when empty and nothing when absent", () => {
    expect(selectorFromLabelSelector({}).matches(web)).toBe(true);
    expect(selectorFromLabelSelector(undefined)).toBe(nothing);
    expect(everything.matches(undefined)).toBe(true);
    expect(formatLabelSelector({})).toBe("<none>");
  });

  test("of an object joins labels and expressions", () => {
    const selector = {
      matchLabels: { app: "web" },
      matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }],
    };
    expect(selectorFromLabelSelector(selector).matches(web)).toBe(true);
    expect(formatLabelSelector(selector)).toBe("app=web,tier in (back,front)");
  });
});

describe("a field selector", () => {
  test("compares fields and takes escaped commas", () => {
    const requirements = parseFieldSelector("metadata.name=a\\,b,status.phase!=Running");
    const fields = { "metadata.name": "a,b", "status.phase": "Pending" };
    expect(matchesFields(requirements, fields)).toBe(true);
    expect(matchesFields(requirements, { ...fields, "status.phase": "Running" })).toBe(false);
  });

  test("without an operator is refused", () => {
    expect(() => parseFieldSelector("metadata.name")).toThrow(
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    );
  });

  test("on a field that the kind does not know is refused", () => {
    const unknown = parseFieldSelector("spec.colour=red");
    expect(() => matchesFields(unknown, {})).toThrow("field label not supported: spec.colour");
  });
});
