import { startFace } from '../shared/face'
import './ui/vant'
import PortalPage from './PortalPage.vue'
import en from './i18n/en'
import zh from './i18n/zh-CN'

startFace(PortalPage, { 'zh-CN': zh, en })
