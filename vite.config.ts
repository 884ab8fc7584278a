import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env['PANTAU_PORT'] ?? '8080'}`;

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    // The content security policy allows nothing inline: every asset is a file of its own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    // zod is told not to compile at run time before the first schema is made: in one chunk, it is told before any other runs.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|web\/app\/zod\.ts/ }] } },
    },
  },
  // `npx vite` beside a running server: the pages change as they are edited, the data are the server's.
  server: { proxy: { '/api': server, '/live': { target: server, ws: true } } },
});
