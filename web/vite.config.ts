// One Vite project with three entries for the pages that the server carries. Nothing is inlined (the server's content
// security policy allows only files of its own), names carry a hash, and unused parts of the libraries are left out.
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

process.env.TZ = 'Asia/Shanghai' // tests name local times, of one zone
const page = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
	plugins: [vue()],
	define: {
		__VUE_OPTIONS_API__: 'false',
		__VUE_PROD_DEVTOOLS__: 'false',
		__VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
		__VUE_I18N_FULL_INSTALL__: 'false',
		__VUE_I18N_LEGACY_API__: 'false',
		__INTLIFY_PROD_DEVTOOLS__: 'false',
	},
	build: {
		target: 'es2020',
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		chunkSizeWarningLimit: 1200,
		rollupOptions: {
			input: {
				portal: page('index.html'),
				console: page('console/index.html'),
				record: page('record/index.html'),
			},
			output: {
				manualChunks: (id) =>
					/node_modules\/(?:@vue|vue|vue-i18n|@intlify)\//.test(id) ? 'vue' : undefined,
			},
		},
	},
	test: {
		include: ['test/**/*.test.ts'],
		environment: 'node',
		testTimeout: 30_000,
		server: { deps: { inline: ['vant'] } }, // its parts are named by folder, which Node alone does not resolve
	},
})
