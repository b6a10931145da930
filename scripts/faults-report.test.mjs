import assert from "node:assert/strict";
import { test } from "node:test";
import { report, rows } from "./faults-report.mjs";

const lines = (...all) => all.map((one) => JSON.stringify(one)).join("\n") + "\n";

const cases = [
  { name: "nothing", text: "", want: [] },
  {
    name: "a test and its two servers are one row",
    text: lines(
      { test: "TestFaultsA", recovery_s: 0.4, memory_start_mib: 40, memory_end_mib: 50 },
      { test: "TestFaultsA", recovery_s: 0.2, memory_start_mib: 41, memory_end_mib: 51 },
      { test: "TestFaultsA", rounds: 3, seed: "18446744073709551615", accepted: 200 },
    ),
    want: [{ test: "TestFaultsA", recovery_s: 0.4, memory_start_mib: 81, memory_end_mib: 101, rounds: 3, seed: "18446744073709551615", accepted: 200 }],
  },
  {
    name: "a server of a test without faults is no row, and rows are sorted",
    text: lines({ test: "TestOther", recovery_s: 1 }, { test: "TestFaultsB", rounds: 1 }, { test: "TestCrash", rounds: 2, failed: true }),
    want: [
      { test: "TestCrash", rounds: 2, failed: true },
      { test: "TestFaultsB", rounds: 1 },
    ],
  },
];

for (const { name, text, want } of cases) {
  test(name, () => assert.deepEqual(rows(text), want));
}

test("the report is a table", () => {
  const text = report(lines({ test: "TestCrashOnSQLite", rounds: 3, lost: 1, failed: true, note: "a|b", drain_s: 1.25 }));
  const row = text.split("\n")[2];
  assert.equal(row, "| Crash On SQLite | 3 |  | 0 | 1 | 0 | 0 | 0 | 0 |  | 1.3 s |  | **FAILED** | a\\|b |");
});
