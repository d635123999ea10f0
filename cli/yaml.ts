/**
 * The part of the yaml package that commands use, behind one import: a bundler gives a CommonJS package that is
 * imported dynamically no names, so what commands load when they need it is this file.
 */
export { type Document, LineCounter, parse, parseAllDocuments, stringify } from "yaml";
