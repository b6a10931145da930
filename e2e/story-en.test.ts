import { wholeStory } from './stories/story'

wholeStory('en')
