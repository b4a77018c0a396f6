// A photo for a report: made smaller on the phone, so that it can be kept there until it is sent. What the camera wrote
// beside the picture (where, when, which phone) stays behind.

const SIDE_MAX = 1600
const QUALITY = 0.8

/** `data:image/jpeg;base64,…`. Throws where the file is no picture. */
export async function shrinkPhoto(file: Blob): Promise<string> {
	const picture = await createImageBitmap(file)
	const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height))
	const canvas = document.createElement('canvas')
	canvas.width = Math.max(1, Math.round(picture.width * scale))
	canvas.height = Math.max(1, Math.round(picture.height * scale))
	canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
	picture.close()
	return canvas.toDataURL('image/jpeg', QUALITY)
}

/** The bytes of a data URL, without asking anybody for them. */
export function photoBytes(url: string): Blob {
	const text = atob(url.slice(url.indexOf(',') + 1))
	return new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], { type: 'image/jpeg' })
}

/** A picture that the server opened, for an `<img>`: the policy of the pages allows data and no blobs. */
export function dataUrl(blob: Blob): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader()
		reader.onload = () => resolve(String(reader.result))
		reader.onerror = () => reject(reader.error ?? new Error('not read'))
		reader.readAsDataURL(blob)
	})
}
