// The page in Debian's Chromium, against the real program. Each test starts its own server with a new folder on a port
// that the system chooses; LIREN names another program than ../build/liren, CHROMIUM another browser.
import { defineConfig } from '@playwright/test'

export default defineConfig({
	testDir: 'e2e',
	outputDir: 'test-results',
	timeout: 60_000,
	expect: { timeout: 10_000 },
	fullyParallel: false,
	workers: 1,
	retries: 0,
	reporter: 'list',
	use: {
		browserName: 'chromium',
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 390, height: 844 },
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
		},
	},
})
