import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest, so that none of them begins when the others are done. */
const long = ['pages', 'mail-hostile', 'widget-network', 'widget-site', 'widget-states']

/** Begins with the long stories; the rest come by name. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => basename(moduleId).startsWith(name))
      return at < 0 ? long.length : at
    }
    return Promise.resolve([...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId)))
  }
}

// Three stories at a time: each has a server and a browser of its own, and waits for them now and then.
export default defineConfig({
  test: {
    include: ['*.test.ts'],
    globalSetup: ['harness/shots.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000,
    hookTimeout: 150_000,
    reporters: ['default'],
  },
})
