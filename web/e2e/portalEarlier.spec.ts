// Who reports the same again reads the last answer first, by the receipts of their own phone, and another phone does not.
import { readFile } from 'node:fs/promises'
import { violations } from './axe'
import { expect, test } from './office'
import { AT, PHOTO, handIn, layLanes, staff, tooSmall } from './portalOffice'

const TEXT = '三坊巷子的路灯不亮'

test('the last answer to one’s own earlier report stands before what is near', async ({ page, office, browser }) => {
	test.slow()
	await layLanes(office)
	const desk = await staff(office, 'desk', 'duty_officer:DESK')
	const firm = await staff(office, 'firm', 'unit_handler:PMC')
	const lamp = await handIn(office, TEXT)
	await desk.do(lamp.id, 'open', { category: '0102' })
	await desk.do(lamp.id, 'dispatch', { lead_unit: 'PMC' })
	await firm.do(lamp.id, 'receive')
	await firm.do(lamp.id, 'contact', { contact_outcome: 'reached' })
	const photo = await firm.attach(lamp.id, 'photo_after', await readFile(PHOTO))
	await firm.do(lamp.id, 'feedback', { answer: '灯头已换，今晚试亮', photo_after: photo })

	const matter = { id: lamp.id, number: lamp.number, auth: lamp.secret, role: 'reporter', at: Date.now() }
	const draft = { text: TEXT, category: '0102', categoryChosen: true, at: AT }
	const write = ([matters, report]: readonly [string, string]) => {
		localStorage.setItem('liren.matters', matters)
		localStorage.setItem('liren.report', report)
	}
	await page.addInitScript(write, [JSON.stringify([matter]), JSON.stringify(draft)] as const)
	await page.goto(`${office.url}/#/report/where`)
	const earlier = page.locator('[data-earlier]')
	await expect(earlier).toContainText(lamp.number)
	await expect(earlier).toContainText('上次的答复')
	await expect(earlier).toContainText('灯头已换，今晚试亮')
	await expect(page.locator('.duplicate')).toHaveCount(0)
	expect(await violations(page)).toEqual([])
	expect(await tooSmall(page)).toEqual([])
	await earlier.getByRole('link', { name: '看这一件，可以在那里说没有解决' }).click()
	await expect(page.locator('[data-record]')).toContainText('灯头已换，今晚试亮')

	const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
	const neighbour = await other.newPage()
	await neighbour.addInitScript(write, ['[]', JSON.stringify(draft)] as const)
	await neighbour.goto(`${office.url}/#/report/where`)
	await expect(neighbour.locator('.duplicate')).toHaveCount(1)
	await expect(neighbour.locator('[data-earlier]')).toHaveCount(0)
	await other.close()
})
