import { everyPage } from './stories/pages'

everyPage('en')
