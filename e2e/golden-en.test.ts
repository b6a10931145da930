import { goldenStory } from './stories/golden'

goldenStory('en')
