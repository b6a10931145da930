// Builds the widget: the app under a name that carries its content's hash, then the loader that
// knows that name. Fails when either grows past its budget.
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const budget = { loader: 3 * 1024, firstOpen: 35 * 1024 }
const shared = { configFile: false, logLevel: 'warn', oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } } }

await build({
  ...shared,
  build: {
    target: 'es2020',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/app.tsx',
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'assets/app-[hash].js' },
    },
  },
})

const app = readdirSync('dist/assets').find((name) => /^app-.*\.js$/.test(name))
if (!app) throw new Error('the app was not built')

await build({
  ...shared,
  publicDir: false,
  define: { __APP__: JSON.stringify(`chat/assets/${app}`) },
  build: {
    target: 'es2020',
    outDir: 'dist',
    emptyOutDir: false,
    rolldownOptions: {
      input: 'src/loader/loader.ts',
      output: { format: 'iife', entryFileNames: 'widget.js' },
    },
  },
})

const size = (name) => gzipSync(readFileSync(`dist/${name}`), { level: 9 }).length
const loader = size('widget.js')
const total = loader + size(`assets/${app}`)
process.stdout.write(`loader ${loader} B, first open ${total} B (gzip)\n`)
if (loader > budget.loader || total > budget.firstOpen) {
  process.stderr.write(`over budget: loader ${budget.loader} B, first open ${budget.firstOpen} B\n`)
  process.exit(1)
}
