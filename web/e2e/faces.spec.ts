// The three faces under their addresses, by themselves and from one another.
import { expect, test } from './office'

test('each face has its address, with and without the last stroke', async ({ page, office }) => {
	for (const [path, title] of [
		['/', '居民服务 · 里仁'],
		['/index.html', '居民服务 · 里仁'],
		['/console/', '值守台 · 里仁'],
		['/console', '值守台 · 里仁'],
		['/record/', '存证账本 · 里仁'],
		['/record', '存证账本 · 里仁'],
	] as const) {
		const answer = await page.goto(office.url + path)
		expect(answer!.status(), path).toBe(200)
		await expect(page, path).toHaveTitle(title)
	}
	for (const path of ['/consol', '/console/x', '/assets', '/assets/', '/record/index']) {
		const answer = await page.request.get(office.url + path)
		expect(answer.status(), path).toBe(404)
	}
})

test('the residents’ page leads to the record', async ({ page, office }) => {
	await page.goto(office.url)
	await page.getByRole('link', { name: '打开账本' }).click()
	await expect(page.getByRole('heading', { name: '存证账本', level: 1 })).toBeVisible()
	await page.goBack()
	await page.getByRole('button', { name: 'EN, English' }).click()
	await expect(page.getByRole('heading', { name: 'For residents' })).toBeVisible()
	await page.getByRole('link', { name: 'Open the record' }).click()
	await expect(page.getByRole('heading', { name: 'The record' })).toBeVisible()
})
