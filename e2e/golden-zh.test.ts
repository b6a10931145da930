import { goldenStory } from './stories/golden'

goldenStory('zh')
