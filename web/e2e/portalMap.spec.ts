// The where screen with a map: drawn by Chromium's own software GL, as on a phone with a GPU.
import { expect, test } from './office'
import { AT, handIn, layLanes, tooSmall } from './portalOffice'
import { violations } from './axe'

test.use({
	launchOptions: {
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
	},
	geolocation: { latitude: AT.lat / 1e7, longitude: AT.lon / 1e7 },
	permissions: ['geolocation'],
})

test('where one is, is asked only by a tap; the three nearest names are offered, none chosen', async ({ page, office }, info) => {
	await layLanes(office)
	await handIn(office, '三坊路灯不亮')
	await page.goto(`${office.url}/#/report`)
	await page.getByRole('textbox', { name: '什么事？' }).fill('三坊路灯又不亮了，另一盏')
	const near: string[] = []
	page.on('request', (request) => {
		if (request.url().includes('/places/near')) near.push(request.url())
	})
	await page.getByRole('button', { name: '下一步：在哪里' }).click()
	await expect(page.getByRole('button', { name: '我在这里，用现在的位置' })).toBeVisible()
	expect(near).toEqual([])
	await page.getByRole('button', { name: '我在这里，用现在的位置' }).click()
	const rows = page.locator('.choice .row')
	await expect(rows.nth(0)).toContainText(/三坊.*[0-9]+ m/)
	await expect(rows).toHaveText([/^三坊/, /^市场路/, /^二坊/, /都不是，写地址/])
	await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
	expect(near).toHaveLength(1)
	// The map comes after the places, lazily, with the pin; a tap on it moves the pin.
	await expect(page.locator('.maplibregl-canvas')).toBeVisible()
	await expect(page.locator('.pin')).toBeVisible()
	await page.getByRole('radio', { name: /^三坊/ }).check()
	await expect(page.getByRole('button', { name: '是另一件' })).toBeVisible()
	expect(await tooSmall(page)).toEqual([])
	expect(await violations(page)).toEqual([])
	await page.screenshot({ path: info.outputPath('map.png') })
	const box = (await page.locator('.frame').boundingBox())!
	await page.mouse.click(box.x + box.width / 2, box.y + 30)
	await expect.poll(() => near.length).toBe(2)
	await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
	await page.getByRole('button', { name: '换成深色' }).click()
	await page.screenshot({ path: info.outputPath('map-dark.png') })
})
