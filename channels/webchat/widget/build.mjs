// Builds the widget: the app under names that carry their content's hash, what greets before it, then the loader that
// knows those names. Fails when a part grows past its budget.
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/** In bytes of gzip. First open: the loader, the app with everything that it imports at once, and the words of one language. */
const budget = { loader: 3 * 1024, firstOpen: 35 * 1024, later: 10 * 1024 }
/** Every browser of the last four years. */
const target = ['chrome107', 'edge107', 'firefox107', 'safari16']
const shared = { configFile: false, logLevel: 'warn', base: './', oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } } }

/**
 * Builds one entry and returns its chunks. It is built as a library, because a page's build wraps every import() into a
 * helper that preloads style sheets, of which there are none.
 */
async function bundle(name, entry, { format = 'es', empty = false, output, define = {} }) {
  const built = await build({
    ...shared,
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    ...(empty ? {} : { publicDir: false }),
    build: {
      target,
      outDir: 'dist',
      emptyOutDir: empty,
      lib: { entry: { [name]: entry }, formats: [format], name: 'huiyinWidget' },
      rolldownOptions: { preserveEntrySignatures: 'allow-extension', output: { minify: true, ...output } },
    },
  })
  return [built].flat().flatMap((b) => b.output)
}

const hashed = { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js' }
const app = await bundle('app', 'src/app.tsx', { empty: true, output: hashed })
const greet = await bundle('greet', 'src/greet.ts', { output: hashed })
const nameOf = (chunks) => `chat/${chunks.find((c) => c.isEntry).fileName}`
const languages = ['zh', 'tw', 'en']
const words = app.filter((chunk) => languages.includes(chunk.name))
const names = {
  __APP__: JSON.stringify(nameOf(app)),
  __GREET__: JSON.stringify(nameOf(greet)),
  __WORDS__: JSON.stringify(Object.fromEntries(words.map((chunk) => [chunk.name, `chat/${chunk.fileName}`]))),
}
const loader = await bundle('widget', 'src/loader/loader.ts', { format: 'iife', output: { entryFileNames: 'widget.js' }, define: names })

const size = (chunk) => gzipSync(chunk.code, { level: 9 }).length
const byName = new Map(app.map((chunk) => [chunk.fileName, chunk]))

/** The chunk and everything that it imports at once. */
function atOnce(chunk, found = new Set()) {
  if (!chunk || found.has(chunk)) return found
  found.add(chunk)
  for (const name of chunk.imports) atOnce(byName.get(name), found)
  return found
}

const first = atOnce(app.find((chunk) => chunk.isEntry))
const sizes = {
  loader: loader.reduce((sum, chunk) => sum + size(chunk), 0),
  later: [...app.filter((chunk) => !first.has(chunk) && !words.includes(chunk)), ...greet].map((chunk) => ({ name: chunk.name, bytes: size(chunk) })),
}
sizes.firstOpen = sizes.loader + [...first].reduce((sum, chunk) => sum + size(chunk), 0) + Math.max(...words.map(size))
const later = sizes.later.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')
process.stdout.write(`gzip bytes: loader ${sizes.loader}, first open ${sizes.firstOpen}; when asked for: ${later}\n`)

const over = [
  sizes.loader > budget.loader && `loader ${sizes.loader} > ${budget.loader}`,
  sizes.firstOpen > budget.firstOpen && `first open ${sizes.firstOpen} > ${budget.firstOpen}`,
  ...sizes.later.map(({ name, bytes }) => bytes > budget.later && `${name} ${bytes} > ${budget.later}`),
].filter(Boolean)
if (over.length > 0) {
  process.stderr.write(`over budget (gzip bytes): ${over.join(', ')}\n`)
  process.exit(1)
}
