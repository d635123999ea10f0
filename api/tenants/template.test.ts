import { assert, dictionary, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { placeholderProblems, renderTemplate } from "#api/tenants/template";

const values = {
  tenant: "acme",
  namespace: "tenant-acme",
  host: "acme.example",
  parameters: { size: "2Gi", empty: "", tricky: "${tenant}" },
};

function render(text: string, given: Partial<typeof values> = {}): unknown {
  const template = [{ kind: "ConfigMap", metadata: { name: "c" }, data: { a: text } }];
  const rendered = renderTemplate(template, { ...values, ...given });
  if (rendered.type === "failed") return rendered.problems;
  return (rendered.objects[0] as unknown as { data: { a: string } }).data.a;
}

describe("a template's text", () => {
  test.each([
    ["${tenant}.${namespace}", "acme.tenant-acme"],
    ["https://${host}/", "https://acme.example/"],
    ["${parameters.size}", "2Gi"],
    ["${parameters.color:-blue}", "blue"],
    ["${parameters.size:-1Gi}", "2Gi"],
    ["${parameters.empty:-x}", ""],
    ["${parameters.color:-}", ""],
    ["$${tenant} costs $5 $(HOME) $HOME", "${tenant} costs $5 $(HOME) $HOME"],
    ["${parameters.tricky}", "${tenant}"],
  ])("%j becomes %j", (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  test.each([
    ["${parameters.color}", "the tenant's spec.parameters do not have it"],
    ["${name}", "${name} is not known: use ${tenant}"],
    ["${tenant", "${tenant has no closing brace"],
    ["${parameters.}", "is not known"],
    ["${parameters.toString}", "do not have it"],
  ])("%j cannot be rendered, and that is said with its place", (text, sentence) => {
    const [problem] = render(text) as string[];
    expect(problem).toContain("template[0].data.a: ");
    expect(problem).toContain(sentence);
  });

  test("a tenant without hosts has nothing for ${host}", () => {
    const rendered = renderTemplate([{ metadata: { name: "${host}" } }], {
      ...values,
      host: undefined,
    });
    expect(rendered).toEqual({
      type: "failed",
      problems: ["template[0].metadata.name: ${host} is wanted, and the tenant has no hosts"],
    });
  });
});

test("objects go into the tenant's namespace, whatever they say, and keys are text too", () => {
  const template = [
    { metadata: { name: "c", namespace: "kube-system", labels: { "${tenant}/x": "1" } }, n: 3 },
  ];
  const rendered = renderTemplate(template, values);
  expect(rendered).toEqual({
    type: "rendered",
    objects: [
      { metadata: { name: "c", namespace: "tenant-acme", labels: { "acme/x": "1" } }, n: 3 },
    ],
  });
});

test("no value of a parameter changes anything but the text it stands in", () => {
  assert(
    property(string(), dictionary(string(), string()), (value, others) => {
      const parameters = { ...others, size: value, empty: "", tricky: "" };
      expect(render("<${parameters.size}>", { parameters })).toBe(`<${value}>`);
    }),
  );
});

test("what a plan gets wrong is found before there is a tenant", () => {
  const template = [{ a: ["${tenant}", "${teant}"], b: { "${x": "$${y" } }];
  expect(placeholderProblems(template).map(([path]) => path)).toEqual(["[0].a[1]", "[0].b"]);
});
