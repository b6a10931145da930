import { helpStory } from './stories/help'

helpStory('zh')
