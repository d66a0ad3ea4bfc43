// Reads {tables: {name: "(column: type, …)"}, queries: [text, …]}, writes what Microsoft's own parser objects to:
// one list of {message, start, end} for each query.
"use strict";

require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");

const { GlobalState, KustoCode, Symbols, DiagnosticSeverity } = globalThis.Kusto.Language;

function listed(items) {
  const list = [];
  const each = globalThis.Bridge.getEnumerator(items);
  while (each.moveNext()) list.push(each.Current);
  return list;
}

function workspace(tables) {
  const symbols = Object.entries(tables).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, columns, null));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("workspace", symbols));
}

function objections(query, globals) {
  return listed(KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics())
    .filter((one) => one.Severity !== DiagnosticSeverity.Suggestion)
    .map((one) => ({ message: one.Message, start: one.Start, end: one.Start + one.Length }));
}

const { tables, queries } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const globals = workspace(tables);
process.stdout.write(JSON.stringify(queries.map((query) => objections(query, globals))));
