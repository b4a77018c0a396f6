import { startFace } from '../shared/face'
import RecordPage from './RecordPage.vue'
import en from './i18n/en'
import zh from './i18n/zh-CN'

startFace(RecordPage, { 'zh-CN': zh, en })
