// Reads `go test -json` from stdin and prints what a reader needs: each package's closing line as it comes, and the
// whole output of what failed. With a folder as argument it also leaves there `packages` (the closing lines) and
// `counts` (passed, failed, skipped tests, subtests included).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const closing = /^(ok|FAIL|---|\?) *\t/;

/** A tally of one `go test -json` stream; `print` receives text as soon as it is known to matter. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  packages = [];
  #print;
  #output = new Map();
  #failedIn = new Map();

  constructor(print) {
    this.#print = print;
  }

  /** Takes one line; what is not an event (a build error on older tools, say) is printed as it is. */
  line(text) {
    let event;
    try {
      event = JSON.parse(text);
    } catch {
      this.#print(text + "\n");
      return;
    }
    this.#take(event);
  }

  #take({ Action: action, Package: pkg, Test: test, Output: output = "" }) {
    const key = `${pkg}\t${test ?? ""}`;
    if (action === "build-output") this.#print(output);
    else if (action === "output") this.#keep(key, test, output);
    else if (test) this.#endTest(action, pkg, key);
    else if (action === "fail") this.#endPackage(pkg, key);
  }

  #keep(key, test, output) {
    if (!test && closing.test(output)) {
      this.packages.push(output.trimEnd());
      this.#print(output);
      return;
    }
    this.#output.set(key, (this.#output.get(key) ?? "") + output);
  }

  #endTest(action, pkg, key) {
    if (action === "pass") this.passed++;
    else if (action === "skip") this.skipped++;
    else if (action === "fail") {
      this.failed++;
      this.#failedIn.set(pkg, (this.#failedIn.get(pkg) ?? 0) + 1);
      this.#print(this.#output.get(key) ?? "");
    } else return;
    this.#output.delete(key);
  }

  // A package that fails without a failing test (it did not build, it panicked, it ran out of time) counts as one.
  #endPackage(pkg, key) {
    if (this.#failedIn.has(pkg)) return;
    this.failed++;
    for (const [name, text] of this.#output) {
      if (name === key || name.startsWith(`${pkg}\t`)) this.#print(text);
    }
  }
}

async function main(folder) {
  const tally = new Tally((text) => process.stdout.write(text));
  for await (const line of createInterface({ input: process.stdin })) tally.line(line);
  const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  console.log(`go test: ${counts}`);
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "packages"), tally.packages.map((line) => line + "\n").join(""));
  writeFileSync(join(folder, "counts"), `${tally.passed} ${tally.failed} ${tally.skipped}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv[2]);
