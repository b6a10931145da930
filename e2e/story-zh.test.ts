import { wholeStory } from './stories/story'

wholeStory('zh')
