import { expect, test } from "vitest";
import { addressesToShow, isSpokesman, statusAddress } from "#ingress/nodes/addresses";

const a = { name: "a", address: "10.0.0.1" };
const b = { name: "b", address: "10.0.0.2" };
const c = { name: "c", address: "10.0.0.3" };

test("an Ingress lists the address of every node, whoever writes", () => {
  expect(addressesToShow([], a, [a, b])).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(addressesToShow(["10.0.0.1"], b, [a, b])).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(addressesToShow(["10.0.0.1", "10.0.0.2"], b, [a, b])).toBeUndefined();
  expect(addressesToShow(["10.0.0.1", "10.0.0.2"], a, [a, b])).toBeUndefined();
});

test("only the spokesman takes a node away that is gone, so two that disagree write no duel", () => {
  const shown = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  expect(addressesToShow(shown, b, [a, b])).toBeUndefined();
  expect(addressesToShow(shown, a, [a, b])).toEqual(["10.0.0.1", "10.0.0.2"]);
  // `a` is gone: the next one speaks.
  expect(addressesToShow(shown, b, [b, c])).toEqual(["10.0.0.2", "10.0.0.3"]);
});

test("the spokesman is one of those that live, and a node alone is it", () => {
  expect([a, b, c].filter(({ name }) => isSpokesman(name, [a, b, c]))).toEqual([a]);
  expect(isSpokesman("b", [])).toBe(true);
});

test("a node whose address changed leaves no trace of the old one", () => {
  expect(addressesToShow(["10.0.0.9"], a, [a])).toEqual(["10.0.0.1"]);
});

test("an address is shown as ip or as hostname", () => {
  expect([statusAddress("10.0.0.1"), statusAddress("lb.example")]).toEqual([
    { ip: "10.0.0.1" },
    { hostname: "lb.example" },
  ]);
});
