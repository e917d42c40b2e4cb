// What AsyncAPI's own parser finds in each of the documents on standard input (a JSON object, by their names), as JSON:
// errors and warnings, none where one is valid. All in one go: to load the parser takes longer than to ask it.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1; // the parser's severities: 0 is an error, 2 and 3 are advice
const found = {};
for (const [name, document] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
    const { diagnostics } = await new Parser().parse(document);
    const bad = diagnostics.filter(({ severity }) => severity <= WARNING);
    found[name] = bad.map(({ code, path, message }) => ({ code, path: path.join("/"), message }));
}
console.log(JSON.stringify(found));
