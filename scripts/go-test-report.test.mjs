import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "./go-test-report.mjs";

const event = (Action, Test, Output) => JSON.stringify({ Action, Package: "huiyin/db", Test, Output });

const cases = [
  {
    name: "a passing package shows its closing line only",
    lines: [
      event("output", "TestA", "=== RUN   TestA\n"),
      event("pass", "TestA"),
      event("output", undefined, "PASS\n"),
      event("output", undefined, "ok  \thuiyin/db\t0.1s\n"),
      event("pass"),
    ],
    want: { passed: 1, failed: 0, skipped: 0, printed: "ok  \thuiyin/db\t0.1s\n" },
  },
  {
    name: "a failing test shows its output",
    lines: [
      event("output", "TestA", "    a_test.go:3: got 1\n"),
      event("fail", "TestA"),
      event("skip", "TestB"),
      event("fail"),
    ],
    want: { passed: 0, failed: 1, skipped: 1, printed: "    a_test.go:3: got 1\n" },
  },
  {
    name: "a package that panics counts as one failure and shows everything",
    lines: [event("output", "TestA", "panic: oh\n"), event("output", undefined, "exit status 2\n"), event("fail")],
    want: { passed: 0, failed: 1, skipped: 0, printed: "panic: oh\nexit status 2\n" },
  },
  {
    name: "a package that does not build counts as one failure",
    lines: [JSON.stringify({ Action: "build-output", Output: "x.go:1: no\n" }), event("fail")],
    want: { passed: 0, failed: 1, skipped: 0, printed: "x.go:1: no\n" },
  },
  {
    name: "a line that is no event is printed",
    lines: ["go: cannot find main module"],
    want: { passed: 0, failed: 0, skipped: 0, printed: "go: cannot find main module\n" },
  },
];

for (const { name, lines, want } of cases) {
  test(name, () => {
    let printed = "";
    const tally = new Tally((text) => (printed += text));
    for (const line of lines) tally.line(line);
    const { passed, failed, skipped } = tally;
    assert.deepEqual({ passed, failed, skipped, printed }, want);
  });
}
