import { textStory } from './stories/texts'

textStory('en')
