// The record of a case at the desk, against the office itself: a refused hand-back says so, and a line names the unit only
// where it is another, and who it went up to.
import { DESK_SCREEN, handInAt, layPlaces, placeOf } from './consoleOffice'
import { expect, story } from './daysOffice'
import { Caller, type Handed, addStaff } from './portalOffice'

let drain: Handed
const as = (name: string): Promise<Caller> => new Caller(day.office).signIn(name)

const { test, day } = story(async ({ office }) => {
	layPlaces(office)
	addStaff(office, 'day', 'duty_officer:DESK')
	addStaff(office, 'wat', 'unit_handler:WAT')
	await day.at('08:00')
	const desk = await as('day')
	const unit = await as('wat')
	drain = await handInAt(office, '五坊下水道堵塞', await placeOf(office, '五坊十二栋'))
	await desk.do(drain.id, 'open', { category: '0204' })
	await desk.do(drain.id, 'dispatch')
	await unit.do(drain.id, 'receive')
	await unit.do(drain.id, 'hand_back', {
		hand_back_reason: 'not_ours',
		hand_back_ground: '小区内管',
		proposed_unit: 'PMC',
	})
	await desk.do(drain.id, 'rule', { review_ground: '市政管段，仍由您单位办理' })
})

test.use(DESK_SCREEN)

test('a refused hand-back reads as refused; no line claims a unit that was there before', async ({ office }) => {
	const page = await day.screens.desk('day', { map: false })
	await page.goto(`${office.console}#/case/${drain.id}`)
	await expect(page.locator('.record .hand-back .decision')).toHaveText('未采纳')
	const lines = page.locator('.record li')
	await expect(lines.filter({ hasText: '→' })).toHaveCount(1)
	await expect(lines.filter({ hasText: '→' })).toContainText('派遣 → 供排水')

	// Two days later nobody has done it: each line that went up says to which role, and no unit.
	await day.at('08:00', -2)
	await page.reload()
	const raised = lines.filter({ hasText: '超时提级' })
	await expect(raised.first()).toContainText('→ 值班长')
	for (const line of await raised.allTextContents()) {
		expect(line).toMatch(/超时提级 → (主办单位负责人|值班长|街道|督查)/)
		expect(line).not.toContain('供排水')
	}
})
