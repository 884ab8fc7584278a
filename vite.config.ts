import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const server = `http://127.0.0.1:${process.env['PANTAU_PORT'] ?? '8080'}`;

/** The letters of both languages are fetched with the page, not when its first text is drawn: texts are fitted to their boxes once. */
function preloadLetters(): Plugin {
  return {
    name: 'preload-letters',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /inter-latin-wght-normal-.*\.woff2$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true },
            injectTo: 'head',
          })),
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  plugins: [
    react(),
    preloadLetters(),
    VitePWA({
      // The worker is ours (web/worker); the plugin lists the built files in it and writes the manifest.
      strategies: 'injectManifest',
      srcDir: 'worker',
      filename: 'worker.js',
      injectRegister: null,
      injectManifest: {
        injectionPoint: 'self.builtFiles',
        globPatterns: ['index.html', 'assets/*.{js,css,woff2}'],
      },
      manifest: {
        name: 'Pantau DC',
        short_name: 'Pantau DC',
        description: 'Pemantauan tiga pusat data',
        lang: 'id',
        // The engineer on call opens it at night: what is wrong comes first.
        start_url: '/gangguan',
        scope: '/',
        display: 'standalone',
        background_color: '#1b1e22',
        theme_color: '#1b1e22',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
  ],
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    // The content security policy allows nothing inline: every asset is a file of its own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // zod is told not to compile at run time before the first schema is made: in one chunk, it is told before any other runs.
            { name: 'zod', test: /node_modules\/zod\/|web\/app\/zod\.ts/, priority: 2 },
            // What the wall needs, in two files instead of fifty: a browser asks for six at a time. The libraries' changes seldom.
            { name: 'libraries', test: /node_modules\//, tags: ['$initial'], priority: 1 },
            { name: 'wall', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  // `npx vite` beside a running server: the pages change as they are edited, the data are the server's.
  server: { proxy: { '/api': server, '/live': { target: server, ws: true } } },
});
