// What AsyncAPI's own parser finds in the document on standard input, as JSON: errors and warnings, none if it is valid.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1; // the parser's severities: 0 is an error, 2 and 3 are advice
const { diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const found = diagnostics.filter(({ severity }) => severity <= WARNING);
console.log(JSON.stringify(found.map(({ code, path, message }) => ({ code, path: path.join("/"), message }))));
