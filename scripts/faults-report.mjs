// faults-report FILE: reads the lines that the tests of faults left (cmd/huiyin/faultrow_test.go) and prints a Markdown table, one
// row for each test. A test may have left several lines, of itself and of each of its servers.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const together = {
  recovery_s: Math.max,
  drain_s: Math.max,
  memory_start_mib: (a, b) => a + b,
  memory_end_mib: (a, b) => a + b,
};

const columns = [
  ["rounds", "rounds"],
  ["seed", "seed"],
  ["accepted", "accepted"],
  ["lost", "lost"],
  ["doubled", "doubled"],
  ["out of order", "disordered"],
  ["stuck", "stuck"],
  ["uncertain", "uncertain"],
];

/** The rows of the tests, in the order of their names. */
export function rows(text) {
  const all = new Map();
  for (const line of text.split("\n").filter(Boolean)) {
    const part = JSON.parse(line);
    const row = all.get(part.test) ?? {};
    for (const [key, value] of Object.entries(part)) {
      row[key] = key in together && key in row ? together[key](row[key], value) : value;
    }
    all.set(part.test, row);
  }
  return [...all.values()].filter((row) => row.rounds).sort((a, b) => a.test.localeCompare(b.test));
}

const words = (row) =>
  row.fault ?? row.test.replace(/^Test/, "").replace(/_/g, " ").replace(/([a-z0-9])(?=[A-Z])/g, "$1 ");

const seconds = (n) => (n ? `${n.toFixed(1)} s` : "");

/** One row of the table. */
export function cells(row) {
  const memory = row.memory_start_mib ? `${Math.round(row.memory_start_mib)} → ${Math.round(row.memory_end_mib ?? 0)}` : "";
  return [
    words(row),
    ...columns.map(([, key]) => String(row[key] ?? (key === "seed" ? "" : 0))),
    seconds(row.recovery_s),
    seconds(row.drain_s),
    memory,
    row.failed ? "**FAILED**" : "",
    row.note ?? "",
  ];
}

/** The whole report. */
export function report(text) {
  const head = ["fault", ...columns.map(([title]) => title), "serves again after", "stopped within", "memory, MiB", "", "remarks"];
  const line = (list) => `| ${list.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows(text).map((row) => line(cells(row)))].join("\n") + "\n";
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(report(readFileSync(process.argv[2], "utf8")));
}
