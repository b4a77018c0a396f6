// Vant in our colours and in the language of the page; the first thing that the portal loads, before any part of Vant. Parts
// are imported one by one, each with its own styles, by the components of this folder. Its font of icons is left out: it is
// a data: address, which the server's policy refuses; ours stand in its slots.
import { Locale } from 'vant/es/locale'
import english from 'vant/es/locale/lang/en-US'
import chinese from 'vant/es/locale/lang/zh-CN'
import 'vant/es/style/base.css'
import { onLocale } from '../../shared/i18n'
import './vant.css'

onLocale((locale) => (locale === 'en' ? Locale.use('en-US', english) : Locale.use('zh-CN', chinese)))
