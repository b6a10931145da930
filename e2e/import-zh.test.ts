import { importStory } from './stories/import'

importStory('zh')
