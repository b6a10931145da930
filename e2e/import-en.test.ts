import { importStory } from './stories/import'

importStory('en')
