// The keyboard alone: no mouse.
import { type Locator, type Page, expect } from '@playwright/test'

const TABS_MAX = 120

/** Tab until the target has the focus; that there is no way is a failure. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
	await expect(target).toBeVisible()
	for (let i = 0; i < TABS_MAX; i++) {
		await page.keyboard.press('Tab')
		if (await target.evaluate((e) => e === document.activeElement)) return
	}
	throw new Error(`no way by keyboard to ${String(target)}`)
}
