import protobuf from "protobufjs/minimal.js";

/**
 * 64-bit fields are numbers: with the package `long` installed, which another dependency may bring, protobufjs
 * would decode them as objects. Caller must: import this before the generated code, which asks once, when loaded.
 */
Object.assign(protobuf.util, { Long: undefined });
protobuf.configure();
