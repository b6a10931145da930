import { defineConfig } from 'vitest/config'

// Two stories at a time: each has a server and a browser of its own.
export default defineConfig({
  test: {
    include: ['*.test.ts'],
    globalSetup: ['harness/shots.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    reporters: ['default'],
  },
})
