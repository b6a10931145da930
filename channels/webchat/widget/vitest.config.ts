import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'happy-dom', include: ['{src,package}/**/*.test.{ts,tsx}'], testTimeout: 3000 },
})
