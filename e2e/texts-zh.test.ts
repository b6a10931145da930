import { textStory } from './stories/texts'

textStory('zh')
