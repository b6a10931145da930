import { everyPage } from './stories/pages'

everyPage('zh')
