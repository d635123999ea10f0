import { expect, test } from "vitest";
import { commands } from "#cli/commands/index";
import { questionOf } from "#cli/completion/candidates";

const asked = (...words: string[]) => {
  const question = questionOf(commands, words);
  return question && [question.wanted, question.prefix, question.args.join(",")];
};

test.each([
  [
    ["get", "po"],
    ["kinds", "po", ""],
  ],
  [
    ["get", "pods", ""],
    ["objects", "", "pods"],
  ],
  [
    ["get", "pods", "a", "b"],
    ["objects", "b", "pods,a"],
  ],
  [
    ["get", "-n", "kube"],
    ["namespaces", "kube", ""],
  ],
  [
    ["get", "-n", "shop", "pods", "w"],
    ["objects", "w", "pods"],
  ],
  [
    ["get", "--namespace=shop", "pods", "w"],
    ["objects", "w", "pods"],
  ],
  [
    ["get", "-A", "pods", "w"],
    ["objects", "w", "pods"],
  ],
  [
    ["logs", "-f", "web"],
    ["log-sources", "web", ""],
  ],
  [
    ["rollout", "status", "deployment/"],
    ["workloads", "deployment/", ""],
  ],
  [
    ["tenant", "show", "a"],
    ["tenants", "a", ""],
  ],
  [
    ["tenant", "create", "--plan", "s"],
    ["plans", "s", ""],
  ],
  [
    ["events", "--for", "pod/"],
    ["objects", "pod/", ""],
  ],
  [
    ["get", "--context", ""],
    ["contexts", "", ""],
  ],
])("%j asks for %j", (words, wanted) => {
  expect(asked(...words)).toEqual(wanted);
});

test.each([[["nonsense", "x"]], [["version", ""]], [["get", "-o", "j"]], [["why", "a", "b", "c"]]])(
  "%j asks for nothing",
  (words) => {
    expect(asked(...words)).toBeUndefined();
  },
);

test("the flags say where to ask", () => {
  const words = ["get", "pods", "-n", "shop", "--kubeconfig=/k", "w"];
  const flags = questionOf(commands, words)?.flags;
  expect([flags?.get("namespace"), flags?.get("kubeconfig")]).toEqual(["shop", "/k"]);
});
