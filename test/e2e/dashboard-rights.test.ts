import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { BrowserPage } from "#test/support/browser";
import { certificateProxy } from "#test/support/certificate-proxy";
import type { Pem } from "#test/support/certificates";
import { DASHBOARD_NEEDS, dashboardRig } from "#test/support/dashboard";
import { eventually, requireHost } from "#test/support/host";
import { shellPod } from "#test/support/parity";

/** Who may see and do what in the dashboard: what the API server says, in words, and never more. */
const { rig, serverUrl, tokenOf, newPage } = dashboardRig({
  podCidr: "10.212.0.0/16",
  serviceCidr: "10.113.0.0/16",
});
const { kubectl, apply } = rig;

let sailor: BrowserPage | undefined;

/** The page of a viewer of the namespace "island" alone. */
async function sailorPage(): Promise<BrowserPage> {
  if (!sailor) {
    await kubectl("create", "namespace", "island");
    await kubectl("create", "configmap", "treasure", "--namespace", "island");
    await apply(
      { ...shellPod("parrot", "while :; do echo a word; sleep 1; done") },
      {
        ...shellPod("monkey", "while :; do echo a sound; sleep 1; done"),
        metadata: { name: "monkey", namespace: "island" },
      },
    );
    sailor = await newPage();
    await sailor.logIn(serverUrl(), await tokenOf("sailor", "view", "island"));
  }
  return sailor;
}

describe("a viewer of one namespace", () => {
  test("sees what is in it", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await sailorPage();
    await page.go("#/kind/core/v1/configmaps/namespaced/ConfigMap");
    await page.sees("treasure");
    await page.go("#/pods");
    await page.sees("monkey");
    await page.go("#/pods/island/monkey?tab=Logs");
    await page.sees("a sound");
    await page.go("#/pods/island/monkey");
    await page.sees("pod island/monkey runs and is ready");
    expect(await page.text()).not.toContain("is not there any more");
  });

  test("sees nothing of another one, on any page", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await sailorPage();
    const pages = ["", "apps", "pods", "deployments", "events", "nodes", "ingresses", "tenants"];
    for (const one of [...pages, "kinds", "apply"]) {
      await page.go(`#/${one}`);
      await page.page.waitForSelector("h1");
      expect(await page.text(), one).not.toContain("parrot");
    }
    await page.go("#/pods/default/parrot");
    await page.sees("cannot list resource");
    await page.go("#/pods/default/parrot?tab=Logs");
    await page.sees("cannot list resource");
    expect(await page.text()).not.toContain("a word");
  });

  test("is told what may not be seen, in a sentence", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await sailorPage();
    const refused = 'User "system:serviceaccount:island:sailor" cannot list resource';
    await page.go("#/nodes");
    await page.sees(`${refused} "nodes"`);
    await page.go("#/tenants");
    await page.sees(`${refused} "tenants"`);
    await page.go("#/");
    await eventually("the overview says what is left out", async () =>
      /You may not see: .*\bnodes\./.test(await page.text()),
    );
  });

  test("is offered nothing that the server would refuse, and told why", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await sailorPage();
    await page.go("#/pods/island/monkey");
    await page.page.waitForSelector("button.danger[title]");
    const [isDisabled, why] = await page.page.$eval("button.danger", (button) => [
      (button as unknown as { disabled: boolean }).disabled,
      button.getAttribute("title"),
    ]);
    expect([isDisabled, why]).toEqual([true, "you may not delete pods in island"]);
    await page.go("#/pods/island/monkey?tab=YAML");
    await page.sees("You may read it; you may not change it.");
    await page.go("#/pods/island/monkey?tab=Terminal");
    await eventually("the shell is refused", async () =>
      /could not be opened|cannot create resource/.test(await page.text()),
    );
  });
});

describe("a right that is given later", () => {
  test("shows on the page that waits for it, which has said that it does", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    await sailorPage();
    await kubectl("create", "secret", "generic", "gold", "--namespace", "island");
    const page = await newPage();
    await page.logIn(serverUrl(), await tokenOf("cook", "view", "island"));
    await page.go("#/kind/core/v1/secrets/namespaced/Secret");
    await page.sees('cannot list resource "secrets"');
    await page.sees("asked again once a minute");
    const [role, subject] = ["--clusterrole=admin", "--serviceaccount=island:cook"];
    await kubectl("create", "rolebinding", "promoted", role, subject, "--namespace", "island");
    await page.sees("gold", 60_000);
    expect(await page.text()).not.toContain("cannot list resource");
  }, 180_000);
});

describe("a session", () => {
  test("does not begin with a token that the server does not know", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await newPage();
    await page.open(`${serverUrl()}/dashboard/`, "textarea[name=token]");
    await page.page.type("textarea[name=token]", "nobody");
    await page.click("Log in");
    await page.sees("the server does not know this token");
    await page.click("Use this browser’s certificate");
    await page.sees("the server knows nobody by this browser's certificate");
  });

  test("by a client certificate needs no token, and logging out stays out", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const proxy = await certificateProxy(new URL(serverUrl()), adminCertificate());
    try {
      const page = await newPage();
      await page.open(`${proxy.url}/dashboard/`, "nav");
      await page.sees("kaji-admin");
      await page.go("#/pods");
      await page.sees("parrot");
      await page.click("Log out");
      await page.page.waitForSelector("textarea[name=token]");
      await page.click("Use this browser’s certificate");
      await page.sees("parrot");
    } finally {
      await proxy.close();
    }
  });

  test("that is ended by the server ends on the page, and says so", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await newPage();
    await page.logIn(serverUrl(), await tokenOf("guest", "view", "default"));
    await page.go("#/pods");
    await page.sees("parrot");
    await kubectl("delete", "serviceaccount", "guest");
    await page.go("#/deployments");
    await page.sees("it may have been revoked");
    expect(await page.text()).not.toContain("parrot");
  });
});

function adminCertificate(): Pem {
  const config = parse(readFileSync(rig.cluster.kubeconfig, "utf8")) as {
    users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
  };
  const decode = (text = ""): string => Buffer.from(text, "base64").toString();
  const user = config.users[0]?.user;
  return {
    cert: decode(user?.["client-certificate-data"]),
    key: decode(user?.["client-key-data"]),
  };
}
