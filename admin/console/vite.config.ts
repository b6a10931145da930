/// <reference types="vitest/config" />
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { icon } from './icons'

/** Writes a .gz beside each text file, which the Go handler prefers when the browser takes it. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!/\.(js|css|svg)$/.test(name)) continue
          const source = file.type === 'chunk' ? file.code : file.source
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) })
        }
      },
    },
  }
}

/** What makes the console an app that can be installed: manifest, icons, and the worker that keeps the shell. */
function app(): Plugin {
  return {
    name: 'app',
    apply: 'build',
    generateBundle(_options, bundle) {
      const add = (fileName: string, source: string | Uint8Array) => this.emitFile({ type: 'asset', fileName, source })
      for (const size of [192, 512]) add(`icon-${size}.png`, icon(size))
      add('icon-maskable.png', icon(512, true))
      add('icon-apple.png', icon(180, true))
      add('manifest.json', JSON.stringify({
        name: '回音 Huiyin', short_name: '回音', id: '/console/', start_url: '/console/', scope: '/console/', display: 'standalone', background_color: '#ffffff', theme_color: '#3b5bdb',
        icons: [
          ...[192, 512].map((size) => ({ src: `icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png', purpose: 'any' })),
          { src: 'icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      }))
      const files = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name)).sort()
      const first = files.filter((name) => { const file = bundle[name]; return file?.type === 'chunk' ? file.isEntry : name.includes('index') })
      const build = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      const shell = JSON.stringify(['/console/', ...first.map((name) => `/console/${name}`)])
      add('worker.js', readFileSync(new URL('worker.js', import.meta.url), 'utf8').replace('BUILD\'', `${build}'`).replace("['SHELL']", shell))
    },
  }
}

export default defineConfig({
  base: '/console/',
  plugins: [vue(), app(), precompress()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: process.env.HUIYIN_URL ?? 'http://127.0.0.1:8080', ws: true },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})
