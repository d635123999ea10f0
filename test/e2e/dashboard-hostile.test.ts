import { describe, expect, test } from "vitest";
import { DASHBOARD_NEEDS, dashboardRig } from "#test/support/dashboard";
import { eventually, requireHost } from "#test/support/host";
import { shellPod } from "#test/support/parity";

/** Whatever pods and users write is text on every page: it becomes no script, no markup and no link. */
const dashboard = dashboardRig({ podCidr: "10.213.0.0/16", serviceCidr: "10.114.0.0/16" });
const { rig, adminPage } = dashboard;
const { kubectl, apply } = rig;

const SCRIPT = `<img src=x onerror="window.owned=1"><script>window.owned=1</script><a href="javascript:window.owned=1">x</a>`;
/** For the shell: without quotes of its own. */
const ECHOED = SCRIPT.replaceAll('"', "");
const LINK = "javascript:window.owned=1";

const objects: readonly object[] = [
  {
    ...shellPod("evil", `echo '${ECHOED}'; printf '\\033]0;owned\\007'; sleep 3600`),
    metadata: {
      name: "evil",
      labels: { app: "evil" },
      annotations: { note: SCRIPT, "kaji.dev/link": LINK },
    },
  },
  {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "evil", namespace: "default" },
    involvedObject: { kind: "Pod", name: SCRIPT, namespace: "default" },
    type: "Warning",
    reason: SCRIPT.slice(0, 60),
    message: SCRIPT,
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "evil", annotations: { note: SCRIPT } },
    data: { page: SCRIPT, link: LINK },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "evil" },
    spec: { selector: { app: "evil" }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name: "evil" },
    spec: {
      plan: "none",
      hosts: ["evil.example"],
      owners: [{ kind: "User", name: SCRIPT }],
      parameters: { link: LINK, text: SCRIPT },
    },
  },
];

/** Nothing has run, nothing was made of it, and no link leads out. */
async function isHarmless(): Promise<void> {
  const { page } = await adminPage();
  expect(await page.evaluate("window.owned")).toBeUndefined();
  expect(await page.$$("main img, main script, main iframe, main object")).toEqual([]);
  const links = await page.$$eval("a", (all) => all.map((one) => one.getAttribute("href") ?? ""));
  expect(links.filter((href) => !href.startsWith("#/"))).toEqual([]);
}

describe("hostile text", () => {
  test.for<readonly [place: string, address: string, words: string | undefined]>([
    ["a log", "pods/default/evil?tab=Logs", "<img src=x onerror="],
    ["an annotation in YAML", "pods/default/evil?tab=YAML", undefined],
    ["the overview's warnings", "", "<script>"],
    ["the events", "events", "<script>"],
    ["the list of a kind", "kind/core/v1/events/namespaced/Event", "<img"],
    [
      "a config map",
      "kind/core/v1/configmaps/namespaced/ConfigMap/default/evil?tab=YAML",
      undefined,
    ],
    ["a tenant", "tenants/evil", LINK],
    ["the tenants", "tenants", "<img src=x onerror="],
    ["an app", "apps", "evil"],
    ["an address that names it", `pods/default/${encodeURIComponent(SCRIPT)}`, "There is no pod"],
    ["an address that is none", `kind/${encodeURIComponent(SCRIPT)}/v1/x/namespaced/X`, undefined],
    ["a page that is none", encodeURIComponent(SCRIPT), "There is no page"],
  ])("stays text in %s", async ([, address, words], context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await prepared();
    await page.go(`#/${address}`);
    if (words) await page.sees(words);
    else await page.page.waitForSelector("textarea.editor, .notice");
    await isHarmless();
  });

  test("stays text in a diff, and in a refusal of the server", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await prepared();
    await page.go("#/kind/core/v1/configmaps/namespaced/ConfigMap/default/evil?tab=YAML");
    await page.edit("textarea.editor", "window.owned=1", "window.owned=2");
    await page.click("Show what would change");
    await page.sees("window.owned=2");
    await isHarmless();
    await page.edit("textarea.editor", "kind: ConfigMap", `kind: "<img src=x>"`);
    await page.click("Show what would change");
    await page.page.waitForSelector(".notice.error");
    await isHarmless();
  });

  test("in a terminal changes nothing outside it", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await prepared();
    await page.go("#/pods/default/evil?tab=Terminal");
    await page.page.waitForSelector(".xterm-rows");
    await page.page.keyboard.type(`echo '${ECHOED}'; printf '\\033]0;owned\\007'; echo do''ne\n`);
    await eventually("the shell has written it", async () => (await page.text()).includes("done"));
    expect(await page.page.title()).toBe("Pods · Kaji");
    await isHarmless();
  });

  test("broke no rule of the content security policy, for none was tried", (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    expect(dashboard.complaints()).toEqual([]);
  });
});

let isPrepared = false;

async function prepared() {
  if (!isPrepared) {
    await apply(...objects);
    await kubectl("wait", "--for=condition=Ready", "pod/evil", "--timeout=60s");
    isPrepared = true;
  }
  return adminPage();
}
