import { expect, test } from "vitest";
import { unusedImages } from "#node-agent/eviction/reclaim-disk";
import type { Container, Image } from "#runtime/runtime";

function image(id: string, repoDigests: string[]): Image {
  const config = { env: [], entrypoint: [], cmd: [], exposedPorts: [], labels: {} };
  const platform = { os: "linux", architecture: "amd64" };
  return { id, references: [id], repoDigests, sizeBytes: 1, ...platform, config };
}

test("an image goes only when no container uses it and it can be pulled again", () => {
  const images = [
    image("used", ["r/used@sha256:1"]),
    image("pulled", ["r/pulled@sha256:2"]),
    image("built-here", []),
  ];
  const containers = [{ imageId: "used" }] as Container[];
  expect(unusedImages(images, containers).map(({ id }) => id)).toEqual(["pulled"]);
});
