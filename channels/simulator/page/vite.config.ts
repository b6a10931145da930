import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2020', outDir: 'dist', emptyOutDir: true, modulePreload: false, rolldownOptions: { input: ['index.html', 'mail.html', 'slack.html'] } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
})
