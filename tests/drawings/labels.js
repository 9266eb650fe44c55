// Reads a drawing as those would who show it, and prints what is to be read in it:
// the labels of nodes, then those of lines, as JSON.
//
//   node labels.js mermaid|dot < DRAWING
//
// A drawing that is not accepted ends it with 1 and the reason.

import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<body></body>");
const drawing = readFileSync(0, "utf8");

// A label becomes HTML in a page, and a page shows its text.
function shown(html) {
  const element = window.document.createElement("p");
  element.innerHTML = html.replaceAll("<br>", "\n");
  return { text: element.textContent, elements: element.children.length };
}

async function mermaid() {
  globalThis.window = window;
  globalThis.document = window.document;
  const { default: mermaid } = await import("mermaid");
  await mermaid.parse(drawing);
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(drawing);
  // Between reading and showing, entities have a spelling of Mermaid's own.
  const entities = (text) => text.replaceAll("ﬂ°°", "&#").replaceAll("ﬂ°", "&").replaceAll("¶ß", ";");
  const label = (of) => shown(entities(of.text));
  return [[...diagram.db.getVertices().values()].map(label), diagram.db.getEdges().map(label)];
}

async function dot() {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const svg = new JSDOM(graphviz.dot(drawing, "svg"), { contentType: "text/xml" });
  const labels = (kind) =>
    [...svg.window.document.querySelectorAll(`g.${kind}`)].map((group) => {
      const lines = [...group.querySelectorAll("text")].map((line) => line.textContent);
      return { text: lines.join("\n"), elements: 0 };
    });
  return [labels("node"), labels("edge")];
}

try {
  const [nodes, edges] = await { mermaid, dot }[process.argv[2]]();
  console.log(JSON.stringify({ nodes, edges }));
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
